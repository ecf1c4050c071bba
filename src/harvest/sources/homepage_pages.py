"""The homepages of the people we follow, on the network; what they say is read as the saved pages are."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from harvest.model import Contents, Person, Query
from harvest.sources.homepage import Homepage
from harvest.sources.source import Known


class HomepagePages(Homepage):
    """Every page that people.toml names, whose words are the person's own; no link is followed."""

    pause = timedelta(seconds=1)
    pages = True
    own = True

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """Each page once; its path is its whole address."""
        for person in people:
            for page in dict.fromkeys(person.homepages):
                yield Query(path=page, person_id=person.id, purpose="homepage")

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing."""
        yield from ()
