"""DBLP's search answers as JSON (https://dblp.org/faq/13501473), which is converted XML: one thing is itself, two
are a list, none is absent; entities stay escaped. Never asked for (it was down for weeks in 2026), but people save it.

Also the words that both of DBLP's forms share: numbers behind names, periods behind titles, kinds of record.
"""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from harvest.identifiers import arxiv_id_of_dblp_key, parse_arxiv_id, parse_doi, parse_pid
from harvest.model import Answer, Contents, Record, Remark, Stage
from harvest.sources.text import fold, unreadable

_NUMBER = re.compile(r"^(.*\S)\s+(\d{4})$")  # "Di Xu 0001": DBLP's own number, no part of the name
_WORKSHOP = re.compile(r"workshop|\bws\b|@", re.IGNORECASE)  # "HiLD@ICML" is a workshop at it


def read_search(answer: Answer) -> Contents:
    """The publications found. Raises UnreadableAnswer for anything but a whole search answer."""
    try:
        said = json.loads(answer.body)
        hits = said["result"]["hits"]
        total = int(hits["@total"])
        found = [one["info"] for one in _list(hits.get("hit"))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise unreadable(answer, "this is JSON, but no whole search answer of DBLP's") from problem
    works = [one for one in found if isinstance(one, dict) and _text(one.get("key")) and _text(one.get("title"))]
    lost = [Remark(kind="not_understood", explanation="a hit without a key or a title") for _ in found[len(works) :]]
    return Contents(records=tuple(map(_record, works)), remarks=tuple(lost), total=total)


def stage_of(tag: str, publtype: str, venue: str | None) -> Stage:
    """How far a record has come, by its kind of record, DBLP's mark on it, and where it stands."""
    if "withdrawn" in publtype:
        return Stage.WITHDRAWN
    if "informal" in publtype or venue == "CoRR":
        return Stage.PREPRINT
    return Stage.WORKSHOP if tag == "inproceedings" and _WORKSHOP.search(venue or "") else Stage.PUBLISHED


def bare_name(name: str) -> tuple[str, str]:
    """The name, and the number by which DBLP tells it from others of that name ("" for none)."""
    numbered = _NUMBER.match(name)
    return (str(numbered[1]), str(numbered[2])) if numbered else (name, "")


def bare_title(title: str) -> str:
    """Without the period that DBLP ends titles with."""
    return title if title.endswith("..") else title.removesuffix(".")


def _record(info: Mapping[str, Any]) -> Record:
    authors = info.get("authors")
    people = _list(authors.get("author") if isinstance(authors, dict) else None)
    names = [bare_name(_text(one.get("text") if isinstance(one, dict) else one)) for one in people]
    pids = [parse_pid(_text(one.get("@pid"))) if isinstance(one, dict) else None for one in people]
    key, links = _text(info["key"]), [_text(one) for one in _list(info.get("ee"))]
    venue = next((_text(one) for one in _list(info.get("venue"))), "") or None
    kind, year = _text(info.get("type")), _text(info.get("year"))
    stage = stage_of("inproceedings" if kind.startswith("Conference") else "", kind.lower(), venue)
    arxiv = (arxiv_id_of_dblp_key(key), *(found[0] for link in links if (found := parse_arxiv_id(link))))
    return Record(
        source="dblp", key=key, dblp_key=key, title=bare_title(_text(info["title"])), stage=stage, venue=venue,
        authors=tuple(name for name, _ in names),
        author_keys=tuple(pid or number for pid, (_, number) in zip(pids, names, strict=True)),
        year=int(year) if len(year) == 4 and year.isdecimal() else None,
        venue_year=int(year) if len(year) == 4 and year.isdecimal() and kind.startswith("Conference") else None,
        arxiv_id=next((one for one in arxiv if one), None) if stage is not Stage.PUBLISHED else None,
        doi=next((doi for link in [_text(info.get("doi")), *links] if (doi := parse_doi(link))), None),
        url=links[0] if links else f"https://dblp.org/rec/{key}",
    )  # fmt: skip


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [] if said is None else [said]


def _text(said: object) -> str:
    return fold(unescape(said)).encode("utf-8", "replace").decode() if isinstance(said, str) else ""
