"""DBLP's search answers (https://dblp.org/faq/13501473), as XML or as JSON, which is converted XML: one thing is
itself, two are a list, none is absent; entities stay escaped. Never asked for (it was down for weeks in 2026), but
people save it.

Also the words that both of DBLP's forms share: numbers behind names, periods behind titles, kinds of record.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

from harvest.identifiers import arxiv_id_of_dblp_key, parse_arxiv_id, parse_dblp_key, parse_doi, parse_pid
from harvest.model import Answer, Contents, Record, Remark, Stage
from harvest.sources.json_answer import documents, inside
from harvest.sources.refusal import apology, refused
from harvest.sources.text import fold, unreadable

if TYPE_CHECKING:
    from lxml import etree

_NUMBER = re.compile(r"^(.*\S)\s+(\d{4})$")  # "Di Xu 0001": DBLP's own number, no part of the name
_WORKSHOP = re.compile(r"workshop|\bws\b|@", re.IGNORECASE)  # "HiLD@ICML" is a workshop at it


def read_search(answer: Answer) -> Contents:
    """The publications or persons found. Raises UnreadableAnswer for anything but a whole search answer."""
    result = inside(documents(answer, "DBLP")[0], "result")
    hits = inside(result, "hits")
    _check(answer, _text(inside(result, "status").get("@code")), bool(hits))
    found = [inside(one, "info") for one in _list(hits.get("hit"))]
    if not all(found):
        raise unreadable(answer, "this is no whole search answer of DBLP's: a hit says nothing")
    return _found(answer, _text(hits.get("@total")), found)


def read_search_xml(answer: Answer, root: "etree._Element") -> Contents:
    """The same as XML."""
    status, hits = root.find("status"), root.find("hits")
    _check(answer, "" if status is None else status.get("code", ""), hits is not None)
    if hits is None:
        raise unreadable(answer, "a search answer without hits")
    return _found(answer, hits.get("total", ""), [inside(_plain(one), "info") for one in hits.findall("hit")])


def _check(answer: Answer, status: str, whole: bool) -> None:
    if status not in ("", "200"):
        raise apology(answer, "DBLP", f"the search failed with status {status}")
    if not whole:
        raise refused(answer, "this is JSON or XML, but no whole search answer of DBLP's")


def _found(answer: Answer, total: str, found: list[Mapping[str, Any]]) -> Contents:
    if not re.fullmatch(r"[0-9]{1,9}", total):
        raise unreadable(answer, "this is no whole search answer of DBLP's: it does not say how long it is")
    records, remarks = [], []
    for info in found:
        key = _text(info.get("key")) or parse_dblp_key(_text(info.get("url")))
        if key and _text(info.get("title")):
            records.append(_record(info, key))
        elif pid := parse_pid(_text(info.get("url"))):
            name, number = bare_name(_text(info.get("author")))
            remarks.append(
                Remark(
                    kind="candidate", explanation=", ".join((f"{name} {number}".strip() + f": {pid}", *_notes(info)))
                )
            )
        else:
            remarks.append(Remark(kind="not_understood", explanation="a hit that is no publication and no person"))
    return Contents(records=tuple(records), remarks=tuple(remarks), total=int(total))


def _notes(info: Mapping[str, Any]) -> list[str]:
    """Affiliations and awards, as the search of persons says them."""
    notes = _list(inside(info, "notes").get("note"))
    return [_text(one.get("text")) for one in notes if isinstance(one, dict) and _text(one.get("text"))]


def _plain(element: "etree._Element") -> Any:
    """An element as DBLP itself makes JSON of it: attributes with "@", repeated children as lists."""
    inner = [
        (child.tag, _plain(child))
        for child in element
        if isinstance(child.tag, str) and child.tag not in ("i", "sub", "sup", "tt")
    ]
    marks = {f"@{name}": str(value) for name, value in element.attrib.items() if isinstance(name, str)}
    words = "".join(str(piece) for piece in element.itertext())
    if not inner:
        return marks | {"text": words} if marks else words
    made: dict[str, Any] = dict(marks)
    for tag, value in inner:
        made[tag] = [*_list(made[tag]), value] if tag in made else value
    return made


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


def _record(info: Mapping[str, Any], key: str) -> Record:
    authors = info.get("authors")
    people = _list(authors.get("author") if isinstance(authors, dict) else None)
    names = [bare_name(_text(one.get("text") if isinstance(one, dict) else one)) for one in people]
    pids = [parse_pid(_text(one.get("@pid"))) if isinstance(one, dict) else None for one in people]
    links = [_text(one) for one in _list(info.get("ee"))]
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
