"""The candidate works in one fixed shape, and the names on them."""

import re
from typing import Any

import polars as pl

from harvest.name_columns import keys
from harvest.names import compatible, parse

KEY = ["person_id", "work_id"]
_SHAPE: dict[str, Any] = {
    "title": pl.String, "authors": pl.List(pl.String), "truncated": pl.Boolean, "year": pl.Int64,
    "first_on": pl.Date, "venue": pl.String, "categories": pl.List(pl.String), "abstract": pl.String,
    "affiliation": pl.String, "trust": pl.String, "absent_from_own": pl.Boolean, "beside": pl.Boolean,
    "stands_for": pl.Float64,
}  # fmt: skip
# The family names most often met in the censuses of China, Korea, Vietnam and India: with a short given name
# beside them, two equal names are often two people.
_FREQUENT = frozenset((
    "wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma",
    "zhu", "hu", "guo", "he", "lin", "gao", "luo", "zheng", "liang", "xie", "tang", "song", "han",
    "feng", "yu", "dong", "xiao", "cheng", "cao", "yuan", "deng", "lu", "jiang", "shen", "pan", "peng",
    "wei", "kim", "lee", "park", "choi", "nguyen", "tran", "singh", "kumar", "sharma", "gupta",
))  # fmt: skip


def prepare(works: pl.DataFrame) -> pl.DataFrame:
    """One row per person and work, in a fixed order; columns that are absent become null."""
    absent = [pl.lit(None, kind).alias(name) for name, kind in _SHAPE.items() if name not in works.columns]
    shaped = works.with_columns(absent).select(
        "person_id", "work_id", *(pl.col(name).cast(kind, strict=False) for name, kind in _SHAPE.items())
    )
    return (
        shaped.with_columns(
            pl.col("trust").fill_null("named"),
            pl.col("truncated", "beside").fill_null(False),
            pl.col("stands_for").fill_null(1.0),
            year=pl.coalesce(pl.col("first_on").dt.year().cast(pl.Int64), "year"),
        )
        .unique(KEY, keep="first", maintain_order=True)
        .sort(KEY)
    )


def bylines(persons: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """person_id, work_id, authors (as written), author (comparable), is_self, telling: one row per name on a work.

    ``telling`` is false for names so common, or so abbreviated, that two equal ones are often two people.
    """
    rows = works.select("person_id", "work_id", "authors").explode("authors").drop_nulls().unique()
    spelled = rows.select("authors").unique()["authors"].to_list()
    read = [_comparable(name) for name in spelled]
    names = pl.DataFrame(
        {"authors": spelled, "author": [name for name, _ in read], "telling": [sure for _, sure in read]},
        schema={"authors": pl.String, "author": pl.String, "telling": pl.Boolean},
    )
    rows = rows.join(names, on="authors").filter(pl.col("author") != "")
    return rows.join(_own_forms(persons, rows), on=["person_id", "authors"], how="left").with_columns(
        pl.col("is_self").fill_null(False)
    )


def called(persons: pl.DataFrame) -> pl.DataFrame:
    """person_id, name: every form of every person's name."""
    forms = ["name", *(["aliases"] if "aliases" in persons.columns else [])]
    listed = [persons.select(person_id="id", name=form).explode("name") if form == "aliases"
              else persons.select(person_id="id", name=form) for form in forms]  # fmt: skip
    return pl.concat(listed).drop_nulls().unique().sort("person_id", "name")


def agrees(left: str, right: str) -> bool:
    """Whether two names can be one person's."""
    return compatible(left, right) in ("same", "compatible")


def _own_forms(persons: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """person_id, authors, is_self: which spelled names can be the person's own. Blocked by family name."""
    asked, seen = called(persons), rows.select("person_id", "authors").unique()
    blocks = [(frame.join(meeting_words(frame[column].unique()), left_on=column, right_on="name"))
              for frame, column in ((asked, "name"), (seen, "authors"))]  # fmt: skip
    pairs = blocks[0].join(blocks[1], on=["person_id", "word"]).select("person_id", "name", "authors").unique()
    able = [agrees(name, author) for name, author in pairs.select("name", "authors").rows()]
    return (
        pairs.with_columns(is_self=pl.Series(able, dtype=pl.Boolean))
        .filter("is_self")
        .select("person_id", "authors", "is_self")
        .unique()
    )


def meeting_words(names: pl.Series) -> pl.DataFrame:
    """name, word: the family name by which two names can meet, in either order of family and given name."""
    read = keys(names)
    first = read.select("name", word=pl.col("name").str.to_lowercase().str.extract(r"^\s*([\p{L}\p{N}]{2,})"))
    return pl.concat([read.select("name", word="family"), first]).drop_nulls().unique()


def _comparable(name: str) -> tuple[str, bool]:
    """("mingze wang", True): family and first full given name; hyphens and middle names do not matter."""
    read = parse(re.sub(r"\([^()]*\)", " ", name).replace("-", ""))
    full = next((word for word in read.given if len(word) > 1), "")
    given = full or read.initials
    if not given:
        return "", False
    telling = bool(full) and not (read.family in _FREQUENT and len(full) < 5)
    return f"{given} {read.family}", telling
