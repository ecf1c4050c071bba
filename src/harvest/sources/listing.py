"""The grammar of one publication entry: authors, title and the rest, in any usual order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harvest.identifiers import find_arxiv_id, parse_arxiv_id, parse_doi
from harvest.model import Record, Stage
from harvest.sources.authors import Authors, as_authors, leading_authors
from harvest.sources.page import Line
from harvest.sources.text import fold, plain, title_key
from harvest.sources.venue import looks_like_venue, opens_venue, read_tail

NUMBER = re.compile(r"^\s*(?:\[([A-Z]{0,2}\d{1,3})\]|\(?([A-Z]{0,2}\d{1,3})[.)])(?:\s+|$)")
_LABEL = (
    r"(?:arxiv|pdf|codes?|github|slides?|posters?|videos?|talk|project|page|website|papers?|bib(?:tex)?|links?|openreview"
    r"|hugging ?face|demo|data(?:sets?)?|post|blog|html|abs(?:tract)?|supp(?:lement\w*)?|doi|cite|twitter|media|models?"
    r"|version|知乎|proceedings|journal|full|extended|tl;?dr|threads?)"
)
_LABELS = rf"{_LABEL}(?:\s+{_LABEL}){{0,2}}"
_BRACKETED = re.compile(rf"\s*[\[(]\s*{_LABELS}(?:\s*[,/|]\s*{_LABELS}){{0,8}}\s*[\])]", re.IGNORECASE)
_LABEL_ROW = re.compile(rf"(?:{_LABEL}\b|[\s\[\]()/|,•·])++", re.IGNORECASE)
_BUTTONS = re.compile(rf"(?:\s*[|/·•]\s*{_LABELS})+\s*$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\(?((?:19|20)\d\d)[a-z]?\)?\s*[.,:]\s+")
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»\n]{8,400})[”\"»][.,]?\s*")
_BREAK = re.compile(r"[.?!]['’”\"]?\s+|\n|,\s+(?=\S)|\s+(?=[(\[])")
_PROSE = re.compile(r"(?:we|this|in this|abstract|tl;?dr|summary|keywords)\b", re.IGNORECASE)
_NO_END = re.compile(
    r"(?:\bpart|\bvol(?:ume)?|\bno)\s+(?:[IVX]{1,4}|\d{1,2})$|\b(?:vs|i\.e|e\.g|cf|dr|st)$", re.IGNORECASE
)
_OPENREVIEW = re.compile(r"openreview\.net/(?:forum|pdf)\?id=([\w-]{6,20})")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one item of a list says, before it is a record."""

    title: str
    authors: Authors
    tail: str  # all that stands after authors and title
    item: str | None = None  # its number in the list


def read_entry(segments: Sequence[str], marked: Iterable[str] = (), *, lenient: bool = False) -> Entry | None:
    """An item from its parts, one per line where the layout tells them apart; None when it is no publication.

    `marked` are the linked or emphasised phrases, one of which may be the title. `lenient`: the layout says
    that this is an entry, so any short name under the title is an author.
    """
    number = NUMBER.match(segments[0]) if segments else None
    parts = [segments[0][number.end() :] if number else segments[0], *segments[1:]] if segments else []
    parts = [part for part in map(_unlabelled, parts) if part]
    if not parts or sum(map(len, parts)) > 20_000 or (len(parts) == 1 and as_authors(parts[0])):
        return None
    marked = [phrase for phrase in marked if _may_be_title(phrase)]
    text = "\n".join(parts)
    found = _by_parts(parts, marked) or _by_mark(text, marked) or _authors_first(text) or _title_first(text)
    if not found and lenient and len(parts) > 2:
        who = as_authors(parts[1], lenient=True)
        found = Entry(parts[0], who, " ".join(_told(parts[2:]))) if who else None
    if not found or len(title_key(found.title)) < 4:
        return None
    return Entry(clean_title(found.title), found.authors, fold(found.tail), number and (number[1] or number[2]))


def make_record(source: str, entry: Entry, lines: Sequence[Line], stage: Stage | None = None) -> Record:
    """The record of an entry that stands on these lines; `stage` is what the heading above says, if anything.

    `comment` is all that the entry says after authors and title, as printed; `venue` the venue's name in it.
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
        line=lines[0].number, quote="\n".join(line.text for line in lines),
    )  # fmt: skip


def _arxiv_link(link: str) -> tuple[str, int | None] | None:
    return parse_arxiv_id(link) if "arxiv" in link.lower() else None


def clean_title(title: str) -> str:
    """A title without quotes, labels, TeX and the full stop."""
    bare = plain(_BRACKETED.sub("", title)).strip(' ,;:|“”„«»"')
    return bare.removesuffix(".").rstrip(" ,;:") if not bare.endswith("...") else bare


def _unlabelled(part: str) -> str:
    """Without "[arXiv] [Code]", whose words belong to links."""
    bare = _BUTTONS.sub("", fold(_BRACKETED.sub(" ", part)))
    return "" if _LABEL_ROW.fullmatch(bare) or not re.search(r"\w", bare) else re.sub(r"\s+([.,])$", r"\1", bare)


def _may_be_title(phrase: str) -> bool:
    return len(phrase) >= 8 and " " in phrase and not looks_like_venue(phrase) and not as_authors(phrase)


def _by_parts(parts: Sequence[str], marked: Sequence[str]) -> Entry | None:
    """One part is a list of authors; the title stands before it, else after."""
    lists = [(place, who) for place, part in enumerate(parts) if (who := as_authors(part))]
    lists = [(place, who) for place, who in lists if place or len(who.names) > 1 or who.truncated]
    if not lists or len(parts) < 2:
        return None
    place, who = max(lists, key=lambda one: (len(one[1].names), one[1].truncated))
    before = [part for part in parts[:place] if not looks_like_venue(part)]
    badge = [part for part in parts[:place] if looks_like_venue(part)]
    if not before:
        split = _split("\n".join(parts[place + 1 :]))
        return Entry(split[0], who, split[1]) if split and not looks_like_venue(split[0]) else None
    title, rest = before[-1], ""
    for phrase in marked:
        after = title.removeprefix(phrase).strip(" ,.;:–-")
        if title.startswith(phrase) and looks_like_venue(after):
            title, rest = phrase, after
    told = [rest] * bool(rest) + _told(parts[place + 1 :], bool(rest))
    first = [part for part in parts[place + 1 : place + 2] if len(part) < 100 and not _PROSE.match(part)]
    return Entry(title, who, " ".join(told or badge or first))


def _told(parts: Iterable[str], begun: bool = False) -> list[str]:
    """The parts that tell venue and status; buttons, summaries and notes are left out."""
    told: list[str] = []
    for part in parts:
        aside = part.startswith("(") and bool(begun or told)
        if len(part) < 250 and not _PROSE.match(part) and (aside or looks_like_venue(part)):
            told.append(part)
    return told


def _by_mark(text: str, marked: Iterable[str]) -> Entry | None:
    """The title is linked or emphasised; the authors stand before it, else after."""
    for phrase in marked:
        before, found, after = text.partition(phrase)
        who = as_authors(_YEAR_FIRST.sub("", before + " ").strip(' .,:;\n“"–-')) if before.strip(' “"') else None
        if found and who:
            return Entry(phrase, who, after.lstrip(' .,;:\n”"'))
        badge = before if len(before) < 60 and looks_like_venue(before) else ""
        if found and (badge or not before.strip(' “"')):
            after = after.lstrip(' .,;:\n”"')
            for who, end in leading_authors(after):
                return Entry(phrase, who, badge + " " + after[end:].lstrip(" .,;:\n"))
    return None


def _authors_first(text: str) -> Entry | None:
    for who, end in leading_authors(text):
        split = _split(text[end:])
        if (
            split
            and not looks_like_venue(split[0])
            and (len(who.names) > 1 or who.truncated or split[0].count(" ") > 1)
        ):
            return Entry(split[0], who, split[1])
    return None


def _title_first(text: str) -> Entry | None:
    """Tries the first places where a title can end and a list of two or more authors can begin."""
    for _, place in zip(range(12), _BREAK.finditer(text), strict=False):
        title, rest = text[: place.start() + 1].strip(), text[place.end() :].removeprefix("by ")
        if title.count(" ") and not looks_like_venue(title) and not as_authors(title):
            for who, end in leading_authors(rest):
                if len(who.names) > 1 or who.truncated:
                    return Entry(title, who, rest[end:].lstrip(" .,;:\n)"))
    return None


def _split(text: str) -> tuple[str, str] | None:
    """Title and rest: at the first break after which a venue or status begins, else at the first full stop."""
    text = text.lstrip(" .,:;\n–-")
    year = _YEAR_FIRST.match(text)
    text, trailer = (text[year.end() :], f" {year[1]}") if year else (text, "")
    quoted = _QUOTED.match(text)
    if quoted:
        return quoted[1], text[quoted.end() :] + trailer
    stops = [place for place in _BREAK.finditer(text[:3000]) if not _NO_END.search(text[: place.start()])]
    full = [place for place in stops if place[0][0] in ".?!\n"]
    after = {place: text[place.end() : place.end() + 300] for place in stops}
    sure = (place for place in stops if opens_venue(after[place]) or (place in full and looks_like_venue(after[place])))
    told = (place for place in stops if looks_like_venue(after[place]))
    place = next(sure, None) or next(told, None) or next(iter(full), None)
    if not place:
        return (text, trailer.strip()) if text.strip() else None
    return text[: place.start() + (place[0][0] in "?!")], text[place.end() :] + trailer
