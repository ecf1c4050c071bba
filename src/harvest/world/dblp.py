"""DBLP's person pages: https://dblp.org/faq/How+to+parse+dblp+xml.html. ASCII, one <r> per record, newest first."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any, NamedTuple

from harvest.world.catalogue import Appearance, Author, Work, people, who
from harvest.world.record import Reply, World, authors
from harvest.world.templates import fill

# A preprint shows in DBLP some weeks after arXiv, with the title it had then; later versions change nothing.
CORR_LAG = timedelta(days=21)


class _Row(NamedTuple):
    """One <r>: `fields` are the elements after the title, those without text left out."""

    tag: str
    key: str
    listed: datetime
    title: str
    authors: tuple[Author, ...]
    fields: tuple[tuple[str, object], ...]
    informal: bool = False


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/pid/<pid>.xml: a person, a homonym, the bin of people not told apart, a redirect, or 404; /search/author/api."""
    if path == "/search/author/api":
        return Reply(200, "text/xml", _search(params.get("q", "")).encode("ascii", "xmlcharrefreplace"))
    found = re.fullmatch(r"/pid/(\w+/[\w-]+)\.xml", path)
    pid = found[1] if found else ""
    if person := who("dblp_pid", pid):
        return Reply(200, "application/xml", _page(person, as_of).encode("ascii", "xmlcharrefreplace"))
    if moved := who("dblp_pid_before", pid):
        return Reply(301, "text/html", b"", f"/pid/{moved['dblp_pid']}.xml")
    return Reply.html(404, "<html><body><h1>Not Found</h1></body></html>")


def _search(words: str) -> str:
    """The persons whose names have all the words."""
    found = [one for one in people().values() if set(words.lower().split()) <= set(one["dblp_name"].lower().split())]
    hits = "".join(
        f'<hit score="1" id="{number}"><info><author>{escape(one["dblp_name"])}</author>'
        f"<url>https://dblp.org/pid/{one['dblp_pid']}</url></info></hit>"
        for number, one in enumerate(found)
    )
    count = f'total="{len(found)}" computed="{len(found)}" sent="{len(found)}" first="0"'
    return f'<result><status code="200">OK</status><hits {count}>{hits}</hits></result>'


def _page(person: Mapping[str, Any], as_of: datetime) -> str:
    works = World(as_of).works_of(person["id"])
    rows = [row for work in works for row in _rows(work) if row.listed <= as_of]
    others = {one.dblp_pid: one for row in rows for one in row.authors if one.dblp_pid != person["dblp_pid"]}
    return fill(
        "dblp.xml",
        person=person,
        homonyms=[one for one in people().values() if one["name"] == person["name"] and one is not person],
        rows=sorted(rows, key=lambda row: row.listed, reverse=True),
        coauthors=sorted(others.values(), key=lambda one: one.dblp_name.split()[-1]),
    )


def _rows(work: Work) -> Iterator[_Row]:
    if work.versions and work.corr_key != "":
        yield _preprint(work)
    for one in work.appearances:
        if one.in_dblp:
            yield _published(work, one, one.in_dblp)


def _curated(work: Work, names: Iterable[str]) -> tuple[Author, ...]:
    """DBLP drops what is no name from arXiv's lists, such as ":" and "and"."""
    return authors(work, [name for name in names if any(letter.isupper() for letter in name)])


def _preprint(work: Work) -> _Row:
    listed, year = work.versions[0].at + CORR_LAG, work.versions[0].at.year
    known = [version for version in work.versions if version.at <= listed][-1]
    id = str(work.arxiv_id)
    key = work.corr_key or f"journals/corr/abs-{id.replace('.', '-')}"
    fields = (
        ("year", year),
        ("volume", f"abs/{id}"),
        ("journal", "CoRR"),
        ("ee", f"https://doi.org/10.48550/arXiv.{id}" if year >= 2022 else f"http://arxiv.org/abs/{id}"),
        ("url", f"db/journals/corr/corr{id[:4]}.html#{key.rsplit('/', 1)[1]}"),
    )
    return _Row("article", key, listed, known.title, _curated(work, known.authors), fields, informal=True)


def _published(work: Work, one: Appearance, listed: datetime) -> _Row:
    journal = one.kind == "journal"
    stream, anchor = one.dblp_key.rsplit("/", 1)
    issue = one.volume if journal else one.year
    fields = (
        ("pages", one.pages),
        ("year", one.year),
        ("volume", one.volume if journal else None),
        ("journal" if journal else "booktitle", one.venue),
        ("ee", one.doi and f"https://doi.org/{one.doi}"),
        ("ee", one.url),
        ("crossref", None if journal else f"{stream}/{one.year}"),
        ("url", f"db/{stream}/{stream.rsplit('/', 1)[1]}{issue}.html#{anchor}"),
    )
    tag = "article" if journal else "inproceedings"
    return _Row(tag, one.dblp_key, listed, one.title, _curated(work, one.authors), fields)
