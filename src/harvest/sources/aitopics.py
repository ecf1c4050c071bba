"""AITopics' listing of one author: title, authors as "Last, First, Last, First", abstract, one line each.

A row's line is the line of its title. Documents from arXiv are kept as their first version and are not
refreshed: titles and the order of authors are those of v1.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from harvest.model import Answer, Contents, Record, Remark, Stage
from harvest.sources.authors import as_authors
from harvest.sources.page import Line
from harvest.sources.text import MONTHS, day_of, lines_of, plain, unreadable, with_keys

_PLACE = re.compile(r"[–—]\s*(\S.{0,100})")  # "–arXiv.org Artificial Intelligence"
_DATED = re.compile(rf"({'|'.join(MONTHS)})[a-z]*-(\d{{1,2}})-(\d{{4}})(?:,.{{0,40}})?", re.IGNORECASE)
_FACET = re.compile(r"(?:Country|Genre|Industry|Technology|Duplicate)\b.{0,300}", re.IGNORECASE)
_PROSE = 250  # characters: longer than titles, shorter than abstracts


class AiTopics:
    """Reads a listing, as text or as HTML."""

    name = "aitopics"

    def read(self, answer: Answer) -> Contents:
        """Its rows. Raises UnreadableAnswer when it is no such listing."""
        lines = [line for line in lines_of(answer)[0] if line.text.strip()]
        lists = list(author_lines([line.text for line in lines]))
        if not lists:
            raise unreadable(answer, "this is no AITopics listing: no line of authors as 'Last, First, …' was found")
        captured = answer.received_at.date()
        starts = [*(place - 1 for place in lists), len(lines)]
        rows = [_row(self.name, lines[start:end], captured) for start, end in pairwise(starts)]
        remarks = tuple(remark for _, found in rows for remark in found)
        return Contents(records=with_keys([record for record, _ in rows]), remarks=remarks)


def author_lines(texts: Sequence[str]) -> Iterator[int]:
    """Where the lines of authors stand: under a title, and two lines apart at least."""
    place, found = 1, False
    while place < len(texts):
        after = texts[place + 1 : place + 3]
        if not _lists(texts[place]) or len(texts[place - 1]) > _PROSE:
            place += 1
        elif (
            not found
            and texts[place].count(",") == 1
            and len(after) == 2
            and len(after[0]) < _PROSE
            and _lists(after[1])
        ):
            place += 1  # the name of the page, not a row
        else:
            found = True
            yield place
            place += 2


def _lists(text: str) -> bool:
    """Parts of names, not whole names: one in three at least is a single word."""
    single = sum(" " not in part.strip() for part in text.split(","))
    return "," in text and single * 3 > text.count(",") and as_authors(text, lenient=True) is not None


def _row(source: str, lines: Sequence[Line], captured: date) -> tuple[Record, list[Remark]]:
    title, listed, *rest = lines
    parts = [part.strip() for part in listed.text.split(",")]
    paired = len(parts) % 2 == 0
    names = tuple(f"{first} {last}" for last, first in zip(parts[::2], parts[1::2], strict=True)) if paired else ()
    place = next((found[1] for line in rest if (found := _PLACE.fullmatch(line.text.strip()))), None)
    dated = next((found for line in rest if (found := _DATED.fullmatch(line.text.strip()))), None)
    prose = [line for line in rest if not any(known.fullmatch(line.text.strip()) for known in (_PLACE, _DATED, _FACET))]
    abstract = max(prose, key=lambda line: len(line.text), default=None)
    preprint = bool(place) and "arxiv" in (place or "").lower()
    record = Record(
        source=source, key="", title=plain(title.text), authors=names, roles=("",) * len(names), comment=place,
        stage=(Stage.PREPRINT if preprint else Stage.PUBLISHED) if place else None, venue=None if preprint else place,
        published_on=day_of(f"{dated[1]} {dated[2]}, {dated[3]}", captured) if dated else None,
        abstract=plain(abstract.text) if abstract else None,
        line=title.number, quote="\n".join(line.text for line in lines),
    )  # fmt: skip
    odd = f"{len(parts)} names and parts of names, an odd number, cannot be paired"
    lost = [_remark("this line belongs to no row that could be read", line) for line in prose if line is not abstract]
    return record, [*([] if paired else [_remark(odd, listed)]), *lost]


def _remark(explanation: str, line: Line) -> Remark:
    return Remark(kind="not_understood", explanation=explanation, line=line.number, quote=line.text[:1000])
