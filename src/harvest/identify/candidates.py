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
    own = own_forms(persons, rows.select("person_id", "authors")).with_columns(is_self=pl.lit(True))
    return rows.join(own, on=["person_id", "authors"], how="left").with_columns(pl.col("is_self").fill_null(False))


def called(persons: pl.DataFrame) -> pl.DataFrame:
    """person_id, name: every form of every person's name."""
    forms = [persons.select(person_id="id", name="name")]
    if "aliases" in persons.columns:
        forms.append(persons.select(person_id="id", name="aliases").explode("name"))
    return pl.concat(forms).drop_nulls().unique().sort("person_id", "name")


def own_forms(persons: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """person_id, authors: which spelled names (authors, and person_id where they are candidates) can be a person's."""
    asked, seen = meeting(called(persons), "name"), meeting(seen.unique(), "authors")
    pairs = asked.join(seen, on=["word", *({"person_id"} & set(seen.columns))])
    pairs = agreeing(pairs.select("person_id", "name", "authors").unique(), "name", "authors")
    return pairs.select("person_id", "authors").unique()


def agreeing(pairs: pl.DataFrame, left: str, right: str) -> pl.DataFrame:
    """The rows whose two names can be one person's."""
    able = [compatible(one, two) in ("same", "compatible") for one, two in pairs.select(left, right).rows()]
    return pairs.filter(pl.Series(able, dtype=pl.Boolean))


def meeting(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The rows with each word by which their name can meet another: the family name, in either order of its parts."""
    return rows.join(_meeting_words(rows[name].unique()), left_on=name, right_on="name")


def _meeting_words(names: pl.Series) -> pl.DataFrame:
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
