"""Same work, different works, or not decided: evidence added up in bits, and contradictions that no likeness outweighs.

Each piece of evidence is a small named object worth so many bits, the logarithm of how much likelier it is when
two records are one work than when they are not (Fellegi and Sunter, "A Theory for Record Linkage", 1969). The
bits below were estimated together, by logistic regression on public labelled citation pairs, so that pieces that
go together, as authors and subject do, are not counted twice; then rounded, and completed by hand where labelled
pairs say nothing (abstracts, works in preparation). The prior is that of two records that share a key, not of
any two. A contradiction is no evidence but a rule: parts I and II are two works however alike they look.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

PRIOR = -11.0
SURE = 2.0  # bits from which two records of one title are one work whatever else there is
CLEAR = 3.0  # the same for records of different titles
LEAD = 3.0  # bits for being each other's best by the margin
MARGIN = 2.0  # bits by which the likeliest must lead the next
FLOOR = -8.0  # bits below which a pair is not worth telling
_CERTAIN = 20.0
_CHUNK = 250_000  # pairs judged at once, which bounds memory
_KEPT = (
    "left", "right", "bits", "rule", "reason", "against", "objection", "plain", "sure", "unfinished", "repetitive",
    "kinds_told",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One comparison: how much of it there is (0 to 1, or yes and no), and what all of it is worth."""

    name: str
    value: pl.Expr
    bits: float


# How far a contradiction between two records keeps their works apart. Proof: always. Claim: where most pairs of their
# records that tell the kinds of their venues say so, for citations mistake years and venues. Doubt: unless a sure link
# joins other records of the two.
Weight = Literal["proof", "claim", "doubt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Why two records that look alike are two works, as one sentence."""

    name: str
    when: pl.Expr
    says: str
    weight: Weight = "proof"


def _up_to(name: str, most: float) -> pl.Expr:
    return (pl.col(name) / most).clip(0, 1)


_least, _most, _shared = pl.col("people_least"), pl.col("people_most"), pl.col("shared_authors")
_some = _shared > 0
_all = pl.when("truncated").then((_shared >= _least) & (_shared > 1)).otherwise(_some & (_shared >= _most))
_many = _some & ~_all & (_shared * 2 >= _most)
_inside = _some & ~_all & ~_many & (_shared >= _least)
_few = _some & ~_all & ~_many & ~_inside
_unknown = _least == 0
# An identifier of a whole volume, or a mistaken one, is shared by records that have nothing else in common.
_related = (_some | _unknown | (pl.col("likeness") > 0.2) | (pl.col("bylines") >= 0.8)).fill_null(value=False)
_same_identifier = pl.any_horizontal("same_doi", "same_arxiv_id", "same_dblp_key") & _related
_letters = ((pl.col("edit") - 0.4) / 0.6).clip(0, 1)
_years = pl.col("years")
_unfinished = pl.col("unfinished")
_soon = _years.fill_null(0) < 3
_exact = pl.col("same_title")
_telling = _up_to("shared_bits", 40)
_crowd = (pl.col("crowd_left") * pl.col("crowd_right")).cast(pl.Float32).log(2)
_other_day = (pl.col("days") > 3) & (pl.col("appeared") == 0)  # a first submission has one day
_misdated = pl.col("one_journal") & (_years > 0) & _exact & _all  # no journal prints one work twice
_other_words = (pl.col("likeness") < 0.75) & (pl.col("edit") < 0.85)
_apart = pl.when(_other_words & ~_unfinished).then("same_list").otherwise(0.0)
_whole = pl.col("whole_in_other")
_inside_other = pl.col("cover") >= 0.95
_foreign = (
    (pl.col("cover") < 0.25) & (pl.col("likeness") < 0.15) & ~(pl.col("abstracts") >= 0.15).fill_null(value=False)
)
_both_appeared, _one_appeared, _none_appeared = (pl.col("appeared") == count for count in (2, 1, 0))

EVIDENCE = (
    Evidence(name="title_equal", value=_exact * _telling, bits=2.8),
    Evidence(name="title_slip", value=pl.col("slip") * _telling * (_all | _many | _inside), bits=2.5),
    Evidence(name="title_main_part", value=pl.col("same_piece") & ~_exact & (_telling > 0.25), bits=1.2),
    Evidence(name="title_whole_in_other", value=_whole & ~_exact & (_telling > 0.25), bits=3),
    Evidence(name="title_letters", value=_letters, bits=3.5),
    Evidence(name="title_words_of_shorter", value=pl.col("cover"), bits=2.5),
    Evidence(name="title_telling", value=_telling, bits=1.2),
    Evidence(name="title_words", value=pl.col("likeness"), bits=2),
    Evidence(name="title_foreign", value=_foreign, bits=-3),
    Evidence(name="coined_word", value=pl.col("same_coined") & _some & ~_exact, bits=5),
    Evidence(name="abstracts_equal", value=pl.col("abstracts") >= 0.5, bits=10),
    Evidence(name="abstracts_alike", value=pl.col("abstracts").is_between(0.15, 0.5, closed="left"), bits=7),
    Evidence(name="authors_all", value=_all, bits=3.6),
    Evidence(name="authors_many", value=_many, bits=2.7),
    Evidence(name="authors_few", value=_few, bits=0.5),
    Evidence(name="authors_inside", value=_inside, bits=1.8),
    Evidence(name="authors_unknown", value=_unknown, bits=1.7),
    Evidence(name="authors_by_letters", value=pl.col("bylines") >= 0.8, bits=4),
    Evidence(name="authors_rare", value=_up_to("author_bits", 40), bits=0.2),
    Evidence(name="author_first", value=pl.col("same_first"), bits=2.7),
    Evidence(name="authors_alone", value=(_all | _many) & (_crowd == 0), bits=3.5),
    Evidence(name="authors_crowd", value=(_some & ~_whole) * _crowd * (1 - _letters), bits=-0.6),
    Evidence(name="day_same", value=(pl.col("days") == 0) & _some, bits=5.6),
    Evidence(name="day_other", value=_other_day & ~_exact, bits=-4.2),
    Evidence(name="day_other_title_equal", value=_other_day & _exact, bits=-1.5),
    Evidence(name="year_same", value=_years == 0, bits=0.3),
    Evidence(name="year_next_both_appeared", value=_both_appeared & (_years == 1), bits=-6.8),
    Evidence(name="years_both_appeared", value=_both_appeared & (_years > 1), bits=-5.4),
    Evidence(name="year_next_one_appeared", value=_one_appeared & (_years == 1), bits=-2.3),
    Evidence(name="years_two_one_appeared", value=_one_appeared & (_years == 2), bits=-3.2),
    Evidence(name="years_one_appeared", value=_one_appeared & (_years > 2), bits=-4.6),
    Evidence(name="draft_earlier", value=pl.col("draft_later") < 0, bits=0.7),
    Evidence(name="draft_later", value=pl.col("draft_later") > 0, bits=-1.5),
    Evidence(name="year_next_none_appeared", value=_none_appeared & (_years == 1), bits=-1.5),
    Evidence(name="years_none_appeared", value=_none_appeared & (_years > 1), bits=-2.5),
    Evidence(name="venue_same_kind", value=pl.col("same_kind"), bits=2.5),
    Evidence(name="venue_other_kind", value=pl.col("other_kind") & (_years > 0), bits=-1.4),
    Evidence(name="venue_kinds_and_year_unknown", value=pl.col("other_kind") & _years.is_null(), bits=-4.7),
    Evidence(name="venue_words", value=pl.when(pl.col("venue_alike") >= 0.5).then("venue_alike"), bits=1),
    Evidence(name="journal_mistaken_year", value=_misdated * _telling, bits=3),
    Evidence(name="one_list", value=_apart * ~_inside_other, bits=-7),
    Evidence(name="one_list_inside", value=_apart * (_inside_other & ~_whole), bits=-4),
    Evidence(name="printed_otherwise", value=_both_appeared & _other_words & ~_inside_other & ~_whole, bits=-3),
    Evidence(name="numerals_differ", value=pl.col("numbers_differ"), bits=-3),
    Evidence(name="part_missing", value=pl.col("part_missing"), bits=-1),
    Evidence(name="unfinished", value=_unfinished & (_all | _many) & ~_exact & ~_foreign & _soon, bits=4),
)  # fmt: skip

_other_titles = ~_exact & (pl.col("edit") < 0.9)
_other_venue = pl.col("venue_alike").fill_null(0) < 0.5

CONTRADICTIONS = (
    Contradiction(
        name="parts", when=pl.col("parts_differ"),
        says="They name different parts, and a part is a work of its own",
    ),
    Contradiction(
        name="numbers", when=pl.col("numbers_alone_differ") & (pl.col("abstracts").fill_null(0) < 0.5),
        says="Their titles are equal but for a number",
    ),
    Contradiction(
        name="journal_version", weight="claim", when=pl.col("other_kind") & (_years > 0),
        says="One is a journal article, the other a conference paper of another year: an extension is its own work",
    ),
    Contradiction(
        name="journal_and_meeting", weight="claim", when=pl.col("other_kind") & _years.is_null(),
        says="One is a journal article, the other a conference paper, and no year says that they are one",
    ),
    Contradiction(
        name="thesis", weight="claim", when=pl.col("one_thesis"),
        says="One is a thesis, the other an article: the work of a thesis is its own",
    ),
    Contradiction(
        name="both_published", when=pl.col("both_published") & (_years > 0) & _other_titles & _other_venue,
        says="Both were published, in different years and places and under different titles",
    ),
    Contradiction(
        name="other_identifier", weight="doubt",
        when=pl.any_horizontal("differ_doi", "differ_arxiv_id") & _other_titles,
        says="They have different identifiers of one scheme, and different titles",
    ),
)  # fmt: skip


def judge(compared: pl.DataFrame) -> pl.DataFrame:
    """Pairs worth telling, with `bits`, `rule`, `reason`, `against` (a contradiction's name, or null), `plain`, `sure`.

    Plain is a pair that an identifier, a title or an abstract tells; sure is such a pair with bits enough, or one that
    is clear without; other pairs must lead.
    """
    return pl.concat([_judged(some) for some in compared.iter_slices(_CHUNK)] or [_judged(compared)])


def _judged(compared: pl.DataFrame) -> pl.DataFrame:
    bits = pl.sum_horizontal(PRIOR, *(piece.value.cast(pl.Float32).fill_null(0) * piece.bits for piece in EVIDENCE))
    bits = pl.when(_same_identifier).then(_CERTAIN).otherwise(bits)
    against, says = pl.lit(None, pl.String), pl.lit(None, pl.String)
    for rule in reversed(CONTRADICTIONS):
        here = (rule.when & ~_same_identifier).fill_null(value=False)
        against, says = (
            pl.when(here).then(pl.lit(new)).otherwise(old) for new, old in ((rule.name, against), (rule.says, says))
        )
    plain = _same_identifier | _exact | (pl.col("edit") >= 0.85) | (pl.col("abstracts") >= 0.5).fill_null(value=False)
    sure = pl.when(plain).then(bits >= SURE).otherwise((bits >= CLEAR) & ~_unfinished)
    judged = compared.with_columns(bits=bits, against=against, objection=says, sure=sure, plain=plain)
    alike = (pl.col("likeness") > 0.2) | (pl.col("cover") > 0.4)
    judged = judged.filter((pl.col("bits") >= FLOOR) | pl.col("against").is_not_null() & alike)
    return judged.with_columns(rule=_rule(), reason=_reason()).select(_KEPT)


def _rule() -> pl.Expr:
    return (
        pl.when(_same_identifier).then(pl.lit("same_identifier"))
        .when(_exact).then(pl.lit("same_title"))
        .when(pl.col("edit") >= 0.85).then(pl.lit("near_title"))
        .when(pl.col("abstracts") >= 0.5).then(pl.lit("same_abstract"))
        .when(pl.col("same_piece")).then(pl.lit("subtitle"))
        .when("same_coined").then(pl.lit("coined_word"))
        .when(pl.col("abstracts") >= 0.2).then(pl.lit("like_abstract"))
        .when((pl.col("days") == 0) & _some).then(pl.lit("same_day"))
        .otherwise(pl.lit("retitled"))
    )  # fmt: skip


def _reason() -> pl.Expr:
    """One plain sentence: the title, the authors, the time, and what else there is."""
    title = (
        pl.when("same_doi").then(pl.lit("The DOI is the same"))
        .when("same_arxiv_id").then(pl.lit("The arXiv id is the same"))
        .when("same_dblp_key").then(pl.lit("The DBLP key is the same"))
        .when(_exact).then(pl.lit("The titles are equal"))
        .when(pl.col("edit") >= 0.85).then(pl.format("The titles are {}% alike", _percent("edit")))
        .when("same_piece").then(pl.lit("The main part of the titles is equal"))
        .when("same_coined").then(pl.lit("The titles share a coined word"))
        .otherwise(pl.format("The titles share {}% of the words of the shorter", _percent("cover")))
    )  # fmt: skip
    abstract = (
        pl.when(pl.col("abstracts") >= 0.2)
        .then(pl.format(", the abstracts are {}% alike", _percent("abstracts")))
        .otherwise(pl.lit(""))
    )
    authors = (
        pl.when(_unknown).then(pl.lit("authors are not told"))
        .when(pl.col("truncated") & (_shared >= _least) & (_shared > 0))
        .then(pl.when(_shared == 1).then(pl.lit("the first named author is the same"))
              .otherwise(pl.format("the first {} named authors are the same", _shared)))
        .when(_all & (_most == 1)).then(pl.lit("the author is the same"))
        .when(_all).then(pl.format("all {} authors are the same", _shared))
        .when(_shared == 0).then(pl.lit("no author is surely the same"))
        .otherwise(pl.format("{} of {} authors are the same", _shared, _most))
    )  # fmt: skip
    time = (
        pl.when(pl.col("days") == 0).then(pl.lit(", and both are of one day"))
        .when(_years == 0).then(pl.lit(", and both are of one year"))
        .when(_years == 1).then(pl.lit(", a year apart"))
        .when(_years > 1).then(pl.format(", {} years apart", _years))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return pl.concat_str(title, abstract, pl.lit(", "), authors, time)


def _percent(name: str) -> pl.Expr:
    return (pl.col(name) * 100).round().cast(pl.Int32).clip(0, 99)
