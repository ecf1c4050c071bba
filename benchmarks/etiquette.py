"""How many requests a run with nothing new makes, and how long it takes at the services' real pauses.

    python benchmarks/etiquette.py [--people 3 100 10000]

For the people of the model world the requests are counted by its server, in the second of two runs; for as many
invented people as asked for, they are the questions that the sources put (one page each), and robots.txt of every
homepage; of a source that is asked every seven days, a seventh. Prints one JSON line per number: requests by source,
and the predicted seconds: pauses with their jitter, and half a second for every answer; the services are asked side
by side, so the slowest of them counts.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path

from harvest import asking, pipeline
from harvest.demo import bound
from harvest.model import Person
from harvest.plan import read_plan
from harvest.settings import read_settings
from harvest.sources import SOURCES
from harvest.sources.source import Known
from harvest.world import WorldServer, bindings, demo_dates

_JITTER, _ANSWER = 1.05, 0.5  # of a pause, on average; seconds that an answer takes


def invented(number: int) -> list[Person]:
    """People with two spellings of their name and an identifier everywhere."""
    return [
        Person(
            id=f"person-{n}", name=f"Given{n} Family{n}", aliases=(f"G. Family{n}",), dblp_pid=f"999/{n + 1}",
            openalex_id=f"A59{n:08d}", scholar_feed_id=str(n + 1), homepages=(f"https://person{n}.example/",),
            orcid=f"0000-0000-{n // 10000:04d}-{n % 10000:04d}", more=(("semantic_scholar", str(n + 1)),),
        )
        for n in range(number)
    ]  # fmt: skip


def questions(people: Sequence[Person]) -> Counter[str]:
    """Source → requests of a run in which every answer has one page and nothing is new; an average of daily runs."""
    asked: Counter[str] = Counter()
    for source in SOURCES:
        queries = list(source.ask(people, Known()))
        sites = {query.path.split("/")[2] for query in queries if "://" in query.path}
        robots = len(sites) or 1 if queries and getattr(source, "pages", False) else 0
        asked[source.name] = ceil((len(queries) + robots) / getattr(source, "every", 1))
    return asked


def second_run() -> Counter[str]:
    """Source → requests that the model world counts in a second run on the same day."""
    with WorldServer(demo_dates()[-1]) as world, tempfile.TemporaryDirectory() as home:
        settings = read_settings(home=Path(home), pace=0, **world.settings())
        plan = read_plan(settings)
        plan = replace(plan, people=tuple(bound(person, bindings()) for person in plan.people))
        for hours in (0, 24):
            world.log.clear()
            moment = demo_dates()[-1] + timedelta(hours=hours)
            pipeline.harvest(settings=settings, plan=plan, now=moment, each=asking.side_by_side)
        return Counter(request.service for request in world.log)


def seconds(asked: Mapping[str, int]) -> dict[str, int]:
    """Source → what its requests take, each with its pause and its answer; a last line for them all."""
    each = {source.name: source.pause.total_seconds() * _JITTER + _ANSWER for source in SOURCES}
    told = {name: round(number * each[name]) for name, number in sorted(asked.items())}
    return told | {"all, side by side": max(told.values(), default=0)}


def main() -> None:
    """Count, predict, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[3, 100, 10_000])
    for number in parser.parse_args().people:
        asked = second_run() if number == len(bindings()) else questions(invented(number))
        told = {"people": number, "requests": asked.total(), "by_source": dict(sorted(asked.items()))}
        sys.stdout.write(json.dumps(told | {"predicted_seconds": seconds(asked)}) + "\n")


if __name__ == "__main__":
    main()
