"""Identifiers have one spelling each, whatever people and services write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.identifiers import (
    arxiv_id_of_dblp_key,
    find_arxiv_id,
    parse_arxiv_id,
    parse_dblp_key,
    parse_doi,
    parse_openalex_id,
    parse_orcid,
    parse_pid,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2410.11474", ("2410.11474", None)),
        ("https://arxiv.org/pdf/2410.11474v2.pdf", ("2410.11474", 2)),
        ("http://arxiv.org/abs/hep-th/9901001v2", ("hep-th/9901001", 2)),
        ("arXiv:math.GT/0309136", ("math.GT/0309136", None)),
        ("10.48550/arXiv.2304.05376", ("2304.05376", None)),
        ("https://doi.org/10.48550/arXiv.2304.05376", ("2304.05376", None)),
        ("10.1000/5678.9012", None),
        ("http://arxiv.org/abs/", None),
        ("2410.114741", None),
        ("24XX.XXXXX", None),
        ("", None),
    ],
)
def test_an_arxiv_id_is_read_from_every_form_it_is_written_in(text, expected):
    """Versions are kept apart from the id; a DOI that looks alike is none."""
    assert parse_arxiv_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv preprint: 2206.03299, 1-32. 2022.", ("2206.03299", None)),
        ("arXiv preprint arXiv:2206.02139, 2022.", ("2206.02139", None)),
        ("under review, arXiv preprint, 1-43. Feb 2026.", None),
        ("pages 2206.03299 of nothing", None),
    ],
)
def test_running_text_must_name_arxiv_for_its_number_to_count(text, expected):
    """Four digits, a dot and five digits may be anything."""
    assert find_arxiv_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://doi.org/10.1145/ABC.5678.", "10.1145/abc.5678"),
        ("doi:10.1007/978-3-031-47665-5_25", "10.1007/978-3-031-47665-5_25"),
        ("10.48550/arXiv.2304.05376", None),
        ("no doi", None),
        ("10.1175/1520(1999)012<0045:EOM>2.0.CO;2", "10.1175/1520(1999)012<0045:eom>2.0.co;2"),
        ("https://doi.org/10.1175/1520(1999)012%3C0045:EOM%3E2.0.CO;2", "10.1175/1520(1999)012<0045:eom>2.0.co;2"),
        ('<a href="https://doi.org/10.1000/x">10.1000/x</a>', "10.1000/x"),
        ("<b>10.1000/x<br>2.0</b>", "10.1000/x"),
        ("https://doi.org/10.1000/x%00y", "10.1000/x"),
        ("https://doi.org/10.1000/x?ref=home#abstract", "10.1000/x"),
    ],
)
def test_a_doi_is_lower_case_and_never_arxivs_own(text, expected):
    """An arXiv DOI is an arXiv id: two schemes for one thing would contradict each other."""
    assert parse_doi(text) == expected


def test_an_orcid_needs_its_check_digit():
    """One wrong digit is another person."""
    assert parse_orcid("https://orcid.org/0000-0002-1825-0097") == "0000-0002-1825-0097"
    assert parse_orcid("0000-0002-1825-0098") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("95/7448-1", "95/7448-1"),
        ("https://dblp.org/pid/m/AndrewMcCallum.xml", "m/AndrewMcCallum"),
        ("Mingze Wang 0003", None),
    ],
)
def test_a_pid_is_told_from_a_name(text, expected):
    """Names with numbers are re-assigned; pids are not."""
    assert parse_pid(text) == expected


def test_keys_and_ids_come_out_of_addresses():
    """People paste addresses."""
    assert parse_dblp_key(["https://dblp.org/rec/conf/icml/LiTE17.html", "view=bibtex"][0]) == "conf/icml/LiTE17"
    assert parse_openalex_id("https://openalex.org/w1775749144") == "W1775749144"
    assert arxiv_id_of_dblp_key("journals/corr/abs-2508-04024") == "2508.04024"
    assert arxiv_id_of_dblp_key("journals/corr/abs-cs-0701001") == "cs/0701001"
    assert arxiv_id_of_dblp_key("journals/corr/LiE15") is None


@given(st.text(max_size=60))
def test_no_text_breaks_a_parser(text):
    """The web writes anything into these fields."""
    for parse in (parse_arxiv_id, find_arxiv_id, parse_doi, parse_orcid, parse_pid, parse_dblp_key, parse_openalex_id):
        parse(text)


@given(st.integers(1, 9999), st.integers(0, 99999), st.integers(1, 40))
def test_a_parsed_id_parses_to_itself(month, number, version):
    """Canonical means that parsing again changes nothing."""
    text = f"{month:04d}.{number:05d}v{version}"
    found = parse_arxiv_id(text)
    assert found is not None
    assert parse_arxiv_id(found[0]) == (found[0], None)
