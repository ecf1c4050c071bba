"""A person's homepage, and the reading of publication lists that it shares with the CV."""

import re
from collections.abc import Sequence

from harvest.model import Answer, Contents, Record, Remark
from harvest.sources.blocks import page_items
from harvest.sources.listing import make_record
from harvest.sources.page import Line
from harvest.sources.plaintext import text_items, without_furniture
from harvest.sources.sections import Section, sections_of
from harvest.sources.text import lines_of, unreadable, with_keys

_A_FEW_WORDS = 25  # "You can find my papers on …" is no list
# What the marks at names mean: no entry, and no part of one.
_LEGEND = re.compile(
    r"\W{0,12}[*†‡§¶#∗]\W{0,6}(?:\w+ ){0,2}"
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
    listed = [section for section in sections if section.kind == "publications"]
    chosen = listed or [section for section in sections if section.kind == "unknown"]
    bodies = [[line for line in section.lines if not _LEGEND.match(line.text)] for section in chosen]
    found = page_items(bodies, lines) if page else (text_items(body, lines) for body in bodies)
    records: list[Record] = []
    remarks: list[Remark] = []
    for section, items in zip(chosen, found, strict=True):
        records += [make_record(source, entry, own, section.stage) for entry, own in items if entry]
        remarks += [_not_understood(own) for entry, own in items if listed and not entry]
        if listed and not items and len(" ".join(line.text for line in section.lines).split()) > _A_FEW_WORDS:
            remarks.append(_not_understood(section.lines))
    records = records if listed else [record for record in records if _surely(record)]
    if not records and not listed:
        raise unreadable(answer, "no list of publications was found: is this the right document?")
    return with_keys(records), remarks, sections


def _surely(record: Record) -> bool:
    """Without a heading, an entry needs several authors, and a venue, a date or an identifier."""
    named = record.stage or record.year or record.arxiv_id or record.doi
    return bool(named) and (len(record.authors) > 1 or record.truncated)


def _not_understood(lines: Sequence[Line]) -> Remark:
    return Remark(
        kind="not_understood", line=lines[0].number, quote="\n".join(line.text for line in lines)[:1000],
        explanation="title and authors could not be told apart in this part of a publication list",
    )  # fmt: skip
