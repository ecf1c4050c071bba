"""One record of DBLP's, of a person's page, of a single page or of the dump: read in one pass, for the dump is long."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape

from lxml import etree

from harvest.identifiers import arxiv_id_of_dblp_key, parse_arxiv_id, parse_doi, parse_pid
from harvest.model import Answer, Record, Stage
from harvest.sources.dblp_search import bare_name, bare_title, stage_of
from harvest.sources.text import fold, unreadable

KINDS = frozenset(
    ("article", "inproceedings", "proceedings", "book", "incollection", "phdthesis", "mastersthesis", "data")
)
_OPENREVIEW = re.compile(r"^https?://openreview\.net/(?:forum|pdf)\?id=([\w-]{4,40})")
_SAID = frozenset(("title", "year", "volume", "booktitle", "journal", "school", "publisher"))


def records_in(answer: Answer, box: "etree._Element") -> Iterator[Record]:
    """The records directly inside an element. Raises UnreadableAnswer for one without a key or a title."""
    for work in box:
        tag = work.tag
        if tag in KINDS:
            yield _record(answer, work, str(tag))


def words(element: "etree._Element") -> str:
    """All words of an element. The dump's entities ("&uuml;") are named as HTML's are, and no others are resolved."""
    return fold(_marked_up(element))


def _marked_up(element: "etree._Element") -> str:
    return "".join(_pieces(element))


def _pieces(element: "etree._Element") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child, etree._Entity):
            yield unescape(str(child.text or ""))
        else:
            yield from _pieces(child)
        yield child.tail or ""


def _record(answer: Answer, work: "etree._Element", tag: str) -> Record:
    said: dict[str, str] = {}
    people: list[tuple[str, str]] = []
    editors: list[tuple[str, str]] = []
    links: list[str] = []
    for child in work:
        name = child.tag
        text = _marked_up(child) if len(child) else child.text or ""
        if name == "author":
            people.append(_person(text, child.get("pid")))
        elif name in _SAID:
            said.setdefault(name, text)
        elif name == "ee":
            links.append(text.strip())
        elif name == "editor":
            editors.append(_person(text, child.get("pid")))
    key, title = work.get("key", ""), bare_title(fold(said.get("title", "")))
    if not (key and title):
        raise unreadable(answer, f"a record without a key or a title ({key[:100]!r})")
    place = said.get("booktitle") or said.get("journal") or said.get("school") or said.get("publisher", "")
    venue, stage = _place(tag, work.get("publtype", ""), place)
    year = _year(said.get("year", ""))
    roles = ("",) * len(people) + ("editor",) * len(editors) if editors else ()
    names, pids = zip(*people, *editors, strict=True) if people or editors else ((), ())
    return Record(
        source="dblp", key=key, dblp_key=key, title=title, stage=stage, venue=venue, year=year,
        authors=names, author_keys=pids, roles=roles, venue_year=year if tag == "inproceedings" else None,
        arxiv_id=_arxiv_id(said, key, links) if stage is not Stage.PUBLISHED else None,
        doi=_doi(links), openreview_id=_openreview(links), url=links[0] if links else f"https://dblp.org/rec/{key}",
    )  # fmt: skip


def _doi(links: Sequence[str]) -> str | None:
    for link in links:
        if doi := parse_doi(link):
            return doi
    return None


@lru_cache(4096)  # few venues, many records
def _place(tag: str, publtype: str, said: str) -> tuple[str | None, Stage]:
    venue = fold(said) or None
    return venue, stage_of(tag, publtype, venue)


@lru_cache(65_536)
def _person(name: str, pid: str | None) -> tuple[str, str]:
    """The name without DBLP's number, and the pid, else that number."""
    bare, number = bare_name(fold(name))
    return bare, parse_pid(pid or "") or number


@lru_cache(512)
def _year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\s*[12][0-9]{3}\s*", text) else None


def _openreview(links: Sequence[str]) -> str | None:
    for link in links:
        if "openreview" in link and (found := _OPENREVIEW.match(link)):
            return found[1]
    return None


def _arxiv_id(said: dict[str, str], key: str, links: Sequence[str]) -> str | None:
    """From the key (since 2016), the volume "abs/1706.03762" (before), or a link."""
    if found := arxiv_id_of_dblp_key(key):
        return found
    volume = [said.get("volume", "").strip().removeprefix("abs/")] if said.get("journal") == "CoRR" else []
    return next((parsed[0] for text in [*volume, *links] if (parsed := parse_arxiv_id(text))), None)
