"""A curriculum vitae as text: Markdown from a PDF converter, or the layout text of `pdftotext -layout`."""

import re
from collections.abc import Iterator, Sequence

from harvest.model import Answer, Contents, Record, Remark
from harvest.references import contradictions, numbered
from harvest.sources.homepage import read_lists
from harvest.sources.sections import Section
from harvest.sources.text import fold, unmarked

_EXPERIENCE = re.compile(r"\b(?:experiences?|employment|internships?|appointments?)\b|经历", re.IGNORECASE)
_POSITION = re.compile(
    r"\b(?:intern|internship|engineer|researcher|scientist|assistant|fellow|lecturer|professor|developer|analyst|consultant"
    r"|manager|postdoc|instructor|visitor|visiting \w+)\b|实习生",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b")


class Cv:
    """Reads a CV. The record's line is the first line of the item in the file."""

    name = "cv"

    def read(self, answer: Answer) -> Contents:
        """Its publications, and what it contradicts or has lost. Raises UnreadableAnswer when it lists none."""
        records, remarks, sections = read_lists(self.name, answer)
        lost = [remark for section in sections for remark in _lost_dates(section)]
        return Contents(records=records, remarks=(*remarks, *lost, *_contradictions(sections, records)))


def _lost_dates(section: Section) -> Iterator[Remark]:
    """A converter that reads columns one after the other may drop dates: more positions than dates are left."""
    if not _EXPERIENCE.search(section.title):
        return
    said = [line for line in section.lines if line.text.strip()]
    positions = [line for line in said if _is_position(line.text)]
    dated = [line for line in said if _DATED.search(line.text)]
    if dated and len(positions) > len(dated):
        yield Remark(
            kind="lost", line=section.line, quote="\n".join(line.text for line in said)[:2000],
            explanation=f"{len(positions)} positions stand under “{section.title}” but only {len(dated)} dates:"
            " which position lost its date cannot be told",
        )  # fmt: skip


def _is_position(text: str) -> bool:
    """A short line that names a position, not a sentence about it."""
    bare = fold(unmarked(text))
    return bool(_POSITION.search(bare)) and len(bare.split()) <= 12 and not bare.endswith(".")


def _contradictions(sections: Sequence[Section], records: Sequence[Record]) -> Iterator[Remark]:
    """What the CV says about a range of its items, against the items."""
    lines = ((line.number, line.text) for section in sections for line in section.lines)
    for record, sentence in contradictions(lines, numbered(records)):
        yield Remark(kind="self_contradiction", line=record.line, quote=record.quote, explanation=sentence)
