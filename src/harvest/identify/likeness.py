"""How alike works are: title words one by one, and a small space of topics learned from all of them."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_EMPTY_WORDS = (
    "the", "and", "for", "with", "from", "via", "its", "our", "are", "that", "this", "can", "not",
    "into", "over", "under", "about", "between", "towards", "toward", "using", "use", "used", "based",
    "new", "novel", "approach", "approaches", "method", "methods", "study", "analysis", "problem",
    "problems", "paper", "show", "shows", "results", "their", "they", "has", "have", "been", "which",
    "while", "also", "more", "than", "such", "these", "both", "most", "all", "one", "two", "how",
    "what", "when", "why", "where", "system", "systems", "model", "models",
)  # fmt: skip
_DIMENSIONS = 80
ENOUGH_WORKS = 500  # fewer cannot teach a space of 80 topics: then words alone must do
_MOST_WORKS, _MOST_WORDS = 5000, 4000  # bounds memory to 80 MB; more teach the space nothing new


def words(works: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """work_id, token: the telling words of the columns, each once, the plural's s cut off."""
    text = pl.concat_str(*columns, separator=" ", ignore_nulls=True).str.to_lowercase()
    return (
        works.select("work_id", token=text.str.replace_all(r"\\[a-z]+", " ").str.extract_all(r"\p{L}{3,}"))
        .explode("token")
        .drop_nulls()
        .filter(~pl.col("token").is_in(_EMPTY_WORDS))
        .with_columns(pl.col("token").str.replace(r"([^s])s$", "$1"))
        .unique()
    )


def weigh(tokens: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """work_id, token, weight: rare tokens weigh more; tokens of a single work, which link nothing, are left out.

    ``works``: work_id and how many works it stands_for. ``tokens`` may carry a column ``share`` that scales the weight
    of its kind.
    """
    share = pl.col("share") if "share" in tokens.columns else pl.lit(1.0)
    held = pl.col("stands_for").sum().over("token")
    return (
        tokens.join(works.select("work_id", "stands_for"), on="work_id")
        .with_columns(held=held, weight=share * (max(works["stands_for"].sum(), 2) / held).log())
        .filter(pl.col("held") > 1)
        .sort("work_id", "token")
    )


def vectors(weights: pl.DataFrame, order: pl.Series) -> Matrix:
    """Works × tokens, each row of length 1; rows follow ``order``, columns the commonest tokens."""
    rows = pl.DataFrame({"work_id": order}).with_row_index("row")
    common = weights.group_by("token").agg(pl.len()).sort(["len", "token"], descending=[True, False])
    columns = common.head(_MOST_WORDS).select("token").with_row_index("column")
    cells = weights.join(rows, on="work_id").join(columns, on="token")
    matrix = np.zeros((rows.height, columns.height), dtype=np.float32)
    matrix[cells["row"].to_numpy(), cells["column"].to_numpy()] = cells["weight"].to_numpy()
    return unit(matrix)


def topics(matrix: Matrix) -> Matrix:
    """Works × topics, rows of length 1: latent semantic analysis (Deerwester et al. 1990), by subspace iteration.

    The start is fixed, so that equal input gives equal output. Few works are returned as they are.
    """
    if len(matrix) < ENOUGH_WORKS or matrix.shape[1] <= _DIMENSIONS + 20:
        return matrix
    sample = matrix[:: -(-len(matrix) // _MOST_WORKS)]
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], _DIMENSIONS + 20))
    basis = start.astype(np.float32)
    for _ in range(6):
        basis = np.linalg.qr(sample.T @ (sample @ basis))[0]
    turned = np.linalg.svd(sample @ basis, full_matrices=False)[2][:_DIMENSIONS]
    return unit(matrix @ (basis @ turned.T))


def unit(matrix: Matrix) -> Matrix:
    """The same rows at length 1; rows of zeros stay."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(length > 0, length, 1), dtype=np.float32)
