"""Names of people as columns, for millions at a time: coarser than `names`, and in one pass."""

import polars as pl

from harvest.names import LETTERS


def keys(names: pl.Series) -> pl.DataFrame:
    """Columns name, family, initial for distinct names: one word and one letter, blind to order and accents.

    A lone letter counts as the initial wherever it stands, so that "Ada E" = "E, Ada" and "Blum A" = "A. Blum".
    """
    plain = (
        pl.col("name").str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.to_lowercase()
        .str.replace_many(LETTERS)
        .str.replace_all(r"['’ʼ`*†‡§¶]|\([^()]*\)", "")
        .str.replace(r"\s+\d{4}\s*$", "").str.replace(r",?\s+(?:jr|sr|ii|iii|iv)\.?\s*$", "")
        .str.replace(r"^([^,]+),(.+)$", "$2 $1")
        .str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    )  # fmt: skip
    read = pl.DataFrame({"name": names}).with_columns(words=plain.str.split(" "), text=plain)
    lone_last = pl.col("words").list.last().str.len_chars() == 1
    first_long = pl.col("text").str.extract(r"(?:^| )([\p{L}\p{N}]{2,})")
    last = pl.col("words").list.last()
    after = pl.col("text").str.extract(r"(?:^| )[\p{L}\p{N}]{2,} ([\p{L}\p{N}])(?: |$)")
    first = pl.col("words").list.first().str.slice(0, 1)
    alone = pl.col("words").list.len() == 1
    return read.select(
        "name",
        family=pl.when(lone_last).then(pl.coalesce(first_long, last)).otherwise(last),
        initial=pl.when(alone).then(pl.lit("")).when(lone_last).then(pl.coalesce(after, last)).otherwise(first),
    )
