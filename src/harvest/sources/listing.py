"""The grammar of one publication entry: authors, title and the rest, in any usual order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from harvest.identifiers import find_arxiv_id, parse_arxiv_id, parse_doi
from harvest.model import Record, Stage
from harvest.sources.authors import Authors, as_authors, leading_authors
from harvest.sources.labels import BRACKETED, LABEL_ROW, unlabelled, without_links
from harvest.sources.page import Line
from harvest.sources.text import fold, plain, title_key
from harvest.sources.venue import OTHER_VERSION, looks_like_venue, opens_venue, read_tail, tells_venue

BULLET = re.compile(r"^\s*[-*•–▪◦‣·●○+■□▶►»❖◆➢➤✓\uf0a7\uf0b7\uf0d8]\s+")
# "[3]", "3.", "(3)", "[J3]", "C-3)", "J.3", and "[FH20]" as BibTeX labels.
NUMBER = re.compile(
    r"^\s*(?:[\[(]((?:[A-Z]{1,3}[.-]?)?\d{1,3}|[A-Z][A-Za-z+]{1,7}\d{2}[a-z]?)[\])]|#?((?:[A-Z]{1,2}[.-]?)?\d{1,3})[.):]"
    r"|([A-Z]\.\d{1,3}))(?:\s+|$)"
)
_BADGE = re.compile(r"\s*[\[(]([^\[\]()]{2,80})[\])][.:]?\s+(?=\S)")  # "[ICML 2024] Title"
_CELL = re.compile(r"\s*(\d{1,3})\s*$")  # of a table
_YEAR_CELL = re.compile(r"\s*((?:19|20)\d\d)\s*")
_WHEN = r"in press|in prep(?:aration|\.)?|under (?:review|revision)|forthcoming|accepted|submitted|to appear|n\.d\."
_YEAR_FIRST = re.compile(
    rf"(?:\(((?:19|20)\d\d[a-z]?(?:,? [A-Z][a-z]{{2,8}}(?: \d{{1,2}})?)?|(?:{_WHEN})(?:,? 20\d\d)?)\)[.,:]?"
    r"|((?:19|20)\d\d)[a-z]?[.,:])\s+",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"(?:[“\"„«]([^“”\"„«»\n]{8,400})[”\"»][.,]?|[‘']([^‘\n]{8,400}?)(?:[,.?!]['’]|['’][.,]|['’](?= *[(\n])))"
    r"(?:\s+|$|(?=[(\[]))"
)
# How a single author names the others: "Title (with Ada Byron), journal".
_JOINT = re.compile(r"(?:(?:joint(?:ly)?(?: work)?|together) )?with:?\s+", re.IGNORECASE)
_WITH = re.compile(rf"[\s,.;?!”\"»]*(?:\n|[(\[,.;?!”\"»])\s*{_JOINT.pattern}", re.IGNORECASE)
_BESIDE = re.compile(rf"[(\[]{_JOINT.pattern}", re.IGNORECASE)
_CLOSED = re.compile(r"\s*(?:$|[)\],.;:\n])|(?<=\.)")
_CITED = re.compile(r"(?:recommended |suggested )?citation:\s*", re.IGNORECASE)
_BREAK = re.compile(r"[.?!]['’”\"]?\s+|\n|,[^\S\n]+(?=\S)|\s+(?=[(\[])")
_ABBREVIATED = re.compile(r"(?:[A-Z][A-Za-z]{0,9}\.?[,\s]*){1,4}")
_LONG_NAME = 14  # words of a venue before its acronym or its own comma
_INITIALS = re.compile(r"(?:[A-Z]\.[ -]?){1,3}[A-Z][a-z]")
_PROSE = re.compile(
    r"(?:we|this|in this|abstract|tl;?dr|summary|keywords|selected (?:as|for)|finalist)\b", re.IGNORECASE
)
_YEARED = re.compile(r"^[^\W\d_].*\D(?:19|20)\d\d$|[’']\d\d$")
_TURNED = re.compile(r"[^\W\d_]\S{0,30}, [^\W\d_]\S{0,30}(?: [A-Z]\.)?")  # "Lovelace, Ada"
_NO_END = re.compile(
    r"(?:\bpart|\bvol(?:ume)?|\bno)\s+(?:[IVX]{1,4}|\d{1,2})$|\b(?:vs|i\.e|e\.g|cf|dr|st)$", re.IGNORECASE
)
_DATED = re.compile(r"(?:,\s*((?:19|20)\d\d)|\s*\((?:\d\d?/)?((?:19|20)\d\d)\))$")  # what ends no title
_MANY_BARS = 12
_SHORT_TITLE = 3  # a name of fewer spaces may be the venue
_OPENREVIEW = re.compile(r"openreview\.net/(?:forum|pdf)\?id=([\w-]{6,20})")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one item of a list says, before it is a record."""

    title: str
    authors: Authors
    tail: str  # all that stands after authors and title
    item: str | None = None  # its number in the list
    joint: bool = False  # its authors are the others: "with Ada Byron"


def read_entry(
    segments: Sequence[str], marked: Iterable[str] = (), *, lenient: bool = False, alone: bool = False
) -> Entry | None:
    """An item from its parts, one per line where the layout tells them apart; None when it is no publication.

    `marked` are the linked or emphasised phrases, one of which may be the title. `lenient`: the layout says
    that this is an entry, so any short name under the title is an author. `alone`: on this list the owner goes
    without saying, so that a title and a venue are enough.
    """
    return _read(tuple(segments), tuple(marked), lenient, alone)


@lru_cache(maxsize=20_000)  # most entries of a page are those of its last capture
def _read(segments: tuple[str, ...], marked: tuple[str, ...], lenient: bool, alone: bool) -> Entry | None:
    dated = _YEAR_CELL.fullmatch(segments[0]) if len(segments) > 1 else None
    segments = tuple(takewhile(lambda part: not OTHER_VERSION.match(part), segments[1:] if dated else segments))
    number = (NUMBER.match(segments[0]) or _CELL.match(segments[0])) if segments else None
    first = segments[0][number.end() :] if number else BULLET.sub("", segments[0]) if segments else ""
    badge = _BADGE.match(first)
    badge = badge if badge and (looks_like_venue(badge[1]) or _YEARED.search(badge[1])) else None
    parts = [first[badge.end() :] if badge else first, *segments[1:]] if segments else []
    if len(parts) == 1 and 1 < parts[0].count(" | ") < _MANY_BARS:
        parts = parts[0].split(" | ")
    parts = [part for part in (unlabelled(part, marked) for part in parts) if part]
    if not parts or sum(map(len, parts)) > 20_000 or (len(parts) == 1 and as_authors(parts[0])):
        return None
    if _JOINT.match(parts[0]):
        return None  # the title stands above
    cited = next((part[said.end() :] for part in parts if (said := _CITED.match(part))), None)
    if cited and (told := read_entry([cited])):
        return told
    found = _entry(parts, marked, lenient)
    if alone and (not found or _names_no_one(found)):
        found = _alone(parts, marked) or found
    if not found or len(title_key(found.title)) < 4:
        return None
    item = next(filter(None, number.groups())) if number else None
    title, tail = _parted(found, marked)
    title, tail = _undated(title, f"{badge[1]}. {tail}".rstrip(" .") if badge else tail)
    tail = f"{tail} {dated[1]}".strip() if dated and dated[1] not in tail else tail
    return replace(found, title=title, tail=tail, item=item)


def _parted(found: Entry, marked: Sequence[str]) -> tuple[str, str]:
    """Title and tail without what is neither: quotes, buttons, summaries, notes.

    A quoted title ends with its quotes; what stands behind them in brackets, or tells the venue, is the tail's.
    """
    quoted, title, tail = _QUOTED.match(found.title), found.title, found.tail
    rest = title[quoted.end() :] if quoted else ""
    if quoted and (rest[:1] in "([" or looks_like_venue(rest)):
        title, tail = quoted[1] or quoted[2], f"{unlabelled(rest, marked)} {tail}".strip()
    head, *below = tail.split("\n")
    head = "" if _PROSE.match(head) else head
    tail = without_links(fold(" ".join([head, *_told(below, bool(head))])), marked)
    return clean_title(title), "" if LABEL_ROW.fullmatch(tail) and not looks_like_venue(tail) else tail


def _entry(parts: Sequence[str], marked: Sequence[str], lenient: bool) -> Entry | None:
    """The first way of reading that makes sense, the surest first."""
    titles = [phrase for phrase in marked if _may_be_title(phrase) and not _names(phrase)]
    text = "\n".join(parts)
    found = _by_with(text) if _BESIDE.search(text) or any(map(_JOINT.match, parts[1:])) else None
    found = found or _by_parts(parts, titles) or _by_mark(text, titles) or _quoted_first(text) or _authors_first(text)
    found = found or _title_first(text) or _by_with(text)
    if not found and lenient and len(parts) > 2:
        who = as_authors(parts[1], lenient=True)
        found = Entry(parts[0], who, " ".join(_told(parts[2:]))) if who else None
    return found or _by_mark(text, [phrase for phrase in marked if _may_be_title(phrase)])


def _names(phrase: str) -> bool:
    return bool(as_authors(phrase) or _TURNED.fullmatch(phrase))


def make_record(source: str, entry: Entry, lines: Sequence[Line], stage: Stage | None = None) -> Record:
    """The record of an entry that stands on these lines; `stage` is what the heading above says, if anything.

    `comment` is all that the entry says after authors and title, as printed; `venue` the venue's name in it;
    `url` what a PDF or Word file links to behind the words, which tells no identifier that the words do not.
    """
    said = read_tail(entry.tail)
    links = [link for line in lines for link in line.links]
    named = find_arxiv_id(entry.tail.replace("CoRR", "arXiv")) or next(filter(None, map(_arxiv_link, links)), None)
    openreview = next(filter(None, map(_OPENREVIEW.search, links)), None)
    return Record(
        source=source, key="", title=entry.title, authors=entry.authors.names, roles=entry.authors.roles,
        author_keys=entry.authors.numbers, truncated=entry.authors.truncated, stage=said.stage or stage,
        venue=said.venue, venue_year=said.venue_year, year=said.year, comment=entry.tail or None,
        arxiv_id=named[0] if named else None, arxiv_version=named[1] if named else None,
        doi=next(filter(None, map(parse_doi, [entry.tail, *links])), None),
        openreview_id=openreview[1] if openreview else None, item=entry.item,
        url=next((link for line in lines for link in line.behind), None),
        line=lines[0].number, quote="\n".join(line.text for line in lines),
    )  # fmt: skip


def _arxiv_link(link: str) -> tuple[str, int | None] | None:
    return parse_arxiv_id(link) if "arxiv" in link.lower() else None


def clean_title(title: str) -> str:
    """A title without quotes, labels, TeX and the full stop."""
    bare = plain(BRACKETED.sub("", title)).strip(' ,;:|“”„«»"')
    return bare.removesuffix(".").rstrip(" ,;:") if not bare.endswith("...") else bare


def names_the_others(text: str) -> bool:
    """Whether a line begins as "with Ada Byron and Bo Li." does."""
    bare = text.strip("() ")
    joint = _JOINT.match(bare)
    rest = bare[joint.end() :] if joint else ""
    return any(_CLOSED.match(rest, end) for _, end in leading_authors(rest)) if rest else False


def _may_be_title(phrase: str) -> bool:
    """A phrase of some words that begins where a title can begin, and closes its quotes."""
    whole = phrase[0] not in ",.;:)]" and phrase.count('"') % 2 == 0 and phrase.count("“") == phrase.count("”")
    return len(phrase) >= 8 and " " in phrase and whole and not looks_like_venue(phrase)


def _by_parts(parts: Sequence[str], marked: Sequence[str]) -> Entry | None:
    """One part is a list of authors; the title stands before it, else after."""
    lists = [(place, who) for place, part in enumerate(parts) if (who := as_authors(part))]
    lone = len(parts) > 2 and len(lists) == 1 and looks_like_venue(parts[2]) and not looks_like_venue(parts[1])
    lists = [(place, who) for place, who in lists if place or lone or len(who.names) > 1 or who.truncated]
    if not lists or len(parts) < 2:
        return None
    place, who = max(lists, key=lambda one: (len(one[1].names), one[1].truncated))
    whole = _authors_first(parts[0]) if len(who.names) == 1 and place and not who.truncated else None
    if whole and len(whole.authors.names) > 1 and looks_like_venue(whole.tail):
        return whole  # "Card Looms" beside it is what the file is called
    badges = [looks_like_venue(part) and not part.startswith(tuple(marked)) for part in parts[:place]]
    badge = [part for part, told in zip(parts, badges, strict=False) if told]
    before = [part for part, told in zip(parts, badges, strict=False) if not told]
    before = [part for part in before if not _PROSE.match(part)] or before
    if not before:
        rest = parts[place + 1 :]
        while len(rest) > 1 and looks_like_venue(rest[0]):  # the title comes last
            badge, rest = [*badge, rest[0]], rest[1:]
        if badge and rest:
            return Entry(rest[0], who, " ".join([*badge, *_told(rest[1:], True)]))
        split = _split("\n".join(rest))
        return Entry(split[0], who, split[1]) if split and not looks_like_venue(split[0]) else None
    title, rest = before[-1], ""
    for phrase in marked:
        after = title.removeprefix(phrase).strip(" ,.;:–-([")
        if title.startswith(phrase) and looks_like_venue(after):
            title, rest = phrase, after
    below = _told(parts[place + 1 :], bool(rest))
    split = None if rest or any(map(tells_venue, below)) else _split(title)
    if split and split[0].count(" ") >= _SHORT_TITLE and tells_venue(split[1]):  # "Title. ICML 2018"
        title, rest = split
    told = [rest] * bool(rest) + below
    if badge and told and not re.search(r"[^\W\d_]{3}", " ".join(told)):
        told = [*badge, *told]  # "Nature" above the title, "2020;7(9)" below
    first = [part for part in parts[place + 1 : place + 2] if len(part) < 100 and not _PROSE.match(part)]
    return Entry(title, who, " ".join(told or badge or first))


def _told(parts: Iterable[str], begun: bool = False) -> list[str]:
    """The parts that tell venue and status; buttons, summaries and notes are left out."""
    told: list[str] = []
    for part in parts:
        aside = part.startswith("(") and bool(begun or told)
        short = len(part) < (500 if opens_venue(part) else 250)
        if short and not _PROSE.match(part) and (aside or looks_like_venue(part)):
            told.append(part)
    return told


def _by_mark(text: str, marked: Iterable[str]) -> Entry | None:
    """The title is linked or emphasised; the authors stand before it, else after."""
    for phrase in marked:
        before, found, after = text.partition(phrase)
        around = before.rpartition("\n")[2] + phrase + after.partition("\n")[0]
        if around != phrase and as_authors(phrase) and as_authors(around):
            continue  # one of the names
        before = before.removesuffix("with ") if found else ""
        who = as_authors(_YEAR_FIRST.sub("", before + " ").strip(' ,:;\n“"–-')) if before.strip(' “"') else None
        if found and who:
            return Entry(phrase, who, after.lstrip(' .,;:\n”"'))
        badge = before if len(before) < 60 and looks_like_venue(before) else ""
        if found and (badge or not before.strip(' “"')):
            after = after.lstrip(' .,;:\n”"')
            for who, end in leading_authors(after):
                return Entry(phrase, who, badge + " " + after[end:].lstrip(" .,;:\n"))
    return None


def _quoted_first(text: str) -> Entry | None:
    """ "Title", authors, venue: the quotes leave no doubt, also about a single author."""
    quoted = _QUOTED.match(text)
    rest = text[quoted.end() :].lstrip(" .,;:\n") if quoted else ""
    joint = _JOINT.match(rest)
    rest = rest[joint.end() :] if joint else rest.removeprefix("by ")
    ways = [(who, rest[end:].lstrip(" .,;:\n")) for who, end in leading_authors(rest)]
    ways = [(who, tail) for who, tail in ways if " " in who.names[0]]
    sure = next(((who, tail) for who, tail in ways if looks_like_venue(tail)), next(iter(ways), None))
    return Entry(quoted[1] or quoted[2], *sure, joint=bool(joint)) if quoted and sure else None


def _by_with(text: str) -> Entry | None:
    """ "Title (with Ada Byron and Bo Li), venue", and the same with the venue before the names."""
    for joint in _WITH.finditer(text[:4000]):
        closing = next((sign for sign in joint[0] if sign in '?!”"»'), "")
        before, rest = text[: joint.start()] + closing, text[joint.end() :]
        inside, bracket, after = rest.partition(")") if "(" in joint[0] else ("", "", rest)
        ways = [(as_authors(inside), after)] if bracket else []
        ways += [] if bracket else [(who, rest[end:]) for who, end in leading_authors(rest) if _CLOSED.match(rest, end)]
        title, told = _split(before) or (before, "")
        for who, tail in ways:
            sure = bracket or "\n" in joint[0] or not as_authors(title)
            if who and sure and title.count(" ") and (not bracket or _CLOSED.match(tail)):
                return Entry(title, who, f"{told} {tail.lstrip(' .,;:)]')}".strip(), joint=True)
    return None


def _names_no_one(entry: Entry) -> bool:
    """Where the owner goes without saying, what reads like one name before a bare year is a venue: "Public Choice"."""
    return not entry.joint and len(entry.authors.names) == 1 and not re.search(r"[^\W\d_]", entry.tail)


def _alone(parts: Sequence[str], marked: Sequence[str]) -> Entry | None:
    """Title and venue without a name: the title is quoted, marked or has its line, and a venue or status follows."""
    text = "\n".join(parts)
    titles = [phrase for phrase in marked if _may_be_title(phrase) and text.startswith(phrase)]
    title, told = (titles[0], text[len(titles[0]) :]) if titles else (_split(text) or ("", ""))
    told = told.lstrip(' .,;:\n”"')
    sure = bool(_QUOTED.match(text)) or (looks_like_venue(told) and not told.startswith("the "))
    sure = sure and not any(
        " " in who.names[0] and text[end : end + 1] in ".,:\n" for who, end in leading_authors(text)
    )
    return Entry(title, Authors(), told, joint=True) if sure and title.count(" ") and not opens_venue(title) else None


def _authors_first(text: str) -> Entry | None:
    first, _, below = text.partition("\n")
    listed = as_authors(first) if below else None
    least = len(first) - 1 if listed and len(listed.names) > 1 else 0  # a line of names holds no title
    for who, end in leading_authors(text):
        if end < least:
            break
        if text[end : end + 1] == ":" and len(who.names) == 1 and _title_first(text):
            continue  # "GRAPH LOOM: WEAVING BY NUMBERS. Ada Byron, Bo Li. ICML": a title that reads like a name
        split = _split(text[end:])
        if (
            split
            and not looks_like_venue(split[0])
            and not split[0].startswith(("and ", "& "))
            and not (
                not _QUOTED.match(text[end:].lstrip(" .,:;\n"))
                and (names := as_authors(split[0]))
                and (len(names.names) > 1 or not looks_like_venue(split[1]))
            )
            and (
                len(who.names) > 1
                or who.truncated
                or split[0].count(" ") > 1
                or opens_venue(split[1])
                or _YEAR_FIRST.match(text[end:].lstrip(" .,"))
            )
        ):
            return Entry(split[0], who, split[1])
    return None


def _title_first(text: str) -> Entry | None:
    """Tries the first places where a title can end and a list of two or more authors can begin."""
    for _, place in zip(
        range(12), (stop for stop in _BREAK.finditer(text) if stop[0].strip() or stop[0] == "\n"), strict=False
    ):
        title, rest = text[: place.start() + 1].strip(), text[place.end() :].removeprefix("by ")
        if title.count(" ") and not _INITIALS.match(title) and not looks_like_venue(title) and not as_authors(title):
            for who, end in leading_authors(rest):
                tail = rest[end:].lstrip(" .,;:\n)")
                closed = rest[:end].endswith(".") and place[0][0] in ".?!" and looks_like_venue(tail)
                lone = " " in who.names[0] and (closed or (place[0][0] == "," and opens_venue(tail)))
                if len(who.names) > 1 or who.truncated or lone:
                    return Entry(title, who, tail)
    return None


def _split(text: str) -> tuple[str, str] | None:
    """Title and rest: at the first break after which a venue or status begins, else at the first full stop."""
    text = text.lstrip(" .,:;\n–-")
    year = _YEAR_FIRST.match(text)
    text, trailer = (text[year.end() :], f" {year[1] or year[2]}") if year else (text, "")
    quoted = _QUOTED.match(text)
    if quoted:
        return quoted[1] or quoted[2], _with_year(text[quoted.end() :], trailer)
    stops = [place for place in _BREAK.finditer(text[:3000]) if not _NO_END.search(text[: place.start()])]
    full = [place for place in stops if place[0][0] in ".?!\n"]
    after = {place: text[place.end() : place.end() + 300] for place in stops}
    sure = (place for place in stops if opens_venue(after[place]) or (place in full and looks_like_venue(after[place])))
    told = (place for place in stops if looks_like_venue(after[place]))
    place, before = next(sure, None), next(told, None)
    if place and before and before.start() < place.start():  # "Title, Invent. Math. 220 (2020)"
        place = before if _ABBREVIATED.fullmatch(text[before.end() : place.end()]) else place
    place = place or before or next(iter(full), None)
    ended = [stop for stop in full if place and stop.start() < place.start() and text[stop.start()] == "."]
    if place and ended and place not in full and text[ended[-1].end() : place.start()].count(" ") < _LONG_NAME:
        place = ended[-1]  # "Title. Machine Learning, Proceedings of …"
    if not place:
        return _undated(text, trailer.strip()) if text.strip() else None
    return _undated(text[: place.start() + (place[0][0] in "?!")], _with_year(text[place.end() :], trailer))


def _with_year(tail: str, year: str) -> str:
    """The year of "(2023). Title. Venue" behind the venue, above any row of buttons."""
    told, apart, below = tail.partition("\n")
    return f"{told}{year}{apart}{below}"


def _undated(title: str, tail: str) -> tuple[str, str]:
    """ "Title, 2023" without the year, which belongs to what follows."""
    dated = _DATED.search(title)
    if not dated or title[: dated.start()].count(" ") < _SHORT_TITLE:
        return title, tail
    return title[: dated.start()], f"{tail} {dated[1] or dated[2]}".strip()
