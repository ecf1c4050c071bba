"""Scholar Feed's author pages on the network; what they say is read as the saved pages are."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from harvest.model import Contents, Person, Query
from harvest.sources.scholar_feed import ScholarFeed
from harvest.sources.source import Known


class ScholarFeedPages(ScholarFeed):
    """One page per person, bound by the number in its address: a name would find homonyms."""

    pause = timedelta(seconds=5)  # a website, not an API: slower than its published rates
    pages = True
    hosts = ("scholarfeed.org", "www.scholarfeed.org")

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The page of everybody whose Scholar Feed id is known."""
        for person in people:
            if person.scholar_feed_id:
                yield Query(path=f"/author/{person.scholar_feed_id}", person_id=person.id, purpose="author page")

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: its rows name papers that arXiv is asked about in the next run."""
        yield from ()
