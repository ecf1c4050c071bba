"""Scholar Feed's author page: a head of numbers, then rows of head, title, authors and abstract.

A row's line is the line of its title. Rows carry the day of the first version and the newest title the
site knows: two facts, not one. A day without a year belongs to the year of the capture.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from harvest.identifiers import parse_arxiv_id
from harvest.model import Answer, Contents, Reading, Record, Remark, Stage
from harvest.sources.authors import Authors, as_authors
from harvest.sources.page import Line
from harvest.sources.text import MONTHS, count_mismatch, day_of, fold, lines_of, plain, unreadable, with_keys

_MONTH = "|".join(month.capitalize() for month in MONTHS)
# Glued: "70.8LGMar 11Code" is a score, a category, a day, and a link to code.
ROW = re.compile(
    r"(?P<impact>\d{1,3}\.\d)?\s*(?P<category>[A-Z][A-Z-]*?|[a-z][a-z-]*(?:\.[A-Za-z-]+)?)\s*"
    rf"(?P<day>(?:{_MONTH})[a-z]*\.? \d{{1,2}}(?:, \d{{4}})?)\s*(?:Code)?"
)
NUMBERS = {
    "h_index": re.compile(r"h-index\s*:?\s*(\d[\d,]*)"),
    "papers": re.compile(r"(\d[\d,]*)\s*papers"),
    "citations": re.compile(r"(\d[\d,]*)\s*citations"),
    "novelty": re.compile(r"Novelty\s*:?\s*(\d+(?:\.\d+)?)\s*%"),
    "ai_score": re.compile(r"AI Score\s*:?\s*(\d+(?:\.\d+)?)"),
}
_TOTAL = re.compile(r"(\d[\d,]*)\s+Papers")
_TAG = re.compile(r"\s+(·\s.*)$")
# The archives whose name the page leaves out, by arXiv's category taxonomy (https://arxiv.org/category_taxonomy).
_ARCHIVES = (
    ("stat", re.compile(r"AP|CO|ME|ML|OT|TH")),
    ("cs", re.compile(r"AI|AR|C[CEGLRVY]|D[BCLMS]|ET|FL|G[LRT]|HC|I[RT]|L[GO]|M[AMS]|N[AEI]|O[HS]|P[FL]|RO|S[CDEIY]")),
)


class ScholarFeed:
    """Reads an author page, as text or as HTML."""

    name = "scholar_feed"

    def read(self, answer: Answer) -> Contents:
        """Rows, the page's numbers, and each row's score. Raises UnreadableAnswer when it is no such page."""
        lines = [line for line in lines_of(answer)[0] if line.text.strip()]
        heads = list(_heads(lines))
        top = lines[: heads[0][0]] if heads else lines
        readings = list(_numbers(self.name, top))
        if not heads and len({reading.metric for reading in readings}) < 3:
            raise unreadable(answer, "this is no Scholar Feed author page: neither its numbers nor a row was found")
        ends = [*(start for start, _, _ in heads[1:]), len(lines)]
        rows = [
            _row(self.name, lines[start:end], size, head, answer.received_at.date())
            for (start, size, head), end in zip(heads, ends, strict=True)
        ]
        found = [(record, impact) for record, impact, _ in rows if record]
        records = with_keys([record for record, _ in found])
        keys = dict(zip(dict.fromkeys(record for record, _ in found), (record.key for record in records), strict=True))
        impacts = [
            Reading(source=self.name, metric="impact", value=float(impact), key=keys[record], line=record.line)
            for record, impact in found
            if impact
        ]
        told = [(int(reading.value), reading.line or 1) for reading in readings if reading.metric == "papers"]
        told += [
            (int(said[1].replace(",", "")), line.number)
            for line in top
            if (said := _TOTAL.fullmatch(line.text.strip()))
        ]
        remarks = [*(remark for *_, row in rows for remark in row), *count_mismatch(told, len(rows))]
        return Contents(
            records=records, readings=(*readings, *impacts), remarks=tuple(remarks), total=told[-1][0] if told else None
        )


def _heads(lines: Sequence[Line]) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Where rows begin, and how many lines their heads take: a page may give each piece its own."""
    place = 0
    while place < len(lines):
        sizes = ((size, ROW.fullmatch(_joined(lines[place : place + size]))) for size in (1, 2, 3, 4))
        size, head = next(((size, head) for size, head in sizes if head), (1, None))
        if head:
            yield place, size, head
        place += size


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text.strip() for line in lines) if all(len(line.text) < 60 for line in lines) else ""


def _numbers(source: str, lines: Sequence[Line]) -> Iterator[Reading]:
    for place, line in enumerate(lines):
        for metric, said in NUMBERS.items():
            found = said.fullmatch(line.text.strip()) or said.fullmatch(_joined(lines[place : place + 2]))
            if found:
                yield Reading(source=source, metric=metric, value=float(found[1].replace(",", "")), line=line.number)


def _row(
    source: str, lines: Sequence[Line], size: int, head: re.Match[str], captured: date
) -> tuple[Record | None, str | None, list[Remark]]:
    """One row, its score, and what was not understood."""
    body = lines[size:]
    if not body:
        return None, None, [_remark("lost", "the document ends before the title of this row", lines[0])]
    tag = _TAG.search(body[1].text) if len(body) > 1 else None
    listed = body[1].text[: tag.start()] if len(body) > 1 and tag else body[1].text if len(body) > 1 else ""
    who = as_authors(fold(listed), lenient=True)
    day = day_of(head["day"], captured)
    remarks = (
        []
        if who
        else [_remark("not_understood", "the authors of this row cannot be read", body[min(1, len(body) - 1)])]
    )
    remarks += [] if day else [_remark("not_understood", "no such day", lines[0])]
    links = [parsed for line in lines for link in line.links if (parsed := _arxiv(link))]
    who = who or Authors()
    record = Record(
        source=source, key="", title=plain(body[0].text), authors=who.names, roles=who.roles, author_keys=who.numbers,
        truncated=who.truncated, stage=Stage.PREPRINT, year=day.year if day else None, first_on=day,
        arxiv_id=links[0][0] if links else None, arxiv_version=links[0][1] if links else None,
        abstract=plain(" ".join(line.text for line in body[2:])) or None,
        categories=(_category(head["category"]),), comment=tag[1] if tag else None,
        line=body[0].number, quote="\n".join(line.text for line in lines),
    )  # fmt: skip
    return record, head["impact"], remarks


def _category(code: str) -> str:
    """ "LG" is cs.LG and "ML" stat.ML; what names its archive is kept."""
    archive = next((archive for archive, codes in _ARCHIVES if codes.fullmatch(code)), None)
    return f"{archive}.{code}" if archive else code


def _arxiv(link: str) -> tuple[str, int | None] | None:
    """From arXiv's own address or the site's "/paper/2402.07193v3"."""
    return parse_arxiv_id(link.rpartition("/paper/")[2].split("?")[0])


def _remark(kind: str, explanation: str, line: Line) -> Remark:
    return Remark(kind=kind, explanation=explanation, line=line.number, quote=line.text)
