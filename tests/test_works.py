"""Works keep their ids: resolve before minting, and say every merge and split."""

from hypothesis import given
from hypothesis import strategies as st

from harvest.reconcile.works import settle


def test_new_records_join_the_work_they_belong_to():
    """New evidence never renames a work."""
    moves = settle([("a", 1), ("b", 1)], {"a": "w1"}, {"w1": 1}, run_id=2)
    assert moves.memberships == [("b", "w1")]
    assert moves.redirects == []


def test_of_two_works_that_merge_the_older_keeps_its_id():
    """Its id is in more reports."""
    moves = settle([("a", 1), ("b", 1)], {"a": "w9", "b": "w2"}, {"w9": 1, "w2": 3}, run_id=4)
    assert moves.memberships == [("b", "w9")]
    assert moves.redirects == [("w2", "merged", "w9")]


def test_a_split_leaves_the_id_with_the_larger_part():
    """And says where the rest went."""
    before = {"a": "w1", "b": "w1", "c": "w1"}
    moves = settle([("a", 1), ("b", 1), ("c", 2)], before, {"w1": 1}, run_id=2)
    ((record, work),) = moves.memberships
    assert record == "c"
    assert work != "w1"
    assert moves.redirects == [("w1", "split", work)]


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 3), min_size=1), st.randoms())
def test_the_order_of_records_makes_no_difference(clusters, random):
    """Files and answers arrive in any order."""
    rows = list(clusters.items())
    shuffled = random.sample(rows, len(rows))
    assert settle(rows, {}, {}, 1) == settle(shuffled, {}, {}, 1)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_settling_twice_moves_nothing(assignment):
    """A run without news says nothing."""
    before = {str(number): f"w{work}" for number, (_, work) in enumerate(assignment)}
    rows = [(str(number), cluster) for number, (cluster, _) in enumerate(assignment)]
    minted = dict.fromkeys(before.values(), 1)
    first = settle(rows, before, minted, 2)
    after = before | dict(first.memberships)
    again = settle(rows, after, minted | {work: 2 for _, work in first.memberships if work not in minted}, 3)
    assert again.memberships == []
    assert [one for one in again.redirects if one[1] == "merged"] == []
