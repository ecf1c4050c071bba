"""Arrow's author page: rows of venue, title, bulleted authors and abstract, all under one spelling of a name.

A row's line is the line of its title. The page groups equal names and says itself that it does not tell
people apart; that is kept as a remark.
"""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from harvest.identifiers import find_arxiv_id
from harvest.model import Answer, Contents, Reading, Record, Remark, Stage
from harvest.sources.authors import Authors, as_authors
from harvest.sources.page import Line
from harvest.sources.text import count_mismatch, fold, lines_of, plain, unreadable, with_keys

ROW = re.compile(
    r"(?P<venue>\S.{0,60}?) (?:Conference|Journal|Workshop) (?P<year>(?:19|20)\d\d)"
    r" (?P<what>\w+ (?:Paper|Article|Abstract))"
)
_BULLET = re.compile(r"^\s*[•·*-]\s+")
_CLUSTER = re.compile(r"author name cluster|not a full identity", re.IGNORECASE)
_COUNTS = {"papers": re.compile(r"(\d[\d,]*) papers?"), "author_rows": re.compile(r"(\d[\d,]*) author rows?")}
# A space after every full stop and before the comma that followed it; and what the proceedings' page added.
_REPAIRS = (
    (re.compile(r"\s*\[\s*abs\s*\]\s*\[\s*pdf\s*\].{0,200}$", re.IGNORECASE), ""),
    (re.compile(r"\s*(?:&copy;?|©)\s*JMLR \d{4}\..{0,60}$"), ""),
    (re.compile(r"(?<![\d.])(\d{1,3})\. (?=\d)"), r"\1."),
    (re.compile(r"\b([a-z])\. ([a-z])\.(?= |$)"), r"\1.\2."),
    (re.compile(r"\. (?=[,;:)])"), "."),
)


class Arrow:
    """Reads an author page, as text or as HTML."""

    name = "arrow"

    def read(self, answer: Answer) -> Contents:
        """Rows and counts. Raises UnreadableAnswer when it is no such page."""
        lines, page = lines_of(answer)
        lines = [line for line in lines if line.text.strip()]
        starts = [place for place, line in enumerate(lines) if ROW.fullmatch(line.text.strip())]
        top = lines[: starts[0]] if starts else lines
        cluster = [line for line in top if _CLUSTER.search(line.text)]
        if not starts and not cluster:
            raise unreadable(
                answer, "this is no Arrow author page: no row such as 'ICML Conference 2025 Conference Paper' was found"
            )
        readings = [
            Reading(source=self.name, metric=metric, value=float(found[1].replace(",", "")), line=line.number)
            for line in top for metric, said in _COUNTS.items() if (found := said.fullmatch(line.text.strip()))
        ]  # fmt: skip
        rows = [_row(self.name, lines[start:end], page) for start, end in pairwise([*starts, len(lines)])]
        records = with_keys([record for record, _ in rows if record])
        told = [(int(reading.value), reading.line or 1) for reading in readings if reading.metric == "papers"]
        remarks = [
            *(
                _remark("name_cluster", "the page says that it groups equal names, not one person's papers", line)
                for line in cluster[-1:]
            ),
            *(remark for _, found in rows for remark in found),
            *count_mismatch(told, len(starts)),
        ]
        return Contents(
            records=records, readings=tuple(readings), remarks=tuple(remarks), total=told[0][0] if told else None
        )


def repaired(abstract: str) -> str:
    """Without the site's spacing and the proceedings' buttons: "0. 12B", "i. e. ,", "[abs] [ pdf ][ bib ] …"."""
    abstract = fold(abstract)
    for pattern, instead in _REPAIRS:
        abstract = pattern.sub(instead, abstract)
    return plain(abstract)


def _row(source: str, lines: Sequence[Line], page: bool) -> tuple[Record | None, list[Remark]]:
    head = ROW.fullmatch(lines[0].text.strip())
    if not head or len(lines) < 2:
        return None, [_remark("lost", "the document ends before the title of this row", lines[0])]
    listed = list(takewhile(lambda line: _bulleted(line, page), lines[2:]))
    who = as_authors(", ".join(_BULLET.sub("", line.text, count=1).replace(",", " ") for line in listed), lenient=True)
    remarks = [] if who else [_remark("not_understood", "no authors could be read under this title", lines[1])]
    who = who or Authors()
    year = int(head["year"])
    links = [named for line in lines for link in line.links if (named := find_arxiv_id(link))]
    record = Record(
        source=source, key="", title=plain(lines[1].text), authors=who.names, roles=who.roles, author_keys=who.numbers,
        truncated=who.truncated, stage=Stage.WORKSHOP if "orkshop" in head[0] else Stage.PUBLISHED, venue=head["venue"],
        venue_year=year, year=year, arxiv_id=links[0][0] if links else None, comment=head["what"],
        abstract=repaired(" ".join(line.text for line in lines[2 + len(listed) :])) or None,
        line=lines[1].number, quote="\n".join(line.text for line in lines),
    )  # fmt: skip
    return record, remarks


def _bulleted(line: Line, page: bool) -> bool:
    """Authors are bulleted; in HTML they are the items of a list."""
    return bool(_BULLET.match(line.text)) or (
        page and any(block.tag == "li" for block in line.within[-2:]) and len(line.text) < 80
    )


def _remark(kind: str, explanation: str, line: Line) -> Remark:
    return Remark(kind=kind, explanation=explanation, line=line.number, quote=line.text)
