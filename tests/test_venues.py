"""Venues have one spelling each."""

import pytest

from harvest.venues import short_venue


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("Conference on Neural Information Processing Systems (NeurIPS 2024)", None, "NeurIPS 2024"),
        ("NeurIPS", 2024, "NeurIPS 2024"),
        ("Thirty-sixth Conference on Neural Information Processing Systems", 2022, "NeurIPS 2022"),
        ("NeurIPS 2023 Workshop on Mathematics of Modern Machine Learning", None, "NeurIPS 2023 Workshop"),
        ("HiLD@ICML", 2025, "ICML 2025 Workshop"),
        ("J. Mach. Learn. Res.", 2019, "JMLR"),
        ("Journal of Machine Learning Research", 2019, "JMLR"),
        ("ACL (1)", 2024, "ACL 2024"),
        ("CoRR", 2024, "arXiv"),
        ("Uncertainty in Nowhere (UIN 2018).", None, "Uncertainty in Nowhere (UIN 2018)"),
        ("(UIN 2018)", None, "UIN 2018"),
        ("Proceedings of Nowhere 2020", None, "Proceedings of Nowhere 2020"),
        ("", None, None),
        (None, 2020, None),
    ],
)
def test_one_event_has_one_spelling(text, year, expected):
    """Two sources' words for one event are no change of venue; a workshop is never its conference."""
    assert short_venue(text, year) == expected
