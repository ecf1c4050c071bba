"""A person's homepage, and the reading of publication lists that it shares with the CV."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from harvest.model import Answer, Contents, Record, Remark
from harvest.sources.blocks import Item, page_items
from harvest.sources.labels import LABEL_ROW
from harvest.sources.listing import make_record
from harvest.sources.page import Line
from harvest.sources.plaintext import text_items, without_furniture
from harvest.sources.sections import Section, sections_of
from harvest.sources.text import converted, is_packed, lines_of, unreadable, with_keys, words_of

_A_FEW_WORDS, _A_TITLE = 25, 5  # "You can find my papers on …" is no list
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# What the marks at names mean, what stands at the foot of a page, an entry's BibTeX: no entry, and no part of one.
_ASIDE = re.compile(
    r"@[a-z]{4,15}\s?\{|"
    r"\W{0,4}(?:©|copyright\b|powered by\b|designed by\b|last (?:updated?|modified)\b|page generated\b"
    r"|this (?:web)?(?:page|site)\b)"
    r"|(?:year|date|title|paper|authors?|venue|journal|conference|links?|publication|type)s?$"
    r"|\W{0,12}[*†‡§¶#∗]\W{0,6}(?:\w+ ){0,2}"
    r"(?:indicates?|means?|denotes?|stands? for|represents?|equal|co-first|correspond\w*|表示|代表)",
    re.IGNORECASE,
)


class Homepage:
    """Reads a homepage, as HTML or as text."""

    name = "homepage"

    def read(self, answer: Answer) -> Contents:
        """The publications it lists. Raises UnreadableAnswer when it has no list of publications."""
        records, remarks, _ = read_lists(self.name, answer)
        return Contents(records=records, remarks=tuple(remarks))


def read_lists(source: str, answer: Answer) -> tuple[tuple[Record, ...], list[Remark], list[Section]]:
    """The records of a document's publication lists, what in them was not understood, and all its sections."""
    lines, page = lines_of(answer)
    lines = lines if page else without_furniture(lines)
    sections = sections_of(lines, page)
    listed = any(section.kind == "publications" for section in sections)
    chosen = [section for section, follows in _with_following(sections) if follows or not listed]
    bodies = [_said(section.lines) for section in chosen]
    found = _items(bodies, _said(lines), page, listed)
    records: list[Record] = []
    remarks: list[Remark] = []
    for section, body, items in zip(chosen, bodies, found, strict=True):
        own = [_dated(make_record(source, entry, at, section.stage), section) for entry, at in items if entry]
        if section.kind != "publications":
            own = _sure_ones(own)
        records += own
        if own or section.kind == "publications":
            remarks += [_not_understood(at) for entry, at in items if listed and not entry]
            remarks += _left_over(body, items) if listed else []
    if not records and not listed:
        raise unreadable(answer, "no list of publications was found: is this the right document?")
    if is_packed(answer) and (lost := converted(answer).lost):
        remarks.append(Remark(kind="lost", explanation=lost))
    return with_keys(records), remarks, sections


def _said(lines: Sequence[Line]) -> list[Line]:
    """Without what is no part of an entry; a link that is called "paper" is one, or has that name above it."""
    return [
        line
        for line in lines
        if line.linked or not _ASIDE.match(line.text) or (line.links and LABEL_ROW.fullmatch(line.text))
    ]


def _items(bodies: Sequence[Sequence[Line]], lines: Sequence[Line], page: bool, listed: bool) -> list[list[Item]]:
    """The entries of each section. Where the owner's name goes without saying, a title and a venue are enough."""
    words = words_of(lines)
    found: list[list[Item]] = []
    for alone in (False, True):
        found = (
            page_items(bodies, lines, alone=alone) if page else [text_items(one, words, alone=alone) for one in bodies]
        )
        entries = [entry for own in found for entry, _ in own if entry]
        if not listed or (entries and not any(entry.joint for entry in entries)):
            break
    return found


def _left_over(body: Sequence[Line], items: Sequence[Item]) -> Iterator[Remark]:
    """The runs of lines that belong to no entry and could be one: buttons and short notes are none."""
    taken = {line.number for _, own in items for line in own}
    runs = (list(run) for left, run in groupby(body, key=lambda line: line.number not in taken) if left)
    for run in runs:
        said = [line for line in run if line.text.strip()]
        dated = any(_YEAR.search(line.text) for line in said)
        many = len(" ".join(line.text for line in said).split())
        if many > _A_FEW_WORDS or (dated and many > _A_TITLE):
            yield _not_understood(said, "this part of a publication list belongs to no entry that could be read")


def _with_following(sections: Sequence[Section]) -> Iterator[tuple[Section, bool]]:
    """Sections of publications or of a kind that cannot be told, and whether one of the first has begun.

    Some lists go on under a heading per subject.
    """
    begun = False
    for section in sections:
        begun = section.kind == "publications" or (begun and section.kind == "unknown")
        if section.kind != "other":
            yield section, begun


def _sure_ones(records: Sequence[Record]) -> list[Record]:
    """Without a heading, an entry needs a venue, a date or an identifier, and its list one with several authors."""
    named = [one for one in records if one.authors and (one.stage or one.year or one.arxiv_id or one.doi)]
    return named if any(len(one.authors) > 1 or one.truncated for one in named) else []


def _dated(record: Record, section: Section) -> Record:
    """With the year of the heading above, when it says none itself."""
    above = (year for line in reversed(section.years) if line.number < (record.line or 0) for year in [line.text])
    year = _YEAR.search(next(above, "")) if not record.year else None
    return replace(record, year=int(year[1])) if year else record


def _not_understood(lines: Sequence[Line], why: str = "title and authors could not be told apart here") -> Remark:
    return Remark(
        kind="not_understood", line=lines[0].number, quote="\n".join(line.text for line in lines)[:1000],
        explanation=why,
    )  # fmt: skip
