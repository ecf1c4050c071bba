"""arXiv's query API: https://info.arxiv.org/help/api/user-manual.html. What to ask; `arxiv_atom` reads.

Both dialects are read: that of 2007-2025 and that of 2026 (https, no `scheme`, other order, one line per title), and
the feeds of single authors (https://info.arxiv.org/help/author_identifiers.html), as Atom and as JSON.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from harvest.identifiers import parse_arxiv_id
from harvest.model import Answer, Contents, Person, Query
from harvest.sources.arxiv_atom import read_feed, whole_feed
from harvest.sources.arxiv_author import is_author_feed, read_author_feed, read_author_json
from harvest.sources.arxiv_oai import MANY
from harvest.sources.json_answer import documents, inside
from harvest.sources.source import Known
from harvest.sources.text import fold

_PAGE = 200  # entries a page
_NAMES, _IDS = 25, 50  # in one question: keeps its address well under 2,000 characters
_HISTORY = 100  # versions of one paper that are asked for, newest first; nobody is known to have more


class Arxiv:
    """Papers by author name, their versions, and papers that other sources name."""

    name = "arxiv"
    pause = timedelta(seconds=3)  # https://info.arxiv.org/help/api/tou.html: one request every three seconds
    hosts = ("export.arxiv.org", "arxiv.org")

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """Everything under any spelling of the people's names, newest change first.

        Of many people, only names never searched before: what is new of the others is in arXiv's own list of changes.
        """
        names = dict.fromkeys(_as_printed(name) for person in people for name in person.names)
        old = searched(known.arxiv_searches) if len(people) > MANY and known.listed_until else frozenset()
        for some in _batches([name for name in names if name and name not in old], _NAMES):
            yield Query(
                path="/api/query",
                params=(
                    ("search_query", " OR ".join(f'au:"{name}"' for name in some)),
                    ("start", "0"), ("max_results", str(_PAGE)),
                    ("sortBy", "lastUpdatedDate"), ("sortOrder", "descending"),
                ),
                person_id=people[0].id if len(people) == 1 else None,
                purpose="author search",
            )  # fmt: skip

    def read(self, answer: Answer) -> Contents:
        """One record per entry; raises UnreadableAnswer for anything but a whole feed of arXiv's, also its errors."""
        if answer.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return read_author_json(answer, inside({"feed": documents(answer, "arXiv")[0]}, "feed"))
        feed = whole_feed(answer)
        return read_author_feed(answer, feed) if is_author_feed(feed) else read_feed(answer, feed)

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Earlier versions never seen, and papers that others name and no search covers, the older the more rarely.

        Nothing when none answered.
        """
        if all(one.total is None for one in contents) and (contents or not known.listed_until):
            return
        newest: dict[str, int] = {}
        pairs = [(one.arxiv_id, one.arxiv_version or 0) for each in contents for one in each.records if one.arxiv_id]
        for id, number in [*pairs, *known.arxiv_versions]:
            newest[id] = max(number, newest.get(id, 0))
        seen = known.arxiv_versions | set(pairs)
        missing = [
            f"{id}v{number}"
            for id, last in sorted(newest.items())
            for number in range(max(1, last - _HISTORY), last)
            if (id, number) not in seen
        ]
        others = known.arxiv_ids - known.arxiv_listed - known.arxiv_resting - {id for id, _ in pairs}
        named = sorted(id for id in others if parse_arxiv_id(id) == (id, None))
        yield from _by_id(named, "named by others")
        yield from _by_id(missing, "versions")


def onward(answer: Answer, pages: Sequence[Contents], known: Known) -> tuple[Query, ...]:
    """The next page of a list, when it can say anything new; `pages` are those of this list so far, the newest last.

    A list in order of change is known from its first page on that holds nothing new, when all of it was read before.
    """
    last = pages[-1]
    asked = dict(parse_qsl(urlsplit(answer.url).query))
    if asked.get("sortBy") != "lastUpdatedDate" or asked.get("sortOrder") != "descending" or last.total is None:
        return last.next
    if any((one.arxiv_id, one.arxiv_version) not in known.arxiv_versions for one in last.records):
        return last.next
    days = [one.published_on or date.max for page in pages for one in page.records]
    if days != sorted(days, reverse=True):  # for weeks at a time, the order that was asked for is not kept
        return last.next
    ids = {id for id, _ in known.arxiv_versions}
    new = {one.arxiv_id for page in pages for one in page.records if one.arxiv_id not in ids}
    same = {name: value for name, value in asked.items() if name != "start"}
    before = sum(count for url, count in known.counts.items() if _search(url) == same)
    return last.next if before + len(new) < last.total else ()


def searched(addresses: Iterable[str]) -> frozenset[str]:
    """The names that these addresses asked for."""
    queries = (_search(url).get("search_query", "") for url in addresses)
    return frozenset(name for query in queries for name in re.findall(r'au:"([^"]{1,200})"', query))


def _search(url: str) -> dict[str, str]:
    """What an address asks for, on whichever page."""
    return {name: value for name, value in parse_qsl(urlsplit(url).query) if name != "start"}


def _as_printed(name: str) -> str:
    """The name as papers print it: "Lovelace, Ada" is the same question as "Ada Lovelace"."""
    family, comma, given = name.replace('"', " ").partition(",")
    return fold(f"{given} {family}" if comma else family)


def _by_id(ids: Sequence[str], purpose: str) -> Iterator[Query]:
    for some in _batches(ids, _IDS):  # without max_results, arXiv gives the first ten only
        params = (("id_list", ",".join(some)), ("start", "0"), ("max_results", str(len(some))))
        yield Query(path="/api/query", params=params, purpose=purpose)


def _batches(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
