"""Which of the candidate works are a person's: theirs, not theirs, undecided — and why.

What is certain (the person's own list, sources bound to an identifier, decisions) comes first; works linked to it
by telling co-authors follow, then works that are alike enough in all they show. A rejection needs two grounds
of different kinds: a foreign subject alone, or strange co-authors alone, leave a work undecided.
"""

from typing import Any

import numpy as np
import polars as pl

from harvest.identify.candidates import KEY, agreeing, bylines, called, meeting, prepare
from harvest.identify.evidence import Corpus, corpus
from harvest.identify.links import FAR, Numbers, groups
from harvest.identify.settle import Rivals, Settled, settle
from harvest.identify.verdicts import pronounce
from harvest.names import compatible

Places = tuple[Any, Any]  # of the rows of a block: person, work
_ANCHOR = 3  # works that hang together, before they may stand for a person of whom nothing certain is known


def attribute(
    persons: pl.DataFrame,
    works: pl.DataFrame,
    decisions: pl.DataFrame | None = None,
    others: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row per candidate: person_id, work_id, verdict, score (0..1 that it is theirs), reasons, group.

    ``persons``: id, name, aliases, affiliations. ``works``: person_id, work_id, title, authors, truncated, year,
    first_on, venue, categories, abstract, affiliation, trust ("own", "bound", "named"), absent_from_own, beside
    (certainly of somebody we follow); all but the ids may be missing or null. ``decisions``: person_id, work_id,
    verdict ("theirs" or "not_theirs"); they outrank everything. ``others``: more works, which are not judged but show
    what is common; each ``stands_for`` so many.
    Persons whose names could be one person's compete: a work goes to one of them at most.
    """
    pool = _decided(prepare(works), decisions)
    if pool.is_empty():
        return pool.select(*KEY, verdict=pl.lit(""), score=pl.lit(0.0), reasons=pl.lit([""]), group=pl.lit(""))
    around = prepare(pool.head(0) if others is None else others)
    names = bylines(persons, pl.concat([pool.select(around.columns), around]))
    shown = names.group_by(KEY).agg(visible=pl.col("is_self").any(), others=(~pl.col("is_self")).sum())
    pool = pool.join(shown, on=KEY, how="left").with_columns(
        pl.col("visible").fill_null(False), pl.col("others").fill_null(0)
    )
    pool = pool.join(rivals(persons), on="person_id")
    pool = _placed(persons, _contradicted(_trusted(pool, names), names)).sort(KEY)
    all_of = corpus(pl.concat([pool.select(around.columns), around]), names)
    judged = [_judge(all_of, block, names) for block in pool.partition_by("rivals", maintain_order=True)]
    return pl.concat(judged).sort(KEY)


def _decided(pool: pl.DataFrame, decisions: pl.DataFrame | None) -> pl.DataFrame:
    if decisions is None or decisions.is_empty():
        return pool.with_columns(decided=pl.lit(None, pl.String))
    said = decisions.select(*KEY, decided="verdict").unique(KEY, keep="last", maintain_order=True)
    return pool.join(said, on=KEY, how="left")


def rivals(persons: pl.DataFrame) -> pl.DataFrame:
    """person_id, rivals: the smallest id among the persons whose names could be one person's."""
    met = meeting(called(persons), "name")
    pairs = met.join(met, on="word").select("person_id", "name", other="person_id_right", name_right="name_right")
    pairs = pairs.filter(pl.col("person_id") < pl.col("other")).unique().sort(pl.all())
    pairs = agreeing(pairs, "name", "name_right").select("person_id", "other").unique()
    ids = persons["id"].unique().sort()
    ends = [ids.search_sorted(pairs[end]).cast(pl.Int64).to_numpy() for end in ("person_id", "other")]
    label = groups(len(ids), np.concatenate(ends), np.tile(np.arange(pairs.height), 2))
    return pl.DataFrame({"person_id": ids, "rivals": ids.gather(label)})


def _trusted(pool: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Adds ``root``: why a work is certain beforehand. Without own, decided or bound works: beside and main ones.

    A bound source can mix people: a group that the person's own list covers and lacks is not trusted.
    """
    sure = (pl.col("decided") == "theirs").fill_null(False) | (pl.col("trust") == "own")
    refused = (pl.col("decided") == "not_theirs").fill_null(False)
    over = ["person_id", "label"]
    foreign = ~sure.any().over(over) & pl.col("absent_from_own").fill_null(False).any().over(over)
    pool = pool.join(_linked(pool, names), on=KEY).with_columns(
        root=pl.when(refused).then(None)
        .when(sure).then(pl.lit("sure"))
        .when((pl.col("trust") == "bound") & ~foreign).then(pl.lit("bound"))
    )  # fmt: skip
    open_to = pl.col("root").is_null().all().over("person_id") & pl.col("visible") & ~refused
    size = pl.col("visible").sum().over(over)
    enough = (size >= _ANCHOR) & (2 * size >= pl.col("visible").sum().over("person_id"))
    alone = pl.col("person_id").n_unique().over("rivals") == 1
    beside = alone & (pl.col("beside") | (pl.col("root") == "sure")).any().over("work_id")
    return pool.with_columns(
        root=pl.when(open_to & beside).then(pl.lit("beside"))
        .when(open_to & alone & enough & (size == size.max().over("person_id"))).then(pl.lit("main"))
        .otherwise("root")
    ).drop("label")  # fmt: skip


def _placed(persons: pl.DataFrame, pool: pl.DataFrame) -> pl.DataFrame:
    """Certain works that name no affiliation get the person's."""
    if persons.schema.get("affiliations") != pl.List(pl.String):
        return pool
    homes = persons.select(person_id="id", home=pl.col("affiliations").list.join(" ", ignore_nulls=True))
    home = pl.when(pl.col("root").is_not_null() & (pl.col("home") != "")).then("home")
    return pool.join(homes, on="person_id", how="left").with_columns(pl.coalesce("affiliation", home))


def _linked(pool: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """person_id, work_id, label: the candidates of each person that hang together by telling co-authors."""
    rows = pool.select(KEY).with_row_index("row")
    ties = names.filter(pl.col("telling") & ~pl.col("is_self")).join(rows, on=KEY)
    ties = ties.with_columns(name=pl.struct("person_id", "author").rank("dense") - 1)
    label = groups(rows.height, *(ties[end].cast(pl.Int64).to_numpy() for end in ("row", "name")))
    return rows.select(*KEY, label=pl.Series(label))


def _judge(all_of: Corpus, block: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The verdicts on all candidates of persons who could be one by name."""
    names = names.join(block.select("person_id").unique(), on="person_id", how="semi")
    people, works = (block[key].unique().sort() for key in KEY)
    at = (people.search_sorted(block["person_id"]).to_numpy(), works.search_sorted(block["work_id"]).to_numpy())
    settled = settle(all_of, gather_rivals(all_of, block, names, works, (len(people), at)))
    return pronounce(_columns(block, people, works, at, settled), names)


def gather_rivals(
    all_of: Corpus, block: pl.DataFrame, names: pl.DataFrame, works: pl.Series, place: tuple[int, Places]
) -> Rivals:
    """The block as arrays: persons × works."""

    def spread(column: pl.Series) -> Any:
        values = column.to_numpy()
        grid = np.zeros((place[0], len(works)), dtype=values.dtype)
        grid[place[1]] = values
        return grid

    refused = (block["decided"] == "not_theirs").fill_null(False)
    telling, common = (_ties(works, names, telling=kind) for kind in (True, False))
    return Rivals(
        at=all_of.ids.search_sorted(works).cast(pl.Int64).to_numpy(),
        asked=spread(pl.repeat(True, block.height, eager=True)),
        certain=spread(block["root"].is_not_null()),
        barred=spread((refused | ~block["visible"] | block["contradicts"]) & block["root"].is_null()),
        absent=spread((refused | block["absent_from_own"].fill_null(False)).cast(pl.Float64)),
        rows=telling[0], names=telling[1], common_rows=common[0], common_names=common[1],
    )  # fmt: skip


def _ties(works: pl.Series, names: pl.DataFrame, *, telling: bool) -> tuple[Numbers, Numbers]:
    own = names.filter("is_self").select("work_id", "author").unique()
    ties = names.filter(pl.col("telling") == telling).select("work_id", "author").unique()
    ties = ties.join(own, on=["work_id", "author"], how="anti").sort("work_id", "author")
    name = (ties["author"].rank("dense") - 1).cast(pl.Int64)
    return works.search_sorted(ties["work_id"]).cast(pl.Int64).to_numpy(), name.to_numpy()


def _columns(block: pl.DataFrame, people: pl.Series, works: pl.Series, at: Places, settled: Settled) -> pl.DataFrame:
    """The block with what was found: accepted, score, distance, group, holder, and the evidence."""
    holder = np.where(settled.accepted.any(0), settled.accepted.argmax(0), -1)
    taken = pl.Series([people[place] if place >= 0 else None for place in holder.tolist()], dtype=pl.String)
    facts = sorted({name for seen in settled.facts for name in seen})
    blank = np.full(len(works), np.nan)
    grids = {name: np.array([seen.get(name, blank) for seen in settled.facts]) for name in facts}
    kept = block.select(
        *KEY, "trust", "truncated", "absent_from_own", "decided", "visible", "others", "root", "contradicts"
    )
    return kept.with_columns(
        accepted=pl.Series(settled.accepted[at]),
        score=pl.Series(settled.score[at]).round(4),
        steps=pl.Series(np.where(settled.distance[at] == FAR, -1, settled.distance[at])),
        group=works.gather(settled.group[at[1]]),
        holder=taken.gather(at[1]),
        **{name: pl.Series(grid[at]) for name, grid in grids.items()},
    )


def _contradicted(pool: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Adds ``contradicts``: the name as spelled cannot be the name on a certain work ("Robert B." and "Robert J.")."""
    spelled = names.filter("is_self").join(pool.select(*KEY, "root"), on=KEY)
    known = spelled.filter(pl.col("root").is_not_null()).select("person_id", known="authors").unique()
    pairs = spelled.select("person_id", "authors").unique().join(known, on="person_id")
    verdicts = [compatible(one, two) for one, two in pairs.select("authors", "known").rows()]
    said = pairs.with_columns(said=pl.Series(verdicts, dtype=pl.String)).group_by("person_id", "authors")
    wrong = said.agg(contradicts=(pl.col("said") == "different").any() & ~(pl.col("said") == "same").any())
    found = spelled.join(wrong, on=["person_id", "authors"]).group_by(KEY).agg(pl.col("contradicts").all())
    return pool.join(found, on=KEY, how="left").with_columns(pl.col("contradicts").fill_null(False))
