"""What a run costs when everything is new, nothing is, and one work is: as the number of people grows.

    python benchmarks/growth.py [--people 3 30 300]     each with 60 works on DBLP, half of them on arXiv, too

Prints one line per number: records known, seconds of each run (its copy for readers included), and how the last grew
since the line before, beside how the records did: reading an archive of thousands must not be paid for one paper.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harvest import pipeline
from harvest.model import Answer, Person
from harvest.plan import Plan
from harvest.runs import Said, Visit
from harvest.sources import READERS
from harvest.store.hold import held
from harvest.store.warehouse import publish, transaction, writing

Work = tuple[str, tuple[str, ...], int]  # title, co-authors, year
_WORKS, _BEGIN = 60, datetime(2026, 1, 5, tzinfo=UTC)
_SYLLABLES = [first + last for first in "bdklmnprstvz" for last in "aeiou"]
_COMMON = (
    "learning",
    "analysis",
    "deep",
    "graph",
    "sparse",
    "convex",
    "neural",
    "robust",
    "online",
    "bounds",
    "networks",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[3, 30, 300])
    before: tuple[int, float] | None = None
    for number in parser.parse_args().people:
        records, seconds = measured(number)
        first, same, one = seconds
        grown = f"  ({one / before[1]:.1f} x for {records / before[0]:.0f} x the records)" if before else ""
        runs = f"all new {first:6.2f} s  nothing new {same:5.2f} s  one work new {one:5.2f} s"
        print(f"{number:>5} people {records:>7} records  {runs}{grown}", flush=True)  # noqa: T201 - its output
        before = records, one


def measured(number: int) -> tuple[int, list[float]]:
    """How many records the first run brings, and the seconds of the three."""
    chance = random.Random(number)  # noqa: S311 - no secret
    people = tuple(Person(id=f"p{n}", name=_name(n, chance), dblp_pid=f"1/{n + 1}") for n in range(number))
    lists = {one: [_work(chance) for _ in range(_WORKS)] for one in people}
    seconds, records = [], 0
    with tempfile.TemporaryDirectory() as home:
        for day, asked in enumerate((people, people[:1], people[:1])):
            if day == 2:
                lists[people[0]].append(_work(chance))
            at = _BEGIN + timedelta(days=day)
            said = [answer for one in asked for answer in _said(one, lists[one], at)]
            began = time.perf_counter()
            records = max(records, _run(Path(home), people, said, at))
            seconds.append(time.perf_counter() - began)
    return records, seconds


def _run(home: Path, people: tuple[Person, ...], said: Sequence[Said], at: datetime) -> int:
    visits = [Visit(source=name, said=tuple(one for one in said if one[0].source == name)) for name in _BODIES]
    with writing(home) as db, held(db) as hold:
        with transaction(db):
            summary = pipeline.take(db, Plan(people=people, sources=()), (), visits, at, hold=hold)
        publish(db, home, hold)
    return summary.records


def _said(person: Person, works: Sequence[Work], at: datetime) -> list[Said]:
    answers = [
        Answer(source=name, url=f"{url}{person.id}", body=body(person, works).encode(), received_at=at,
               person_id=person.id)
        for name, (url, body) in _BODIES.items()
    ]  # fmt: skip
    return [(answer, READERS[answer.source].read(answer)) for answer in answers]


def _name(number: int, chance: random.Random) -> str:
    return " ".join("".join(chance.sample(_SYLLABLES, size)).capitalize() for size in (2, 3)) + "xyz"[number % 3]


def _work(chance: random.Random) -> Work:
    rare = ["".join(chance.sample(_SYLLABLES, 3)) for _ in range(4)]
    others = tuple(_name(n, chance) for n in range(3))
    return " ".join([*chance.sample(_COMMON, 3), *rare]).capitalize(), others, chance.randrange(2010, 2026)


def _dblp(person: Person, works: Sequence[Work]) -> str:
    records = "".join(
        f'<r><inproceedings key="conf/x/{person.id}-{n}"><author pid="{person.dblp_pid}">{person.name}</author>'
        + "".join(f'<author pid="8/{one}">{one}</author>' for one in others)
        + f"<title>{title}.</title><year>{year}</year><booktitle>ICML</booktitle>"
        f"<ee>https://doi.org/10.1000/{person.id}.{n}</ee></inproceedings></r>"
        for n, (title, others, year) in enumerate(works)
    )
    return (
        f'<dblpperson name="{person.name}" pid="{person.dblp_pid}" n="{len(works)}">'
        f'<person key="homepages/{person.dblp_pid}"><author>{person.name}</author></person>{records}</dblpperson>'
    )


def _arxiv(person: Person, works: Sequence[Work]) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{year % 100}01.{int(person.id[1:]) * 90 + n:05}v1</id><title>{title}</title>"
        f"<updated>{year}-01-01T10:00:00Z</updated><published>{year}-01-01T10:00:00Z</published>"
        f"<summary>We study {title}.</summary>"
        + "".join(f"<author><name>{one}</name></author>" for one in (person.name, *others))
        + '<category term="cs.LG"/><arxiv:primary_category term="cs.LG"/></entry>'
        for n, (title, others, year) in enumerate(works[::2])
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/"'
        f' xmlns:arxiv="http://arxiv.org/schemas/atom"><o:totalResults>{len(works[::2])}</o:totalResults>'
        f"<o:startIndex>0</o:startIndex><o:itemsPerPage>100</o:itemsPerPage>{entries}</feed>"
    )


_BODIES = {
    "dblp": ("https://dblp.org/pid/", _dblp),
    "arxiv": ("https://export.arxiv.org/api/query?max_results=100&search_query=au:", _arxiv),
}

if __name__ == "__main__":
    main()
