"""What speaks for a group of works being a person's: compared with the works already accepted, as columns."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harvest.identify.likeness import Matrix, topics, unit, vectors, weigh, words
from harvest.identify.links import Numbers
from harvest.identify.subjects import fields

Values = NDArray[np.float64]

# Logistic regression over groups of works (each goes to one of the persons, or to nobody), fitted on labelled
# homonyms of the computer science literature (the AMiner name disambiguation set, Tang et al. 2012).
BIAS = -5.4
WEIGHTS = {
    "title_best": 1.9, "centre": 2.1, "field": 1.6, "venue": 1.5, "place_best": 4.3, "unplaced": 1.8,
    "namesakes": 1.0, "size": 1.3, "single": 1.9,
    "earlier": -2.0,  # fitted -3.5: softened, for what was known there were always the oldest works
    "absent": -2.5,  # by judgement: no labelled set has complete lists of persons' own
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What all candidate works show, row by row."""

    ids: pl.Series  # work ids, sorted
    titles: Matrix
    space: Matrix
    fields: Matrix
    affiliations: Matrix
    venues: Numbers  # -1: not said
    years: Values  # nan: not said


def corpus(works: pl.DataFrame, names: pl.DataFrame) -> Corpus:
    """Measures every distinct work once; ``names`` are the bylines, of which the persons' own are left out."""
    works = works.unique("work_id", keep="first", maintain_order=True).sort("work_id")
    ids = works["work_id"]
    plain = pl.col("venue").str.to_lowercase().str.replace_all(r"[^\p{L}]+", " ").str.strip_chars()
    venues = works.select("work_id", token=pl.when(plain != "").then(plain))
    place = words(works, "affiliation").with_columns(pl.col("token").str.slice(0, 5))
    others = names.filter(~pl.col("is_self")).select("work_id", token=pl.col("author")).unique()
    return Corpus(
        ids=ids,
        titles=vectors(weigh(words(works, "title"), works), ids),
        fields=vectors(weigh(_fields(works), works), ids),
        space=topics(vectors(weigh(_all_tokens(works, venues, others), works), ids)),
        affiliations=vectors(weigh(place.unique(), works), ids),
        venues=venues["token"].rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1,
        years=works["year"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
    )


def _fields(works: pl.DataFrame) -> pl.DataFrame:
    return fields(pl.concat([words(works, "title"), words(works, "venue")]))


def _all_tokens(works: pl.DataFrame, venues: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    kinds = [
        ("word", 1.0, words(works, "title")),
        ("word", 0.5, words(works, "abstract").join(words(works, "title"), on=["work_id", "token"], how="anti")),
        ("venue", 1.0, venues.drop_nulls()),
        ("place", 0.5, words(works, "venue")),
        ("field", 1.0, works.select("work_id", token=pl.col("categories")).explode("token").drop_nulls().unique()),
        ("name", 1.0, others),
    ]
    return pl.concat(
        [
            frame.select("work_id", token=pl.concat_str(pl.lit(f"{kind}:"), "token"), share=pl.lit(share))
            for kind, share, frame in kinds
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Per work, how like the most like accepted work it is. It only grows, so nothing is compared twice."""

    title: Values
    place: Values
    words: Values  # how many words of titles they share

    def widened(self, all_of: Corpus, at: Numbers, fresh: Numbers) -> "Near":
        """The works ``at`` compared with newly accepted ones, too."""
        titles, known = all_of.titles[at], all_of.titles[fresh]
        title = (titles @ known.T).max(1, initial=0)
        shared = ((titles > 0).astype(np.float32) @ (known > 0).astype(np.float32).T).max(1, initial=0)
        place = (all_of.affiliations[at] @ all_of.affiliations[fresh].T).max(1, initial=0)
        return Near(
            title=np.maximum(self.title, title),
            place=np.maximum(self.place, place),
            words=np.maximum(self.words, shared),
        )


def compare(all_of: Corpus, at: Numbers, group: Numbers, own: Numbers, near: Near, common: Values) -> dict[str, Values]:
    """For each group (numbered from 0) of the works ``at``: what it has in common with the accepted works ``own``.

    ``common`` counts, per work, the common names it shares with accepted works: weak signs each.
    """
    count = np.bincount(group)
    placed = all_of.affiliations[at].any(1)
    placed_share = np.bincount(group, placed)
    place = np.bincount(group, near.place) / np.maximum(placed_share, 1)
    venue = np.isin(all_of.venues[at], all_of.venues[own][all_of.venues[own] >= 0])
    comparable = (placed_share > 0) & all_of.affiliations[own].any()
    return {
        "title": np.bincount(group, near.title) / count,
        "title_best": _best(group, near.title, len(count)),
        "words_best": _best(group, near.words, len(count)),
        "centre": _alike(all_of.space, at, group, own),
        "field": _alike(all_of.fields, at, group, own),
        "venue": np.bincount(group, venue) / count,
        "affiliation": place,
        "place_best": _best(group, near.place, len(count)),
        "unplaced": (~comparable).astype(float),
        "elsewhere": (comparable & (place < 0.1)).astype(float),
        "namesakes": np.minimum(_best(group, common, len(count)), 2),
        "earlier": np.log1p(np.maximum(_first(all_of.years[own]) - _middle(group, all_of.years[at], len(count)), 0)),
        "known": np.full(len(count), np.log(len(own))),
        "size": np.log(count),
        "single": (count == 1).astype(float),
    }


def odds(facts: dict[str, Values]) -> Values:
    """The odds, per group, that it is this person's rather than a stranger's."""
    logit = BIAS + sum(weight * facts[name] for name, weight in WEIGHTS.items() if name in facts)
    return np.asarray(np.exp(np.clip(logit, -20, 20)), dtype=float)


def _alike(space: Matrix, at: Numbers, group: Numbers, own: Numbers) -> Values:
    """Per group, the cosine of its middle and the middle of the accepted works."""
    middle = np.zeros((int(group.max(initial=-1)) + 1, space.shape[1]), dtype=np.float32)
    np.add.at(middle, group, space[at])
    return np.asarray((unit(middle) @ unit(space[own].mean(0, keepdims=True)).T)[:, 0], dtype=float)


def _best(group: Numbers, values: NDArray[np.floating], size: int) -> Values:
    best = np.zeros(size)
    np.maximum.at(best, group, values)
    return best


def _first(years: Values) -> float:
    return float(np.nanmin(years)) if np.isfinite(years).any() else -np.inf


def _middle(group: Numbers, years: Values, size: int) -> Values:
    said = np.isfinite(years)
    count = np.bincount(group[said], minlength=size)
    total = np.bincount(group[said], years[said], minlength=size)
    return np.where(count > 0, total / np.maximum(count, 1), np.inf)
