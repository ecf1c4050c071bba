"""Names: read in any usual order, compared without saying more than they tell."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from harvest.names import compatible, fold, keys, parse

PARSED = [
    ("Ada Lovelace", "lovelace", ("ada",), ""),
    ("Lovelace, Ada", "lovelace", ("ada",), ""),
    ("Weinan E", "e", ("weinan",), ""),
    ("E, Weinan", "e", ("weinan",), ""),
    ("Jörg van der Berg", "van der berg", ("jorg",), ""),
    ("Schapire R E", "schapire", ("r", "e"), ""),
    ("Jinbo Wang 0003", "wang", ("jinbo",), ""),
    ("Alfred O. Hero III", "hero", ("alfred", "o"), "iii"),
    ("King, Jr., Martin L.", "king", ("martin", "l"), "jr"),
    ("欧阳修", "欧阳", ("修",), ""),
    ("", "", (), ""),
]


@pytest.mark.parametrize(("name", "family", "first", "suffix"), PARSED)
def test_a_name_is_read_in_any_usual_order(name, family, first, suffix):
    """DBLP, arXiv and AITopics write the same person differently."""
    read = parse(name)
    assert (read.family, read.given, read.suffix) == (family, first, suffix)


def test_a_homonym_number_leaves_the_name_and_stays_as_evidence():
    """DBLP tells namesakes apart by it; it is no part of what the person is called."""
    assert (parse("Zhong Li 0004").number, parse("Zhong Li 0004").family) == ("0004", "li")


COMPARED = [
    ("Weinan E", "E, Weinan", "same"),
    ("Weinan E", "Weinan Zhang", "different"),
    ("Weinan, E.", "Weinan E", "same"),
    ("Mingze Wang", "Wang Mingze", "same"),
    ("Ming-Ze Wang", "Mingze Wang", "same"),
    ("M. Wang", "Mingze Wang", "compatible"),
    ("M.-Z. Wang", "Mingze Wang", "compatible"),
    ("Mingyu Wang", "Mingze Wang", "different"),
    ("J. A. Smith", "J. B. Smith", "different"),
    ("Luc Van Gool", "Van Gool, L.", "compatible"),
    ("Jürgen Schmidhuber", "Juergen Schmidhuber", "same"),
    ("Yang Xue", "Yang Xu", "different"),
    ("Alfred O. Hero III", "Alfred Hero", "compatible"),
    ("Martin King Jr.", "Martin King Sr.", "different"),
    ("Chris Holmes", "Christopher C. Holmes", "compatible"),
    ("王铭泽", "Mingze Wang", "unknown"),
    ("Mingze Wang", "", "unknown"),
    ("Wang", "Mingze Wang", "unknown"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), COMPARED)
def test_two_names_agree_no_more_than_they_tell(left, right, verdict):
    """A contradiction says much; agreement of initials says little; two scripts say nothing."""
    assert compatible(left, right) == verdict


@given(some.text(max_size=60), some.text(max_size=60))
def test_any_two_texts_compare_alike_from_both_sides(left, right):
    """Names come from the network: nothing may crash, and who is asked first must not matter."""
    assert compatible(left, right) == compatible(right, left)


@given(some.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    """Keys are made from folded names and folded again by others."""
    assert fold(fold(text)) == fold(text)


def test_the_columns_do_not_see_order_accents_or_initials():
    """Blocks are built on them: one person's spellings must meet."""
    names = pl.Series(["Weinan E", "E, Weinan", "R. E. Müller", "Müller, Rudolf", "muller r e", "Muller 0002"])
    read = keys(names).select("family", "initial").rows()
    assert read == [("weinan", "e"), ("weinan", "e"), *[("muller", "r")] * 3, ("muller", "")]
