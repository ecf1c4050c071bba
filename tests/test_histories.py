"""Random histories of several people's pages against a model that knows what happened: the log says that, once."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from harvest.model import Answer, Contents, Outcome, Person, Record, Stage
from harvest.pipeline import take
from harvest.plan import Plan
from harvest.runs import Visit
from harvest.store.warehouse import transaction, writing

PEOPLE = 5  # histories in each machine, side by side
START = datetime(2023, 1, 1, tzinfo=UTC)
STEP = timedelta(days=10)
QUIET = 4  # steps at the end, so that what is missing has been so for long enough
KINDS = (
    "work_added", "work_removed", "work_reappeared", "title_changed", "authors_changed", "venue_changed",
    "status_changed", "arxiv_id_added", "arxiv_id_changed", "works_merged", "works_split",
)  # fmt: skip
SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "ra", "si", "ta", "vu")


@dataclass(frozen=True)
class Paper:
    """What is true of a work now."""

    core: str  # the words of its title that stay
    words: str
    authors: tuple[str, ...]
    stage: Stage = Stage.SUBMITTED
    venue: str | None = None
    arxiv_id: str | None = None

    @property
    def title(self) -> str:
        """The title of today."""
        return f"{self.words} {self.core}"

    def record(self, line: int) -> Record:
        """As a page's reader gives it."""
        return Record(
            source="homepage", key=self.title, title=self.title, authors=self.authors, stage=self.stage,
            venue=self.venue, venue_year=2024 if self.venue else None, arxiv_id=self.arxiv_id, line=line,
        )  # fmt: skip


@dataclass
class History:
    """One person's works, what their two pages said last, and the events so far."""

    person: Person
    papers: list[Paper] = field(default_factory=list)
    shown: list[Paper] | None = None  # by the first page
    echoed: list[Paper] | None = None  # by the second, which comes a step later
    events: list[tuple] = field(default_factory=list)

    def look(self, day: int) -> None:
        """The first page is captured: what differs from its last capture happened now."""
        before = {one.core: one for one in self.shown or ()}
        for paper in self.papers:
            old = before.get(paper.core)
            told = [("work_added", self.shown is not None and old is None)]
            if old:
                told += [
                    ("title_changed", old.title != paper.title),
                    ("authors_changed", old.authors != paper.authors),
                    ("status_changed", old.stage != paper.stage),
                    ("arxiv_id_added", old.arxiv_id != paper.arxiv_id),
                ]
            self.events += [(day, kind, paper.core) for kind, happened in told if happened]
        self.shown = list(self.papers)

    def echo(self, day: int) -> None:
        """The second page says what the first said before; what it lists no more is on neither."""
        said = self.shown or []
        gone = {one.core for one in self.echoed or ()} - {one.core for one in said}
        self.events += [(day, "work_removed", core) for core in sorted(gone)]
        self.echoed = list(said)


def template() -> Path:
    """A warehouse without facts, made once."""
    home = Path(mkdtemp())
    with writing(home):
        pass
    return home / "harvest.writing.duckdb"


class Histories(RuleBasedStateMachine):
    """Each step is a run; between them things happen to the works of several people."""

    empty: Path | None = None

    def __init__(self):
        super().__init__()
        if Histories.empty is None:
            Histories.empty = template()
        self.home = Path(mkdtemp())
        self.db = duckdb.connect(shutil.copy(Histories.empty, self.home / "copy.duckdb"))
        self.count = 0
        self.day = 0
        self.quiet = 0
        people = [Person(id=f"p{n}", name=f"{self.word().title()} {self.word().title()}") for n in range(PEOPLE)]
        self.all = [History(person) for person in people]
        self.homonyms: list[Record] = []
        self.changed: set[tuple[str, str]] = set()
        for one in self.all:
            one.papers = [self.paper(one) for _ in range(3)]
        self.step(down=frozenset())

    def word(self) -> str:
        """A word that no other title has."""
        self.count += 1
        digits = f"{self.count * 7919:06d}"
        return "".join(SYLLABLES[int(digit)] for digit in digits)

    def paper(self, one: History) -> Paper:
        """A new work, by its owner and somebody who writes with nobody else."""
        words = [self.word() for _ in range(5)]
        author = f"{self.word().title()} {self.word().title()}"
        return Paper(" ".join(words[3:]), " ".join(words[:3]), (one.person.name, author))

    def change(self, who: int, which: int, what: str, **given) -> None:
        """One thing happens to one work; the same thing happens once between two looks."""
        one = self.all[who]
        paper = one.papers[which % len(one.papers)]
        if (paper.core, what) not in self.changed:
            self.changed.add((paper.core, what))
            one.papers[one.papers.index(paper)] = replace(paper, **given)

    some = st.integers(0, PEOPLE - 1)
    any_work = st.integers(0, 20)

    @rule(who=some)
    def appears(self, who):
        """A new work stands on top."""
        self.all[who].papers.insert(0, self.paper(self.all[who]))

    @rule(who=some, which=any_work)
    def is_renamed(self, who, which):
        """Most of the title is new."""
        self.change(who, which, "title", words=" ".join(self.word() for _ in range(3)))

    @rule(who=some, which=any_work)
    def is_published(self, who, which):
        """At a conference."""
        self.change(who, which, "stage", stage=Stage.PUBLISHED, venue="ICML 2024")

    @rule(who=some, which=any_work)
    def is_on_arxiv(self, who, which):
        """With a number that nobody else has."""
        self.count += 1
        if self.all[who].papers[which % len(self.all[who].papers)].arxiv_id is None:
            self.change(who, which, "arxiv", arxiv_id=f"2301.{self.count:05d}")

    @rule(who=some, which=any_work)
    def gains_an_author(self, who, which):
        """The last in the list."""
        one = self.all[who]
        authors = one.papers[which % len(one.papers)].authors
        self.change(who, which, "authors", authors=(*authors, f"{self.word().title()} {self.word().title()}"))

    @rule(who=some, which=any_work)
    def is_dropped(self, who, which):
        """Without a word, and never more than one at a time."""
        one = self.all[who]
        now, shown, echoed = ({paper.core for paper in papers or ()} for papers in (one.papers, one.shown, one.echoed))
        if len(now) > 2 and shown <= now and echoed <= shown:
            del one.papers[which % len(one.papers)]

    @rule(who=some)
    def a_homonym_leaks_in(self, who):
        """An index has a work of somebody else under the same name."""
        words, author = [self.word() for _ in range(5)], f"{self.word().title()} {self.word().title()}"
        self.homonyms.append(
            Record(source="dblp", key=words[0], title=" ".join(words), authors=(author, self.all[who].person.name))
        )

    @precondition(lambda self: self.day < 100)
    @rule(down=st.frozensets(some, max_size=2))
    def time_passes(self, down):
        """A run; the pages of some people do not answer."""
        self.step(down)

    def step(self, down: frozenset[int]) -> None:
        """One run over all pages, the second page before the first has news."""
        at = START + timedelta(days=self.day)
        said = []
        for number, one in enumerate(self.all):
            if number in down:
                said += [self.answer(one, page, at, None) for page in ("papers.html", "index.html")]
                continue
            one.echo(self.day) if one.shown is not None else None
            if one.echoed is not None:
                said.append(self.answer(one, "papers.html", at, one.echoed))
            one.look(self.day)
            said.append(self.answer(one, "index.html", at, one.shown))
        if self.homonyms:
            body = repr(self.homonyms).encode()
            index = Answer(source="dblp", url="https://dblp.example", body=body, received_at=at)
            said.append((index, Contents(records=tuple(self.homonyms))))
        plan = Plan(people=tuple(one.person for one in self.all))
        with transaction(self.db):
            take(self.db, plan, (), [Visit(source="homepage", said=tuple(said))], at, last=False)
        self.day += STEP.days
        self.changed.clear()

    def answer(self, one: History, page: str, at: datetime, papers: list[Paper] | None):
        """What a page says, or that it does not answer."""
        records = tuple(paper.record(line) for line, paper in enumerate(papers or (), 1))
        outcome = Outcome.UNANSWERED if papers is None else Outcome.ANSWERED
        answer = Answer(
            source="homepage", url=f"https://{one.person.id}.example/{page}", body=repr(records).encode(),
            received_at=at, person_id=one.person.id, own=True, outcome=outcome,
        )  # fmt: skip
        return answer, Contents(records=records)

    def teardown(self):
        """The log is the model's: nothing is missing, twice or invented."""
        try:
            for _ in range(QUIET):
                self.step(frozenset())
            rows = self.db.execute(
                f"select happened_at, kind, title from changes where kind in {KINDS}"
                " and not (kind = 'work_added' and work_id in (select work_id from first_listed))"
            ).fetchall()
            told = [
                ((at.replace(tzinfo=UTC) - START).days, kind, " ".join(title.split()[3:])) for at, kind, title in rows
            ]
            assert sorted(told) == sorted(event for one in self.all for event in one.events)
        finally:
            self.db.close()
            shutil.rmtree(self.home)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("examples", [3])
def test_the_log_of_random_histories_is_the_models(examples):
    """Works appear, are renamed, published and dropped, pages fail, homonyms leak in."""
    from hypothesis.stateful import run_state_machine_as_test

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Histories,
        settings=settings(max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=checks),
    )
