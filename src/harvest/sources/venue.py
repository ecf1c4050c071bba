"""What stands after authors and title: venue, status, years, pages, awards.

The convention of the records: `comment` is all of it as printed, `venue` the venue's name alone, without
status, pages, awards and trailing year; for a submission, the venue it went to.
"""

import re
from dataclasses import dataclass

from harvest.model import Stage

_SEASON = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?|spring|summer|fall|autumn|winter)"
)
_YEAR = r"(?:19[5-9]\d|20\d\d)"
# Venues of the field by their own short names: what makes "Title, ICML 2023" two things.
_ACRONYMS = (
    "AAAI|AAMAS|ACCV|ACL|ACM|ACML|AISTATS|ALT|BMVC|CHI|CIKM|COLING|COLM|COLT|CoLM|CoRL|CoRR|CVPRW?|ECCV|ECML|EMNLP|FOCS"
    "|ICASSP|ICCV|ICDM|ICLR|ICML|ICRA|IEEE|IJCAI|IJCNN|IJCV|INTERSPEECH|Interspeech|IROS|ITCS|JMLR|KDD|LoG|MICCAI|MLSys"
    "|MSML|NAACL|NeurIPS|Neurips|NIPS|OSDI|PNAS|SIAM|SIGIR|SIGGRAPH|SIGMOD|SIMODS|SODA|SOSP|STOC|TACL|TIP|TIT|TKDE|TMLR"
    "|TNNLS|TPAMI|UAI|VLDB|WACV|WSDM|WWW"
)
_KINDS = (
    r"conference|conf\.|symposium|workshop|meeting|congress|proc(?:eedings|\.)|journal|j\.|trans(?:actions|\.)|annals"
    r"|actes|colloque|conférence|congreso|jahrestagung|revista|revue|tagung|zeitschrift"
    r"|robotics: science and systems|communications|advances in|lecture notes|physical review|phys\. rev"
)
_PREPARED = r"(?:in|on|under)\s+(?:the\s+)?prepar\w+|in prep\b|work in progress"
_REVIEWED = (
    r"under\s+(?:[\w-]{3,12}\s+)?(?:re[vwi]\w{2,5}|submission|consideration)|in\s+(?:submission|revision|review)|(?:re-?)?submitted"
    r"|submission to|(?:major|minor) revision|(?:revise|reject) (?:and|&) resubmit|\br\s?&\s?r\b"
)
_ACCEPTED = r"(?:(?:provision|condition)ally )?accepted|to appear|in press|forthcoming"
_APPEARED = r"(?:published|appeared|presented) (?:in|at|by)"
_THESIS = (
    r"(?:ph\.? ?d\.?|m\.? ?(?:sc|s|phil|eng)\.?|b\.? ?(?:sc|s|eng)\.?|master'?s?|bachelor'?s?|doctoral)"
    r"(?: [a-z]{2,7}\.)? (?:thesis|dissertation)"
)
_UNREFEREED = r"e?-?preprints?|tech(?:nical|\.) report|manuscript|working paper|job market paper"
_OPENS = re.compile(
    r"[\s(\[]*(?:in:?\s.{2,100}?\s\((?:eds?|hrsg)\.?\)|(?:in[: ]\s*)?(?:the )?(?:"
    rf"(?:{_YEAR}, )?(?:"
    rf"(?:{_YEAR} )?(?:(?:\w{{1,12}}[- ])?(?:first|second|third|\w{{1,12}}th|\d+(?:st|nd|rd)) )?"
    r"(?:(?:annual|international|joint|european|asian|north american|ieee(?:/\w+)?|acm(?:-siam)?) ){0,4}"
    rf"(?:{_KINDS})|(?-i:{_ACRONYMS})(?![a-z-])|ar\s?xiv|bio\s?rxiv|{_UNREFEREED}|{_PREPARED}|{_REVIEWED}|{_ACCEPTED}|{_APPEARED}"
    rf"|{_THESIS}|(?:department|dept\.|faculty|school) of |\d+ pages)))",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\s*[(\[]([^()\[\]]{3,100})[)\]]")
_IN = re.compile(r"In:? (?:the )?[A-Z\d]")
_DATE = re.compile(rf"\s*(?:{_SEASON})?\s*\(?{_YEAR}\)?\s*[.,;]?\s*$", re.IGNORECASE)
# A journal by its shape: capital words and abbreviations up to a year, "Sci. China Math., 2020".
_WORD = r"(?:[A-Z][\w&’'-]{0,20}|[A-Z][\w&’'-]{0,6}\.)"
_JOURNAL = re.compile(
    rf"(?:(?:{_WORD}|of|and|on|in|for|the|de|&|[A-Z][a-z]{{0,9}}\.[,:])\s+){{0,9}}{_WORD}[,.:]?\s*"
    rf"(?:(?:\([\w. ]{{1,20}}\)[,.]?\s*)?[\d\s,():;–-]{{0,30}}[,.]?\s*\(?{_YEAR}"
    r"|,?\s*vol(?:ume|\.)\s*\d|\d{1,4}(?:\s?\(\d{1,4}\)|,\s?[A-Z]?\d{2,7}\b)"
    rf"|,?\s*\(?(?i:{_REVIEWED}|{_ACCEPTED})\b)"
)

# Any name that ends in what venues are: "The Thirty-Third AAAI Conference", "Wireless Communications Letters".
_NAMED = re.compile(
    r"(?:in[: ]\s*)?(?:(?:[A-Z\d][\w&/’'-]{0,24}:?|[Tt]he|[Oo]f|[Oo]n|and|for|in|&)\s+){0,9}"
    r"(?:[Cc]onference|[Ss]ymposium|[Ww]orkshops?|[Cc]ongress|[Cc]olloquium|[Pp]roceedings|[Ss]ummit|Meeting|Journal|Letters|Magazine"
    r"|Transactions|Review|Annals|Bulletin|Quarterly|Notices)\b(?! (?:of|for) (?:the )?[a-z])"
)

_SERVERS = re.compile(
    r"(?:\bavailable (?:on|at|from) )?\b(?:ssrn|(?:bio|chem|eng|med|psy|socar|tech)r?\s?xiv|optimization online"
    r"|research square|osf preprints|eprint archive|hal-\d{6,9}(?:v\d+)?)\b",
    re.IGNORECASE,
)

# What the text supports is tried in this order.
_STATUS = (
    (Stage.WITHDRAWN, re.compile(r"\bwithdrawn\b|\bretracted\b", re.IGNORECASE)),
    (Stage.IN_PREPARATION, re.compile(rf"\b(?:{_PREPARED})", re.IGNORECASE)),
    (Stage.SUBMITTED, re.compile(rf"\b(?:{_REVIEWED})\b|在审|投稿", re.IGNORECASE)),
    (Stage.ACCEPTED, re.compile(rf"\b(?:{_ACCEPTED})\b|录用|接收", re.IGNORECASE)),
    (Stage.PREPRINT, re.compile(rf"ar\s?xiv|{_SERVERS.pattern}|\bcorr\b|\b(?:{_UNREFEREED})\b", re.IGNORECASE)),
)
_SUBMITTED_TO = re.compile(r"\b(?:submitted|submission)\s+to\b", re.IGNORECASE)
_WORKSHOP = re.compile(r"workshop|研讨会", re.IGNORECASE)
_ARXIV = re.compile(
    r"\b(?:corr|ar\s?xiv(?:\.org)?)(?:\s*(?:e-?|pre-?)prints?|\s*version)?\s*[:,]?\s*(?:ar\s?xiv\s*[:.]?\s*)?"
    r"(?:(?:abs/)?(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+/\d{7}))?(?:\s*\[[\w.-]{1,20}\])?",
    re.IGNORECASE,
)
AWARDS = r"spotlight|oral|poster|best|outstanding|notable|highlight|award|honou?rable|top|long|short"
_NOISE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"https?://\S{1,300}|\bdoi:?\s*10\.\S{1,200}",
        # arXiv's categories, what the marks at names mean
        r"[\[(]?\b(?:astro-ph|cond-mat|cs|econ|eess|math|nlin|physics|q-bio|q-fin|stat)\.[A-Z][A-Za-z-]{1,10}\b[\])]?",
        r"\(?[*†‡§¶#∗]{1,2}\s*[:=]?\s*(?:(?:indicate|denote|mean)s?\s+)?(?:equal|co-?\w{4,12}|joint|correspond)\w*"
        r"(?:[ -][a-z]+){0,2}\)?",
        rf"[\[(]\s*(?:{AWARDS})\b[^()\[\]]{{0,60}}(?:\([^()]{{0,40}}\))?[^()\[\]]{{0,20}}[\])]",
        r"[\[(][^()\[\]]{0,80}\bawards?[\])]",
        r"(?:^|(?<=[.;,)]))\W*(?:best|outstanding) (?:[a-z]+ ){0,2}paper"
        r"(?: (?:award|prize|finalist|candidate|nominee))?\W*$",
        r"[(（](?:CCF\b|中科院|JCR\b|SCI\b|影响因子|Q[1-4]\b)[^()（）]{0,30}[)）]",
        r",?\s*\b(?:spotlight|oral|poster)\b(?:\s+(?:presentation|paper))?(?:,?\s*\(?(?:top|前)\s*[\d.]+\s*%\)?)?",
        r"[(,]?\s*\bacceptance rate\s*[:=]?\s*[\d.]+\s*%(?:\s*\([\d,]+ (?:of|out of|/) [\d,]+\))?\)?",
        rf"\b{_APPEARED}\b",
        rf"\b(?:{_PREPARED}|(?:{_REVIEWED})(?:\s+(?:to|at|by|in|for)\b)?|(?:{_ACCEPTED})(?:\s+(?:at|by|to|in)\b)?|{_UNREFEREED})(?!\w)",
        r"\(?\b(?:articles? in advance|early access|first ?view|(?:advance )?online first|(?:epub )?ahead of print"
        rf"|published online(?:\s+(?:\d{{1,2}}\s+)?{_SEASON})?)\b\)?",
        r"\(?\b\d+ pages\b\)?|\bpp?\.?\s*\d+(?:\s*[-–—]+\s*\d+)?|\bpages?\s+\d+(?:\s*[-–—]+\s*\d+)?",
        r"(?<![\w.-])[A-Z]?\d+\s*[-–—]+\s*[A-Z]?\d+(?!\w)|\b(?:vol(?:ume|\.)?|no\.|issue)\s*\d+|\b\d+\s*(?:\(\d+(?:-\d+)?\))?\s*:\s*\d+(?:\s*[-–]\s*\d+)?|\b\d+\s*\(\d+(?:-\d+)?\)",
        rf"\b{_SEASON}\s+(?:\d{{1,2}},?\s+)?{_YEAR}\w?|\(\s*{_YEAR}\s*\)",
        rf"(?:^|(?<=[.,;)])|(?<=[.,;)]\s))\s*{_YEAR}[a-z]?(?=\s*(?:[.,;]|$))|^\s*{_YEAR}(?=\s*\()",
    )
)
# What is said of another version of it: "CoRL 2023 (a previous version was accepted by a workshop)".
_VERSION = r"(?:previous|earlier|preliminary|short|shorter|extended|full|longer|conference|journal|workshop) version\b"
OTHER_VERSION = re.compile(rf"(?:an? )?{_VERSION}", re.IGNORECASE)
_ASIDE = re.compile(rf"\([^()]{{0,120}}\b{_VERSION}[^()]{{0,120}}\)", re.IGNORECASE)
_EMPTY = re.compile(r"[(\[][\s.,;:]*[)\]]")
_LOOSE = re.compile(r"\s+(?=[.,;)])|(?<=[(])[\s.,;]+")
_DOUBLED = re.compile(r"([.,;:])[\s.,;:]*(?=[.,;:])")


@dataclass(frozen=True, slots=True)
class Said:
    """What a tail says."""

    stage: Stage | None
    venue: str | None
    venue_year: int | None
    year: int | None


def opens_venue(text: str) -> bool:
    """Whether a text begins with the words of a venue or a status: the stronger evidence."""
    return bool(_OPENS.match(text) or _NAMED.match(text))


def looks_like_venue(text: str) -> bool:
    """Whether a text begins as a venue or a status does, has a journal's shape, or is a date."""
    inside = _INSIDE.match(text)
    shaped = _JOURNAL.match(text) or (inside and _JOURNAL.match(inside[1]))  # "(LREC 2020, Workshop)"
    return opens_venue(text) or bool(shaped or _DATE.match(text) or _IN.match(text))


def tells_venue(text: str) -> bool:
    """Whether a text begins with a venue or a status, and not with a bare date."""
    return looks_like_venue(text) and bool(re.search(r"[^\W\d_]", text))


def read_tail(tail: str) -> Said:
    """Stage, venue and years of what stands after authors and title."""
    own = _ASIDE.sub(" ", tail)
    tail = own if re.search(r"[^\W\d_]", own) else tail
    bare = _SERVERS.sub(" ", _ARXIV.sub(" ", _NOISE[0].sub(" ", tail)))
    venue = _venue(bare)
    venue_year, year = _years(bare)
    return Said(_stage(tail, venue), venue, venue_year if venue else None, year or venue_year)


def _venue(text: str) -> str | None:
    for noise in _NOISE:
        text = noise.sub(" ", text)
    for _ in range(2):
        text = _DOUBLED.sub("", _LOOSE.sub("", _EMPTY.sub(" ", " ".join(text.split()))))
    text = re.sub(r"^in:?\s+", "", text.strip(" .,;:-–|/"), flags=re.IGNORECASE)
    if text.count("(") != text.count(")") or re.fullmatch(r"\([^()]+\)", text):
        text = text.strip("() ")
    text = re.sub(r"(?<=[a-z.])\s+\d{1,3}[\s.,]*$", "", text)  # a volume
    return text if re.search(r"[^\W\d_]{2}", text) else None


def _stage(tail: str, venue: str | None) -> Stage | None:
    """The furthest stage the words support: what a paper was submitted to supports nothing."""
    stage = next((stage for stage, words in _STATUS if words.search(tail)), None)
    if stage in (Stage.WITHDRAWN, Stage.IN_PREPARATION, Stage.ACCEPTED) or _SUBMITTED_TO.search(tail) or not venue:
        return stage
    if _WORKSHOP.search(venue):
        return Stage.WORKSHOP
    return Stage.SUBMITTED if stage is Stage.SUBMITTED else Stage.PUBLISHED


def _years(text: str) -> tuple[int | None, int | None]:
    """The venue's own year ("ICML 2024", "2024 Conference on …") and the last year that stands by itself."""
    own, alone = None, None
    for found in re.finditer(rf"(?<![\w–-])({_YEAR})(?![\w–-])|(?<=[A-Za-z])({_YEAR})(?!\w)|[’'](\d\d)(?!\w)", text):
        year = int(found[1] or found[2] or f"20{found[3]}")
        before, after = text[max(0, found.start() - 24) : found.start()].rstrip(), text[found.end() :].lstrip()
        dated = re.search(rf"\b{_SEASON}$", before, re.IGNORECASE)
        if not dated and (re.search(r"[A-Za-z]$", before) or (re.match(r"[A-Z]", after) and not own)):
            own = own or year
        elif not found[3]:
            alone = year
    return own, alone
