"""What all of arXiv's interfaces say about a paper, made one record: Atom, OAI-PMH, abstract pages and files.

One version is one record, stage PREPRINT (or WITHDRAWN), dated by the version it is about. What the authors say of
its publication — `journal_ref`, or a comment such as "Accepted at ICML 2024" — is a claim: it stands in `venue` and
`venue_year` beside that stage, and the comment stays as written, so that `acceptance` can read it again.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from email.utils import parsedate_to_datetime

from harvest.identifiers import parse_doi
from harvest.model import Record, Remark, Stage
from harvest.sources.claims import acceptance, is_withdrawn, journal
from harvest.sources.text import fold, plain

MORE_AUTHORS = re.compile(
    r"\(?\s*(?:and )?\d[\d,]* (?:additional|more|other) authors?(?: not shown)?\s*\)?"
    r"|(?<![^\s,(])(?:and )?(?:et\.? ?al\.?|others)",
    re.IGNORECASE,
)
_LETTERS = {"o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
            "aa": "å", "AA": "Å", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ"}  # fmt: skip
_LETTER = re.compile(r"\{?\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|dj|DJ|[oOlLij])(?![A-Za-z])\s*(?:\{\})?\}?")
_NEXT_DOI = re.compile(r"[\s,;]{1,9}(?=\S{0,30}?10\.\d{4})")  # some DOIs have a semicolon of their own
_INNERMOST = re.compile(r"\(([^()]{0,2000})\)")
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|&)\s+|,|;|\s(?:and|&)\s)\s*")
_LED = re.compile(r"^([^,;]{3,80}(?:collaborations?|consortium|team|group))\s*:\s*", re.IGNORECASE)
_FOR = re.compile(r"\s*[,(]?\s*\b(?:for|on behalf of)\s+(the\s[^,;:()]{2,80}collaborations?)\)?", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


def paper(
    *,
    id: str,
    version: int | None,
    title: str,
    authors: Sequence[str],
    comment: str = "",
    abstract: str = "",
    reference: str = "",
    doi: str = "",
    categories: Sequence[str] = (),
    day: date | None = None,
    first: date | None = None,
    withdrawn: bool = False,
) -> tuple[Record, list[Remark]]:
    """One record from a paper's fields as said, and what no field of ours holds. `doi` may hold several."""
    claim = journal(reference) or ((accepted := acceptance(comment)) and accepted[1:]) or (None, None)
    dois = [found for word in _NEXT_DOI.split(doi) if (found := parse_doi(word))]
    key = f"{id}v{version}" if version else id
    remarks = [Remark(kind="further_doi", explanation=f"{key} has another DOI: {other}") for other in dois[1:]]
    if reference and not journal(reference):
        remarks.append(Remark(kind="journal_ref", explanation=f"{key}: {reference}"))
    names = [name for name in authors if not MORE_AUTHORS.fullmatch(name)]
    began = first or day
    record = Record(
        source="arxiv", key=key, title=title, authors=tuple(names), truncated=len(names) < len(authors),
        arxiv_id=id, arxiv_version=version,
        stage=Stage.WITHDRAWN if withdrawn or is_withdrawn(comment, abstract) else Stage.PREPRINT,
        venue=claim[0], venue_year=claim[1], year=began.year if began else None, published_on=day, first_on=first,
        doi=dois[0] if dois else None, comment=comment or None, abstract=abstract or None,
        categories=tuple(dict.fromkeys(filter(None, categories))), url=f"https://arxiv.org/abs/{key}",
    )  # fmt: skip
    return record, remarks


def is_name(text: str) -> bool:
    """Whether a piece of a list is somebody: arXiv splits lists at ":" and "and" too."""
    return text.casefold() != "and" and any(letter.isalnum() for letter in text)


def person_name(text: str) -> str:
    r"""A name without TeX: "Marco T. Moraz\'an" is "Marco T. Morazán"."""
    single = re.sub(r"\\{2,}", r"\\", text)  # some copies have every backslash twice
    return plain(_LETTER.sub(lambda found: _LETTERS[found[1]], single)) if "\\" in single else plain(text)


def names_in(text: str) -> list[str]:
    """The names of a list as authors type it, without affiliations; "The X Collaboration: A. B, C. D" is three."""
    text = fold(text)[:200_000]
    found = re.search(rf"(?:{MORE_AUTHORS.pattern})[\s.,)]*$", text[-200:], re.IGNORECASE)
    more = [found[0].strip()] if found else []
    text = text[: len(text) - len(found[0])] if found else text
    led = _LED.match(text)
    text = _FOR.sub("", text[led.end() :] if led else text)
    for _ in range(5):  # "((1) Mill, (2) Inn)": nobody nests deeper
        text = _INNERMOST.sub(" ", text)
    names = [led[1]] if led else []
    names += _joined(piece.strip(" :") for piece in _BETWEEN.split(text))
    return [person_name(name) for name in names if is_name(name)] + (["et al."] if more else [])


def mail_day(text: str) -> date | None:
    """The day of "Tue, 18 Nov 2008 14:54:25 GMT", in UTC; None for what is no such moment."""
    try:
        return parsedate_to_datetime(text.replace("UTC", "GMT")).astimezone(UTC).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    """ "Smith, Jr." is one person."""
    before = ""
    for piece in pieces:
        if before and _SUFFIX.fullmatch(piece):
            before = f"{before}, {piece}"
            continue
        if before:
            yield before.removeprefix("and ")
        before = piece
    if before:
        yield before.removeprefix("and ")
