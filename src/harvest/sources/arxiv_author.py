"""arXiv's lists of single authors (https://info.arxiv.org/help/author_identifiers.html): the papers that they own.

The only lists of arXiv's that are bound to a person: under an ORCID, or an id such as "lovelace_a_1". An author has
to make one, so most have none, and arXiv says so with an error. Feeds are checked by strict lxml first: feedparser
alone takes a page cut in half, an HTML apology and an empty body for feeds, and a text for a file name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from harvest.identifiers import parse_arxiv_id, parse_orcid
from harvest.model import Answer, Contents, Person, Query, Record, Remark
from harvest.sources.arxiv_atom import ATOM, COUNTS, moment, text_in, version_linked, whole_feed
from harvest.sources.arxiv_oai import MANY
from harvest.sources.arxiv_paper import is_name, names_in, paper
from harvest.sources.json_answer import inside, objects, text
from harvest.sources.refusal import refused
from harvest.sources.source import Known
from harvest.sources.text import fold, unreadable

if TYPE_CHECKING:
    from lxml import etree

_WHOSE = re.compile(r"(.{1,200})'s articles on arXiv")
_OWN = re.compile(r"/a/([^/?#]{1,100})\.atom2?$")
_NONE = (400, 404)
_CODE = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")  # of "Machine Learning (cs.LG)"
_NEEDED = ("id", "title", "published", "updated")


class ArxivAuthor:
    """One list for everybody with an arXiv author id or an ORCID."""

    name = "arxiv_author"
    pause = timedelta(seconds=3)  # shared with arXiv's other interfaces: https://info.arxiv.org/help/api/tou.html
    line = "arxiv"  # one connection for all of arXiv's interfaces
    hosts = ("arxiv.org", "export.arxiv.org")
    every = 1  # its terms: the lists change once a day
    none = _NONE  # the statuses that say that there is no such list

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The list of everybody who may have one; of many people, only lists never asked before."""
        asked = [url for url in known.counts if "/a/" in url] if len(people) > MANY else []
        for person in people:
            id = dict(person.more).get(self.name) or person.orcid
            path = f"/a/{id}.atom"
            if id and not any(url.endswith(path) for url in asked):
                yield Query(path=path, person_id=person.id, purpose="own list")

    def read(self, answer: Answer) -> Contents:
        """One record per paper. Raises UnreadableAnswer for all else, also where an author id is not known."""
        if answer.status in _NONE:
            return _nobody(answer)
        feed = whole_feed(answer)
        if not is_author_feed(feed):
            raise unreadable(answer, "this is a feed of arXiv's, but no author's")
        return read_author_feed(answer, feed)

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: a list is whole."""
        yield from ()


def is_author_feed(feed: "etree._Element") -> bool:
    """Whether this is the feed of one author, which names its own address and has no counts."""
    own = _own(feed)
    return bool(own) and not any(isinstance(one.tag, str) and one.tag.startswith(COUNTS) for one in feed)


def read_author_feed(answer: Answer, feed: "etree._Element") -> Contents:
    """The records of an author's feed, which was read strictly as `feed`; UnreadableAnswer for what is not whole."""
    import feedparser  # slow to import

    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        if lacking := [name for name in _NEEDED if not text_in(entry, f"{ATOM}{name}")]:
            raise unreadable(answer, f"an entry without {lacking[0]!r}: no whole feed of arXiv's")
    parsed = feedparser.parse(answer.body, sanitize_html=False, resolve_relative_uris=False)
    if parsed.bozo or parsed.get("version") != "atom10" or len(parsed.entries) != len(entries):
        raise unreadable(answer, "two readers do not agree on what is in this feed: nothing of it is believed")
    joined = _own(feed).endswith(".atom2")
    contents = _contents(_entry(answer, entry, joined=joined) for entry in parsed.entries)
    whose = _WHOSE.fullmatch(text_in(feed, f"{ATOM}title"))
    named = [Remark(kind="name", explanation=whose[1])] if whose else []
    return replace(contents, remarks=(*named, *contents.remarks))


def read_author_json(answer: Answer, feed: Mapping[str, Any]) -> Contents:
    """The feed of one author as JSON: the same entries, with all authors in one text."""
    if not isinstance(feed.get("entries"), list):
        raise refused(answer, "this is JSON, but no author's feed of arXiv's")
    return _contents(_json_entry(answer, entry) for entry in objects(feed, "entries"))


def _own(feed: "etree._Element") -> str:
    links = [link.get("href", "") for link in feed.findall(f"{ATOM}link")]
    return next((link for link in links if _OWN.search(link)), "")


def _nobody(answer: Answer) -> Contents:
    """Nobody made a list under this ORCID, or the author id in people.toml is wrong."""
    id = answer.url.rpartition("/")[2].removesuffix(".atom")
    if not parse_orcid(id):
        raise unreadable(answer, f"arXiv knows no author {id[:60]!r}: mend arxiv_author_id in people.toml")
    return Contents(remarks=(Remark(kind="no_list", explanation=f"nobody made a list of papers for {id} at arXiv"),))


def _contents(read: Iterator[tuple[Record, list[Remark]]]) -> Contents:
    both = list(read)
    remarks = tuple(remark for _, remarks in both for remark in remarks)
    return Contents(records=tuple(record for record, _ in both), remarks=remarks, total=len(both))


def _entry(answer: Answer, entry: Any, *, joined: bool) -> tuple[Record, list[Remark]]:
    names = [name for author in entry.get("authors", ()) if is_name(name := fold(author.get("name", "")))]
    terms = [entry.get("arxiv_primary_category", {}).get("term"), *(tag.get("term") for tag in entry.get("tags", ()))]
    return _paper(
        answer, entry, [link.get("href", "") for link in entry.get("links", ())],
        authors=names_in(", ".join(names)) if joined else names,
        comment=fold(entry.get("arxiv_comment", "")), abstract=fold(entry.get("summary", "")),
        reference=fold(entry.get("arxiv_journal_ref", "")), doi=fold(entry.get("arxiv_doi", "")),
        categories=[term for term in terms if term],
    )  # fmt: skip


def _json_entry(answer: Answer, entry: Mapping[str, Any]) -> tuple[Record, list[Remark]]:
    return _paper(
        answer, entry, [text(link) for link in inside(entry, "formats").values()],
        authors=names_in(text(entry.get("authors"))), comment=text(entry.get("comment")),
        abstract=text(entry.get("summary")), reference=text(entry.get("journal_ref")), doi=text(entry.get("doi")),
        categories=_CODE.findall(f"{text(entry.get('subject'))} {text(entry.get('categories'))}"),
    )  # fmt: skip


def _paper(
    answer: Answer, entry: Mapping[str, Any], links: Sequence[str], **fields: Any
) -> tuple[Record, list[Remark]]:
    """The record of an entry; its version is that of the links, for ids have none here."""
    id, title = fold(text(entry.get("id"))), fold(text(entry.get("title")))
    parsed = parse_arxiv_id(id)
    if not (parsed and title):
        raise unreadable(answer, f"an entry without an arXiv id or a title ({id[:100]!r})")
    return paper(
        id=parsed[0], version=parsed[1] or version_linked(links), title=title,
        day=moment(answer, "updated", text(entry.get("updated"))),
        first=moment(answer, "published", text(entry.get("published"))), **fields,
    )  # fmt: skip
