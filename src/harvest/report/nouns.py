"""What a report is made of. Frozen, so that the same period of the same warehouse gives an equal digest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from harvest.report.wording import CREDITS, count, day, listed, metric_name, source_name, step, value

_SUBJECT = 60  # with "Subject: Harvest: " before it, one line of a mail's head: longer ones are folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to tell: a sentence, its evidence, and where to look."""

    id: str
    kind: str
    at: datetime
    sentence: str
    about: str = ""  # the work, person or page it concerns
    title: str = ""  # of the work, between quotation marks
    source: str = ""  # who says so
    confidence: str = ""  # how far that is short of certain, in words
    url: str | None = None  # http or https only
    details: tuple[str, ...] = ()
    advice: str = ""
    people: tuple[str, ...] = ()  # names of the followed people it concerns
    before: str | None = None
    after: str | None = None
    new: bool = True  # not told before
    severity: str = ""  # of findings: error, warning, question


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items of one group, most important first; readers are shown the first `limit`."""

    key: str
    title: str
    items: tuple[Item, ...] = ()
    limit: int = 8

    @property
    def shown(self) -> tuple[Item, ...]:
        """What a reader sees."""
        return self.items[: self.limit]

    @property
    def more(self) -> int:
        """How many a reader does not see."""
        return max(0, len(self.items) - self.limit)

    @property
    def news(self) -> int:
        """How many were not told before."""
        return sum(item.new for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One series of one source about one person; only readings that can be, oldest first."""

    person: str
    metric: str
    source: str
    before: float
    after: float
    points: tuple[tuple[datetime, float], ...]
    left_out: int = 0  # readings that cannot be, are unlikely, or mix people
    why: str = ""  # what moved it in the period, in parts that add up
    current: bool = True  # the newest reading is none of those, so `after` is what the source says now

    @property
    def step(self) -> float:
        """How far it moved in the period."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers:
    """Citations of works by one source's count, summed up; top movers first."""

    source: str
    sentence: str
    step: int
    top: Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What a source last said, and for whom."""

    sources: tuple[str, ...]
    state: str  # answered, suspiciously_empty, not_answered, blocked, switched_off
    sentence: str
    people: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Asked, and did not answer as it should."""
        return self.state not in ("answered", "switched_off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that one report tells."""

    title: str
    since: datetime | None
    until: datetime
    people: tuple[str, ...]
    visits: int  # runs finished in the period
    sections: tuple[Section, ...] = ()  # none of them empty
    movers: tuple[Movers, ...] = ()
    numbers: tuple[Number, ...] = ()
    findings: Section = Section(key="findings", title="Wrong or doubtful")
    questions: Section = Section(key="questions", title="Open questions")
    sources: tuple[SourceState, ...] = ()
    changes: tuple[Item, ...] = ()  # every single change, newest first

    @property
    def moved(self) -> tuple[Number, ...]:
        """The numbers that moved in the period."""
        return tuple(number for number in self.numbers if number.step)

    @property
    def unmoved(self) -> str:
        """The other numbers in one line."""
        resting = [number for number in self.numbers if number.current and not number.step]
        whose = {number: f"{number.person}'s " if len(self.people) > 1 else "" for number in resting}
        return listed([
            f"{whose[one]}{metric_name(one.metric)} {value(one.after)} ({source_name(one.source)})" for one in resting
        ], 12)  # fmt: skip

    @property
    def is_empty(self) -> bool:
        """Nothing to tell that was not told before. Silent sources do not count."""
        return not (self.sections or self.movers or self.moved or self.findings.news or self.questions.news)

    @property
    def period(self) -> str:
        """From when to when, in words."""
        return f"{day(self.since)} to {day(self.until)}" if self.since else f"Everything up to {day(self.until)}"

    @property
    def headline(self) -> str:
        """The news in one line, the best first: "2 papers published, 1 renamed"."""
        return ", ".join(_news(self)) or "nothing changed"

    @property
    def subject(self) -> str:
        """As much of the news as a subject line shows."""
        news = list(_news(self))
        while len(", ".join(news)) > _SUBJECT and len(news) > 1:
            news = [*news[:-2], "more"]
        return ", ".join(news).replace("−", "-") or "nothing changed"

    @property
    def lead(self) -> str:
        """The news as a sentence; of an empty digest, why that can be trusted."""
        return f"Nothing changed. {self.trust}" if self.is_empty else f"{self.headline[:1].upper()}{self.headline[1:]}."

    @property
    def credits(self) -> tuple[tuple[str, str], ...]:
        """Words and address for every source whose licence wants to be named where its data are shown."""
        shown = {one.source for one in self.numbers}
        shown |= {name for one in self.sources if one.state == "answered" for name in one.sources}
        return tuple(credit for source, credit in CREDITS.items() if source in shown)

    @property
    def trust(self) -> str:
        """Why silence can, or cannot, be believed."""
        if not self.visits:
            return "No visit was finished in this period, so nothing can be said about it."
        bad = sorted({source_name(name) for one in self.sources if one.silent for name in one.sources})
        good = {source_name(name) for one in self.sources if one.state == "answered" for name in one.sources} - set(bad)
        times = "once" if self.visits == 1 else count(self.visits, "time")
        missing = f" What only {listed(bad, 9)} could tell may be missing." if bad else ""
        answered = f"{len(good)} of {len(good) + len(bad)} answered when last asked"
        return f"The sources were visited {times}; {answered}.{missing}"


def _news(digest: Digest) -> Iterator[str]:
    """The parts of the news that are not empty."""
    many = Counter({section.key: len(section.items) for section in digest.sections})
    publications = next((section.items for section in digest.sections if section.key == "published"), ())
    accepted = sum(item.after in ("accepted", "workshop") for item in publications)
    confirmed = sum(item.kind == "release_confirmed" for item in publications)
    published = many["published"] - accepted - confirmed
    counted = (
        (published, f"{count(published, 'paper')} published"),
        (confirmed, f"{count(confirmed, 'publication')} confirmed"),
        (accepted, f"{accepted if published else count(accepted, 'paper')} accepted"),
        (many["added"], count(many["added"], "new work")),
        (many["renamed"], f"{many['renamed']} renamed"),
        *((1, f"{step(mover.step) or '±0'} citations by {mover.source}") for mover in digest.movers),
        (digest.findings.news, count(digest.findings.news, "new finding")),
        (digest.questions.news, count(digest.questions.news, "new question")),
        (many["corrected"], count(many["corrected"], "other change")),
        (many["settled"], f"{many['settled']} settled"),
        (many["baseline"], f"{count(many['baseline'], 'work')} put on record"),
    )
    said = [words for number, words in counted if number]
    yield from said
    for one in digest.moved:
        if one.metric == "h_index" or not said:
            whose = f"{one.person}'s " if len(digest.people) > 1 else ""
            yield f"{whose}{metric_name(one.metric)} {value(one.after)} by {source_name(one.source)}"
