"""Titles in a form that can be compared: without TeX, accents, case, punctuation and notes about the edition.

All of it is columns of Polars expressions, whose regular expressions run in linear time, so that hostile
text can be slow for nobody.
"""

import html
from collections.abc import Callable

import polars as pl

from harvest.names import LETTERS

# TeX: accents are dropped, letters in a fancy font keep the letter ("\cO" and "\mathcal{O}" are "O"), other
# commands that dress text vanish, and commands that are symbols keep their name ("\ell_1" is "ell 1").
_ACCENT = r"\\(?:[\"'`^~=.]|[uvHtcdbkr]\b)\s*\{?\s*\\?(\p{L})\s*\}?"
_FANCY = r"\\c([A-Z])\b"
_DRESS = (
    r"\\(?:math(?:cal|bb|bf|rm|it|sf|frak|scr)|text(?:bf|it|rm|sc|sf|tt|sl|dollar|backslash)|emph|operatorname"
    r"|mbox|left|right|bf|it|em|rm|sc|sf|tt|url|href|footnote|thanks|,|;|!|:|\s)\b?\*?"
)
_TAG = r"</?\w{1,10}(?:\s[^<>]{0,200})?/?>"
# What one source adds to a title and another does not: it tells of the occasion, not of the work.
_NOTES = (
    r"extended abstract|abstract|extended version|full version|short version|extended paper|short paper|full paper"
    r"|preliminary version|preliminary report|technical report|invited talk|invited paper|keynote|position paper"
    r"|tutorial session|tutorial|panel session|panel abstract|panel|demonstration description|demonstration|demo"
    r"|poster|student abstract|book review|reprint|summary|industrial session|industry session|guest editorial"
)
# The end of an author list and the year, in a title cut from a citation: "Lovelace (1843). Notes", "(1843) Notes".
_CITED = r"^(\W*(?:\p{L}[\p{Ll}.-]+\s+)?(?:[\[(](?:19|20)\d\d[a-z]?[\])][.,]?|(?:19|20)\d\d[a-z]?\.)\s+)"
_NOTE_IN_BRACKETS = rf"\s*[(\[]\s*(?i:{_NOTES})\s*[)\]]"
_NOTE_AFTER_DASH = rf"(?i:\s[-–—]\s(?:{_NOTES})\s*$)"

# Between the pieces of a title; a stop only after a word, for "P vs. NP" is one piece.
_BREAK = r"(?:[:?!]\s|\s[-–—]+\s)"
_STOP = r"\p{L}{4}[,'’\"”]*\.['’\"”]*\s"

_NUMERALS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
# "Part II", "Lecture 3"; a Roman numeral before a colon, a stop or the end, where a lone letter must be a capital
# ("for every v" is no fifth part); a number at the end ("Flows (2)").
_NAMED_PART = (
    r"(?i)\b(?:parts?|pt|vol|volume|lecture|chapter|episode)\b\.?\s*(one|two|three|four|five|\d{1,3}|[ivx]{1,4})\b"
)
_ROMAN_PART = r"[\s(]((?i:ii|iii|iv|vi|vii|viii|ix)|I)\)?\s*(?:[:.]\s|\s[-–—]|$)"
_LAST_NUMBER = r"[\s(](\d{1,2})\s*\)?\s*(?::|$)"
# What every title with pieces, or with a part, has: most have not, and this is seen several times faster.
_MAYBE_PIECES = r"[:?!.]|\s[-–—]"
_MAYBE_PART = (
    r"(?i)\d|[\s(](?:i|ii|iii|iv|v|vi|vii|viii|ix)\)?(?:[\s:.]|$)|(?:parts?|pt|vol|volume|lecture|chapter|episode)\W"
)

# Words that carry little in any title, so that a small file need not learn it from itself.
COMMON = frozenset((
    "a", "an", "analysis", "and", "application", "applications", "approach", "approaches", "are", "as", "at",
    "based", "be", "between", "beyond", "by", "can", "case", "data", "deep", "do", "does", "during",
    "efficient", "for", "framework", "from", "how", "improved", "improving", "in", "into", "is", "it", "its",
    "large", "learning", "method", "methods", "model", "modeling", "models", "network", "networks", "neural",
    "new", "novel", "of", "on", "or", "our", "over", "problem", "problems", "some", "study", "system",
    "systems", "that", "the", "their", "theoretical", "theory", "there", "through", "to", "toward", "towards",
    "under", "understanding", "using", "versus", "via", "vs", "we", "what", "when", "where", "which", "who",
    "why", "will", "with", "within", "without",
))  # fmt: skip


def cleaned(title: pl.Expr) -> pl.Expr:
    """TeX, HTML tags and entities taken out, letters kept; what the functions below expect."""
    return _where(title, r"[\\{}$<&]", _without_markup).str.replace(_CITED, "")


def cited_year(title: pl.Expr) -> pl.Expr:
    """The year before a title that was cut from a citation ("(1843) Notes"), else null; for titles as they come."""
    return title.str.slice(0, 60).str.extract(_CITED).str.extract(r"(\d{4})").cast(pl.Int32)


def folded(text: pl.Expr) -> pl.Expr:
    """Small letters without accents."""
    return _where(text, r"[^\x00-\x7F]", _without_accents).str.to_lowercase()


def plain(title: pl.Expr) -> pl.Expr:
    """The title in small letters, words parted by one space; "" when nothing is left."""
    text = title.str.replace_all(_NOTE_IN_BRACKETS, " ").str.replace(_NOTE_AFTER_DASH, "")
    text = folded(text).str.replace_all(r"['’‘`ʼ]s\b", "s")
    return text.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars().fill_null("")


def part(title: pl.Expr) -> pl.Expr:
    """The number of the part that a title names ("Part II" and "…, II:" are 2), else null."""
    return _only(title, _MAYBE_PART, _part, pl.Int16())


def _part(title: pl.Expr) -> pl.Expr:
    number = _first(title, _NAMED_PART, _ROMAN_PART, _LAST_NUMBER).str.to_lowercase()
    return number.replace_strict(_NUMERALS, default=number.cast(pl.Int16, strict=False), return_dtype=pl.Int16)


def head(title: pl.Expr) -> pl.Expr:
    """What stands before the first colon or dash, plain; null or "" when there is none."""
    return _only(title, _MAYBE_PIECES, lambda whole: plain(_first(whole, "^(.{3,}?)" + _BREAK, f"^(.{{3,}}?{_STOP})")))


def tail(title: pl.Expr) -> pl.Expr:
    """What stands after the first colon or dash, plain; null or "" when there is none."""
    return _only(
        title, _MAYBE_PIECES, lambda whole: plain(_first(whole, *(f"^.{{3,}}?{end}(.+)$" for end in (_BREAK, _STOP))))
    )


def _first(title: pl.Expr, *patterns: str) -> pl.Expr:
    return pl.coalesce(title.str.extract(pattern) for pattern in patterns)


def coined(title: pl.Expr) -> pl.Expr:
    """A name made up for the work, in small letters: one word before a colon, or with a capital inside."""
    before_colon = title.str.extract(r"^\s*([\p{L}\p{N}][\p{L}\p{N}+@*-]{2,24})\s*:")
    inside = title.str.extract(r"\b(\p{Lu}?\p{Ll}+\p{Lu}[\p{L}\p{N}]*|\p{Lu}{2,}\p{Ll}+\p{Lu}[\p{L}\p{N}]*)\b")
    return folded(pl.coalesce(before_colon, inside)).str.replace_all(r"[^\p{L}\p{N}]+", "")


def stem(word: pl.Expr) -> pl.Expr:
    """The first letters of a word, without the plural: "optimizing" and "optimization" are one."""
    return word.str.replace(r"(\w{3})(?:ies|y)$", "${1}i").str.replace(r"([^s]{3})s$", "$1").str.slice(0, 7)


def _where(text: pl.Expr, pattern: str, change: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Changes only the rows that match: most titles are plain, and what is not done costs nothing."""

    def some(texts: pl.Series) -> pl.Series:
        places = texts.str.contains(pattern).fill_null(value=False).arg_true()
        if places.is_empty():
            return texts
        changed = texts.gather(places).to_frame("text").select(change(pl.col("text"))).to_series()
        return texts.scatter(places, changed)

    return text.map_batches(some, return_dtype=pl.String)


def _only(text: pl.Expr, pattern: str, read: Callable[[pl.Expr], pl.Expr], kind: pl.DataType | None = None) -> pl.Expr:
    """What is read in the rows that match; null in the others."""
    kind = kind or pl.String()

    def some(texts: pl.Series) -> pl.Series:
        places = texts.str.contains(pattern).fill_null(value=False).arg_true()
        found = texts.gather(places).to_frame("text").select(read(pl.col("text"))).to_series()
        return pl.Series(texts.name, [None], kind).new_from_index(0, texts.len()).scatter(places, found)

    return text.map_batches(some, return_dtype=kind)


def _without_markup(text: pl.Expr) -> pl.Expr:
    return (
        text.map_elements(html.unescape, return_dtype=pl.String)
        .str.replace_all(_TAG, "")
        .str.replace_all(_ACCENT, "$1")
        .str.replace_all(_FANCY, "$1")
        .str.replace_all(_DRESS, "")
        .str.replace_all(r"\\([A-Za-z]+)", " $1 ")
        .str.replace_all(r"[{}$]", "")
    )


def _without_accents(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.replace_many(LETTERS)
