"""What speaks for an identifier's being a person's: their name on its works, and works and co-authors they share.

Evidence to look at, never a binding: whoever reads it decides. A name alone is none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harvest.model import Record
from harvest.names import compatible, fold, person_key

_ENOUGH = 2  # shared works, or one with co-authors beside, that make a candidate likely


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """What is known of a person, or of whoever bears the name: titles, identifiers and co-authors of the works."""

    works: frozenset[str] = frozenset()  # keys of titles, arXiv ids, DOIs
    coauthors: frozenset[str] = frozenset()  # as person_key has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the works under one identifier show."""

    works: int = 0
    named: int = 0  # of them, those that bear a compatible name
    shared: int = 0  # of them, those on record
    coauthors: tuple[str, ...] = ()  # on record as well, as printed
    places: tuple[str, ...] = ()  # affiliations that fit

    @property
    def likely(self) -> bool:
        """Enough to propose it; a human still decides."""
        return self.shared >= _ENOUGH or (self.shared > 0 and len(self.coauthors) > 1)

    @property
    def foreign(self) -> bool:
        """Its works bear another name."""
        return self.works > 0 and self.named * 2 < self.works

    def sentence(self) -> str:
        """The evidence in words."""
        if not self.works:
            return "; ".join(["no works to compare", *self._places()])
        said = [f"{self.works} works, {self.shared} of them on record"]
        if self.coauthors:
            more = f" and {len(self.coauthors) - 3} more" if len(self.coauthors) > 3 else ""
            said.append(f"known co-authors {', '.join(self.coauthors[:3])}{more}")
        if self.named < self.works:
            said.append(f"the name is on {self.named}")
        return "; ".join([*said, *self._places()])

    def _places(self) -> list[str]:
        return [f"affiliation {', '.join(self.places)}"] if self.places else []


def on_record(works: Iterable[tuple[str, Sequence[str], str | None, str | None]], names: Sequence[str]) -> OnRecord:
    """What (title, authors, arXiv id, DOI) of works say, for a person of these names."""
    keys: set[str] = set()
    others: set[str] = set()
    for title, authors, arxiv_id, doi in works:
        keys |= {one for one in (title_key(title), arxiv_id, doi) if one}
        others |= {person_key(one) for one in authors if not bears(one, names)}
    return OnRecord(works=frozenset(keys), coauthors=frozenset(others))


def weigh(
    records: Sequence[Record],
    names: Sequence[str],
    known: OnRecord,
    places: Sequence[str] = (),
    home: Sequence[str] = (),
) -> Evidence:
    """What the records under an identifier show of a person of these names; `places` it says, `home` are theirs."""
    titles = {title_key(one.title): one for one in records}  # a preprint and its publication count once
    ours = [one for one in titles.values() if {title_key(one.title), one.arxiv_id, one.doi} & known.works]
    printed = {person_key(name): name for one in titles.values() for name in one.authors if not bears(name, names)}
    return Evidence(
        works=len(titles),
        named=sum(not one.authors or any(bears(name, names) for name in one.authors) for one in titles.values()),
        shared=len(ours),
        coauthors=tuple(sorted(printed[key] for key in printed.keys() & known.coauthors)),
        places=tuple(one for one in dict.fromkeys(places) if any(_same_place(one, other) for other in home)),
    )


def title_key(title: str) -> str:
    """A title without case, accents and marks."""
    return " ".join(re.findall(r"\w+", fold(title)))


def bears(name: str, names: Sequence[str]) -> bool:
    """Whether a name can be one of these."""
    return any(compatible(name, one) in ("same", "compatible") for one in names)


def _same_place(one: str, other: str) -> bool:
    """All telling words of one are in the other."""
    left, right = (set(re.findall(r"\w{4,}", fold(place))) - {"university", "institute"} for place in (one, other))
    return bool(left and right) and (left <= right or right <= left)
