"""From evidence to a verdict in plain sentences. A rejection needs two grounds, or a namesake who has the work.

Strange co-authors and a foreign subject together are not enough as long as nothing shows that others bear the name.
"""

import polars as pl

from harvest.identify.candidates import KEY

REJECT = 0.25
UNLIKE = 0.15  # beside others of the name: so unlikely in all it shows that this is a ground of its own
_EVIDENCE = ("title", "centre", "venue", "affiliation", "elsewhere", "namesakes", "earlier", "leap")


def pronounce(block: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """person_id, work_id, verdict, score, reasons, group of one block of rivals."""
    missing = [pl.lit(None, pl.Float64).alias(name) for name in _EVIDENCE if name not in block.columns]
    rows = (
        block.join(_shared(block, names), on=KEY, how="left")
        .with_columns(
            *missing,
            absent=pl.col("absent_from_own").fill_null(False),
            taken=pl.col("holder").is_not_null() & (pl.col("holder") != pl.col("person_id")),
            familiar=(pl.col("accepted") & (pl.col("others") > 0)).sum().over("person_id") > 2,
            begun=pl.col("accepted").any().over("person_id"),
            shared=pl.col("people").is_not_null(),
        )
        .with_columns(**_grounds())
    )
    astray = pl.col("absent") & pl.col("strange")
    rows = rows.with_columns(homonyms=(pl.col("person_id").n_unique() > 1) | astray.any())
    rows = rows.with_columns(verdict=_verdict()).with_columns(score=_score(), reasons=_reasons())
    own = pl.col("verdict") == "theirs"
    return rows.select(*KEY, "verdict", "score", "reasons", group=pl.when(~own).then("group"))


def _shared(block: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """person_id, work_id, people: the co-authors it shares with other accepted works of the person."""
    ties = names.filter(~pl.col("is_self")).select(*KEY, "author", "authors").sort(pl.all())
    ties = ties.unique([*KEY, "author"], keep="first", maintain_order=True).join(
        block.select(*KEY, held=pl.col("accepted").cast(pl.Int64)), on=KEY
    )
    others = pl.col("held").sum().over("person_id", "author") - pl.col("held")
    found = ties.filter(others > 0).sort(*KEY, "author").group_by(KEY, maintain_order=True)
    return found.agg(people=pl.col("authors").head(3).str.join(", "))


def _grounds() -> dict[str, pl.Expr]:
    """What speaks against: each a ground of its own kind."""
    nothing_alike = (pl.col("title") < 0.15) & (pl.col("centre") < 0.15) & (pl.col("venue") == 0)
    return {
        "strange": (pl.col("steps") < 0)
        & ~pl.col("shared")
        & pl.col("familiar")
        & (pl.col("others") > 0)
        & (~pl.col("truncated") | pl.col("absent")),
        "foreign": nothing_alike.fill_null(False),
        "apart": (pl.col("elsewhere") > 0).fill_null(False),
        "too_early": (pl.col("earlier") > 1.4).fill_null(False),  # more than three years before the first
    }


def _verdict() -> pl.Expr:
    hard = _count("absent", "apart", "too_early", "contradicts", "homonyms")
    against = _count("strange", "foreign", "absent", "apart", "too_early", "contradicts")
    unlike = (pl.col("score") < UNLIKE) & pl.any_horizontal("strange", "apart", "too_early")
    against = against + (unlike & pl.col("homonyms")).cast(pl.Int8)
    return (
        pl.when(pl.col("decided").is_not_null()).then("decided")
        .when(pl.col("trust") == "own").then(pl.lit("theirs"))
        .when((pl.col("trust") == "bound") & pl.col("accepted")).then(pl.lit("theirs"))
        .when((pl.col("trust") == "bound") | (~pl.col("visible") & pl.col("truncated"))).then(pl.lit("undecided"))
        .when(pl.col("accepted") & pl.col("absent") & (pl.col("steps") != 1)).then(pl.lit("undecided"))
        .when("accepted").then(pl.lit("theirs"))
        .when((pl.col("score") < REJECT) & (pl.col("taken") | ((hard > 0) & (against > 1)))).then(pl.lit("not_theirs"))
        .otherwise(pl.lit("undecided"))
    )  # fmt: skip


def _count(*grounds: str) -> pl.Expr:
    return pl.sum_horizontal(pl.col(ground).cast(pl.Int8) for ground in grounds)


def _score() -> pl.Expr:
    own, linked = pl.col("verdict") == "theirs", pl.col("steps") > 0
    return (
        pl.when(pl.col("decided").is_not_null()).then(own.cast(pl.Float64))
        .when(pl.col("trust") == "own").then(0.99)
        .when((pl.col("trust") == "bound") & own).then(0.97)
        .when(pl.col("trust") == "bound").then(0.5)
        .when(pl.col("root").is_in(["main", "beside"])).then(0.85)
        .when(~pl.col("begun")).then(0.5)
        .when(pl.col("accepted") & linked & pl.col("absent")).then(0.85)
        .when(pl.col("verdict") == "undecided").then(pl.max_horizontal("score", REJECT))
        .otherwise("score")
    )  # fmt: skip


def _reasons() -> pl.Expr:
    rejected = pl.col("verdict") == "not_theirs"
    speaks_for = (
        ((pl.col("title") >= 0.25) | (pl.col("centre") >= 0.4), "its subject is near theirs"),
        (pl.col("venue") > 0, "works of theirs appeared at the same venue"),
        (pl.col("affiliation") >= 0.5, "its affiliation is one of theirs"),
    )
    sayings = [
        (pl.col("decided").is_not_null(), pl.lit("a human decided it")),
        (pl.col("trust") == "own", pl.lit("the person's own list has it")),
        (pl.col("trust") == "bound", pl.lit("a source bound to the person's identifier lists it")),
        (pl.col("root") == "main",
         pl.lit("nothing certain is known of the person, and most works of the name hang together with it")),
        (pl.col("root") == "beside", pl.lit("it is certainly of another person we follow, and bears the name")),
        (~pl.col("begun"), pl.lit("nothing is known yet that is certainly theirs")),
        (~pl.col("visible") & pl.col("truncated"), pl.lit("the author list is cut off where the name could stand")),
        (~pl.col("visible") & ~pl.col("truncated"), pl.lit("the name is not in its author list")),
        (pl.col("shared"), pl.format("shares co-authors with works of theirs: {}", "people")),
        (pl.col("accepted") & (pl.col("steps") > 1) & ~pl.col("shared"),
         pl.lit("co-authors of co-authors link it to works of theirs")),
        (pl.col("accepted") & (pl.col("steps") < 0) & ~pl.col("shared"),
         pl.lit("without a shared co-author, but alike in all it shows")),
        *((when & ~rejected, pl.lit(says)) for when, says in speaks_for),
        (pl.col("absent"), pl.lit("the person's own list covers its time and lacks it")),
        (pl.col("strange") & ~pl.col("accepted"), pl.lit("none of its co-authors is on works of theirs")),
        (pl.col("foreign") & ~pl.col("accepted"), pl.lit("its subject is far from theirs")),
        (pl.col("apart") & ~pl.col("accepted"), pl.lit("its affiliations are others than theirs")),
        (pl.col("too_early") & ~pl.col("accepted"), pl.lit("it is years older than their first known work")),
        ((pl.col("leap") > 0) & ~pl.col("accepted"),
         pl.lit("it stands in a group of works larger than all that is known of them, with no link to it")),
        (~pl.col("accepted") & (pl.col("steps") > 0) & ~pl.col("taken"),
         pl.lit("its co-authors lead to several persons of the name, equally near")),
        (pl.col("contradicts"), pl.lit("the name on it contradicts the name on their works")),
        (pl.col("taken"), pl.format("it belongs with the works of {}", "holder")),
        *((when & rejected, pl.lit(f"although {says}")) for when, says in speaks_for),
    ]  # fmt: skip
    said = [pl.when(when.fill_null(False)).then(text) for when, text in sayings]
    told = pl.concat_list(said).list.drop_nulls()
    return pl.when(told.list.len() > 0).then(told).otherwise(pl.lit(["only the name links it to works of theirs"]))
