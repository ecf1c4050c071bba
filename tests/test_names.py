"""Names: read in any usual order, compared without saying more than they tell."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from harvest.name_columns import keys
from harvest.names import compatible, fold, parse

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
    ("Ludwig van Beethoven", "van beethoven", ("ludwig",), ""),
    ("van der Waals, J. D.", "van der waals", ("j", "d"), ""),
    ("José García Márquez", "marquez", ("jose", "garcia"), ""),
    ("García Márquez, José", "garcia marquez", ("jose",), ""),
    ("Sammy Davis Jr.", "davis", ("sammy",), "jr"),
    ("Davis, Sammy, Jr.", "davis", ("sammy",), "jr"),
    ("Davis Jr, Sammy", "davis", ("sammy",), "jr"),
    ("John Smith II", "smith", ("john",), "ii"),
    ("Wei Wang 0001", "wang", ("wei",), ""),
    ("O'Brien, Conan", "obrien", ("conan",), ""),
    ("Anne-Marie Dupont", "dupont", ("anne", "marie"), ""),
    ("Maria de la Cruz", "de la cruz", ("maria",), ""),
    ("Dr. Ada Lovelace", "lovelace", ("ada",), ""),
    ("Prof. Ada Lovelace", "lovelace", ("ada",), ""),
    ("司马相如", "司马", ("相如",), ""),
    ("李明", "李", ("明",), ""),
    ("Madonna", "madonna", (), ""),
    ("J.-P. Serre", "serre", ("j", "p"), ""),
    ("Serre JP", "serre", ("j", "p"), ""),
    ("Bin Yu", "yu", ("bin",), ""),
    ("Mohammed bin Salman", "bin salman", ("mohammed",), ""),
    ("Abdul al-Rashid", "al rashid", ("abdul",), ""),
    ("Иван Петров", "петров", ("иван",), ""),
    ("김민수", "김", ("민수",), ""),
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
    ("Weinan E", "E Weinan", "same"),
    ("W. E", "Weinan E", "compatible"),
    ("E, W.", "Weinan E", "compatible"),
    ("Wei E", "Weinan E", "different"),
    ("Wei Wang 0001", "Wei Wang 0002", "different"),
    ("Wei Wang 0001", "Wei Wang", "same"),
    ("Wei Wang 0001", "Wei Wang 0001", "same"),
    ("Li Wei", "Wei Li", "same"),
    ("Xiao-Ming Li", "Xiaoming Li", "same"),
    ("X. M. Li", "Xiaoming Li", "compatible"),
    ("X.-M. Li", "Xiao Ming Li", "compatible"),
    ("Li, XM", "Xiaoming Li", "compatible"),
    ("Xiaoming Li", "Xiaoyu Li", "different"),
    ("Bob Smith", "Robert Smith", "compatible"),
    ("Bill Gates", "William Gates", "compatible"),
    ("Mike Jordan", "Michael I. Jordan", "compatible"),
    ("Tom Mitchell", "Thomas M. Mitchell", "compatible"),
    ("Dick Karp", "Richard M. Karp", "compatible"),
    ("Jim Gray", "James Gray", "compatible"),
    ("Kate Crawford", "Katherine Crawford", "compatible"),
    ("Liz Smith", "Elizabeth Smith", "compatible"),
    ("Dan Roth", "Daniel Roth", "compatible"),
    ("Bob Smith", "William Smith", "different"),
    ("Sasha Rush", "Alexander Rush", "compatible"),
    ("Tony Chan", "Anthony Chan", "compatible"),
    ("Jack Dongarra", "John Dongarra", "compatible"),
    ("Ted Adelson", "Edward H. Adelson", "compatible"),
    ("J. Smith", "Jane Smith", "compatible"),
    ("J. Smith", "K. Smith", "different"),
    ("John A. Smith", "John B. Smith", "different"),
    ("John A. Smith", "John Smith", "compatible"),
    ("John Andrew Smith", "J. A. Smith", "compatible"),
    ("Andrew Smith", "J. Andrew Smith", "compatible"),
    ("Geoffrey Hinton", "Geoffrey E. Hinton", "compatible"),
    ("Yann LeCun", "Yann Le Cun", "same"),
    ("Ludwig van Beethoven", "Beethoven, Ludwig van", "same"),
    ("van Beethoven, L.", "L. Beethoven", "same"),
    ("Maria de la Cruz", "Maria Cruz", "same"),
    ("Jürgen Müller", "Juergen Mueller", "same"),
    ("Jürgen Müller", "Jurgen Muller", "same"),
    ("Søren Kierkegaard", "Soren Kierkegaard", "same"),
    ("Søren Kierkegaard", "Soeren Kierkegaard", "same"),
    ("Łukasz Kaiser", "Lukasz Kaiser", "same"),
    ("Åke Björck", "Ake Bjorck", "same"),
    ("Åke Björck", "Aake Bjoerck", "same"),
    ("Gustav Straße", "Gustav Strasse", "same"),
    ("José García", "Jose Garcia", "same"),
    ("García Márquez, José", "José García Márquez", "compatible"),
    ("José García", "José García Márquez", "compatible"),
    ("García, José", "García Márquez, José", "compatible"),
    ("Luis García", "José García Márquez", "different"),
    ("José Pérez", "José García Márquez", "different"),
    ("María de la Cruz", "María de la Cruz Gómez", "compatible"),
    ("Robert James", "Robert James Miller", "different"),
    ("Wei Li", "Wei Li Zhang", "different"),
    ("García-Márquez, José", "José García Márquez", "compatible"),
    ("Anne-Marie Dupont", "Annemarie Dupont", "same"),
    ("Anne-Marie Dupont", "A.-M. Dupont", "compatible"),
    ("Anne-Marie Dupont", "Anne Dupont", "compatible"),
    ("O'Brien, Conan", "Conan OBrien", "same"),
    ("O’Brien, Conan", "Conan O'Brien", "same"),
    ("Sean McDonald", "Sean Mc Donald", "same"),
    ("Nguyen Van An", "An Van Nguyen", "same"),
    ("Nguyễn Văn An", "Nguyen Van An", "same"),
    ("Kim Min-soo", "Minsoo Kim", "same"),
    ("Min Soo Kim", "Min-Soo Kim", "same"),
    ("M. S. Kim", "Min-Soo Kim", "compatible"),
    ("Min-Jun Kim", "Min-Soo Kim", "different"),
    ("Jong Kim", "Jung Kim", "different"),
    ("Иван Петров", "Петров, Иван", "same"),
    ("Иван Петров", "Ivan Petrov", "unknown"),
    ("И. Петров", "Иван Петров", "compatible"),
    ("王伟", "王伟", "same"),
    ("王伟", "王芳", "different"),
    ("김민수", "김민수", "same"),
    ("김민수", "Minsoo Kim", "unknown"),
    ("김민수", "김민준", "different"),
    ("Abdul Rahman al-Rashid", "Abdul-Rahman Al Rashid", "same"),
    ("Mohammed Ali", "M. Ali", "compatible"),
    ("S. Muthukrishnan", "Shanmugavelayutham Muthukrishnan", "compatible"),
    ("Muthukrishnan S.", "S. Muthukrishnan", "same"),
    ("Wang W", "Wei Wang", "compatible"),
    ("WANG, Wei", "Wei Wang", "same"),
    ("wei wang", "Wei WANG", "same"),
    ("Wei Wang*", "Wei Wang", "same"),
    ("Dr. Wei Wang", "Wei Wang", "same"),
    ("Wei Wang, PhD", "Wei Wang", "same"),
    ("Wei Wang (Fudan)", "Wei Wang", "same"),
    ("Smith", "John Smith", "unknown"),
    ("", "", "unknown"),
    ("Ian H. Witten", "I. Witten", "compatible"),
    ("H. Vincent Poor", "Vincent Poor", "compatible"),
    ("H. V. Poor", "Harold Vincent Poor", "compatible"),
    ("Xu Yang", "Xue Yang", "different"),
    ("Lu Li", "Lv Li", "same"),
    ("Lü Li", "Lv Li", "same"),
    ("Alfred Hero III", "Alfred Hero II", "different"),
    ("Alfred O. Hero, III", "Alfred Hero", "compatible"),
    ("Jr., Martin King", "Martin King", "same"),
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
