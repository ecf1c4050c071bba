"""An entry that vanishes while another appears in the same capture of the same page: one work under a new title.

A list keeps its places: what stands between the same neighbours, by the same people, about the same things, is what
stood there before. Judged on consecutive captures only, so that nothing older or of another page is guessed at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from duckdb import DuckDBPyConnection

# The captures of each page that this run brought something of, each with those before and after it.
_CAPTURES = """
with touched as (
    select distinct source, url, person_id from answers where run_id = $run_id and own and outcome = 'answered'
),
around as (
    select
        answer_id, source, url, person_id, received_at, run_id,
        lead(run_id) over one_page as next_run_id, lag(run_id) over one_page as last_run_id
    from answers
    join touched using (source, url, person_id)
    where own and outcome = 'answered'
    window one_page as (partition by source, url, person_id order by received_at, answer_id)
)
select
    around.source, around.url, person_id, around.answer_id, record_id, title_key(title),
    list_transform(authors, lambda name: person_key(name)), truncated, arxiv_id, doi
from around
left join sightings using (answer_id)
left join records using (record_id)
where $run_id in (around.run_id, next_run_id, last_run_id)
order by around.source, around.url, person_id, received_at, around.answer_id, line, record_id
"""

_LIKE = 0.8  # titles so alike are one title with a slip or a word changed
_PART = 0.34  # of the words of the shorter title
_PLAIN = frozenset((
    "with", "from", "into", "onto", "over", "under", "upon", "than", "that", "this", "these", "those", "their", "there",
    "them", "they", "what", "when", "where", "which", "while", "does", "have", "more", "most", "some", "such", "very",
    "your", "able", "about", "based", "using", "toward", "towards", "through", "between", "without",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, as far as it tells which work it is."""

    record_id: str
    title: str  # as compared
    authors: tuple[str, ...]  # as compared
    truncated: bool
    arxiv_id: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """Two records that are one work, and why, in a sentence."""

    before: str
    after: str
    reason: str


def successions(db: DuckDBPyConnection, run_id: int, apart: Set[frozenset[str]]) -> list[Succession]:
    """Renames seen in this run's captures; titles that once stood in one list (`apart`) are none."""
    pages: dict[tuple[str, ...], dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for source, url, person, answer, record, *told in db.execute(_CAPTURES, {"run_id": run_id}).fetchall():
        entries = pages[source, url, person][answer]
        if record is not None:
            title, authors, *rest = told
            entries.append(Entry(record, title, tuple(authors), *rest))
    captures = [list(page.values()) for page in pages.values()]
    return [one for page in captures for before, after in pairwise(page) for one in renamed(before, after, apart)]


def renamed(
    before: Sequence[Entry], after: Sequence[Entry], apart: Set[frozenset[str]] = frozenset()
) -> list[Succession]:
    """The entries of `after` that are entries of `before` under another title; each at most once, the surest first."""
    stayed = {one.title for one in before} & {one.title for one in after}
    gone, come = (_once(one for one in entries if one.title not in stayed) for entries in (before, after))
    if not gone or not come:
        return []
    slots = _slots(before, stayed) | _slots(after, stayed)  # no title is in both
    common = Counter(word for one in (*before, *after) for word in telling_words(one.title))
    rare = {word for word, count in common.items() if count <= max(2, (len(before) + len(after)) // 4)}
    found = [
        (*_judge(old, new, same_slot=slots[old.title] == slots[new.title], rare=rare), old, new)
        for old in gone
        for new in come
        if frozenset((old.title, new.title)) not in apart
    ]
    taken: set[str] = set()
    chosen = []
    for score, reason, old, new in sorted(found, key=lambda one: (-one[0], one[2].title, one[3].title)):
        if score and not {old.title, new.title} & taken:
            taken |= {old.title, new.title}
            chosen.append(Succession(old.record_id, new.record_id, reason))
    return chosen


def _judge(old: Entry, new: Entry, *, same_slot: bool, rare: Set[str]) -> tuple[float, str]:
    """How sure it is that both are one work, 0 for no, and why."""
    for name, one, two in (("arXiv id", old.arxiv_id, new.arxiv_id), ("DOI", old.doi, new.doi)):
        if one and one == two:
            return 3.0, f"In one list the one took the place of the other, under the same {name}."
        if one and two:
            return 0.0, ""
    words = telling_words(old.title) & telling_words(new.title) & rare
    part = len(words) / max(1, min(len(telling_words(old.title)), len(telling_words(new.title))))
    alike = SequenceMatcher(None, old.title, new.title, autojunk=False).ratio()
    theirs = set(old.authors) & set(new.authors)
    shared = len(theirs) / max(1, min(len(set(old.authors)), len(set(new.authors))))
    cut = old.truncated or new.truncated
    whole = len(theirs) * 2 >= max(len(set(old.authors)), len(set(new.authors)))  # a student of a large team is none
    team = shared == 1 and (cut or (whole and (len(theirs) > 1 or len(old.authors) == len(new.authors))))
    by = "the same people" if team else "some of the same people"
    if alike >= _LIKE and (shared >= 0.5 or not old.authors or not new.authors):
        return 2 + alike, f"In one list the one took the place of the other, with nearly the same title, by {by}."
    told = f"about {', '.join(sorted(words))}" if words else ""
    if team and same_slot and (words or len(theirs) > 2):
        return 1 + part, f"In one list the one stands where the other stood, by {by} {told}".rstrip() + "."
    if (team or (shared >= 0.5 and same_slot)) and part >= _PART and len(words) > 1:
        return part, f"In one list the one came as the other went, by {by} {told}."
    return 0.0, ""


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """One entry a title."""
    return list({one.title: one for one in entries}.values())


def _slots(entries: Sequence[Entry], stayed: Set[str]) -> dict[str, frozenset[str]]:
    """Title → what it stands between: the nearest entries that stayed, in either order, for lists get turned round."""
    above, below = "^", "$"
    up: dict[str, str] = {}
    for one in entries:
        up[one.title] = above
        above = one.title if one.title in stayed else above
    slots = {}
    for one in reversed(entries):
        slots[one.title] = frozenset((up[one.title], below))
        below = one.title if one.title in stayed else below
    return slots


def telling_words(title: str) -> frozenset[str]:
    """The words of a title, in the form in which it is compared, that say what it is about."""
    return frozenset(word for word in title.split() if len(word) > 3 and word not in _PLAIN)
