"""DataCite's records, above all of arXiv's papers: an arXiv DOI is an arXiv id, and versions have their days."""

import json
from datetime import date

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Stage
from harvest.sources.datacite import DataCite
from service_answers import DATACITE, DATACITE_ITEM, DATACITE_LIST, ORCID_ID, answer, changed


def read(body, url="saved"):
    return DataCite().read(answer("datacite", body, url))


def one(**fields):
    item = changed(DATACITE_ITEM, attributes=changed(DATACITE_ITEM["attributes"], **fields))
    (record,) = read({"data": item}).records
    return record


def test_a_paper_of_arxivs_has_its_id_versions_and_published_doi():
    """The main title before translations; what the authors say in the comment is a claim."""
    said = read(DATACITE)
    record = said.records[0]
    assert (record.arxiv_id, record.arxiv_version, record.doi) == ("2401.00001", 2, "10.1000/x.1")
    assert (record.title, record.authors) == ("Maschinen", ("Ada Lovelace", "Mill Collaboration"))
    assert record.author_keys == (ORCID_ID, "")
    assert (record.first_on, record.published_on, record.year) == (date(2024, 1, 1), date(2024, 2, 3), 2024)
    assert (record.stage, record.venue, record.venue_year) == (Stage.PREPRINT, "ICML 2024", 2024)
    assert (record.abstract, record.comment) == ("We analyse engines.", "Accepted at ICML 2024")
    assert record.categories == ("cs.LG",)
    assert [(one.metric, one.value, one.key) for one in said.readings] == [("citations", 3, record.key)]
    assert [one.kind for one in said.remarks] == ["further_title", "further_doi"]


@pytest.mark.parametrize(
    ("fields", "stage", "venue"),
    [
        (
            {"types": {"resourceTypeGeneral": "JournalArticle"}, "container": {"title": "J. Mills"}},
            Stage.PUBLISHED,
            "J. Mills",
        ),
        ({"types": {"resourceTypeGeneral": "Preprint"}, "publisher": {"name": "Inn"}}, Stage.PREPRINT, "Inn"),
        ({"types": {"resourceTypeGeneral": "Dataset"}, "publisher": "Zenodo"}, None, "Zenodo"),
        ({"types": None, "publisher": None}, None, None),
    ],
)
def test_other_things_keep_their_own_doi(fields, stage, venue):
    """A data set is no publication."""
    record = one(doi="10.5281/zenodo.1", **fields)
    assert (record.doi, record.arxiv_id, record.stage, record.venue) == ("10.5281/zenodo.1", None, stage, venue)


def test_a_code_for_what_nobody_knows_is_no_name():
    """DataCite has fields that must not be empty, and codes to write in them."""
    record = one(
        doi="10.5281/zenodo.1", creators=[{"name": "(:Unav)"}, {"name": "Ada"}, {"name": "(:etal)"}],
        publisher="(:unkn)",
    )  # fmt: skip
    assert (record.authors, record.truncated, record.venue) == (("Ada",), True, None)
    assert not one().truncated


def test_a_description_may_be_in_parts():
    """As some depositors write the paragraphs."""
    parts = [{"description": ["We analyse.", "Engines."], "descriptionType": "Abstract"}]
    assert one(descriptions=parts).abstract == "We analyse. Engines."


def test_an_address_for_a_doi_is_that_doi():
    """Its own tools write it so."""
    assert one(doi=None).key == one(doi="https://doi.org/10.48550/arXiv.2401.00001").key == one().key
    bare = changed(DATACITE_ITEM["attributes"], doi=..., id="https://doi.org/10.48550/arxiv.2401.00001")
    assert read(bare).records == read(DATACITE).records


def test_withdrawn_is_said_in_words():
    """There is no flag for it."""
    gone = [{"description": "This paper has been withdrawn", "descriptionType": "Other"}]
    assert one(descriptions=gone).stage is Stage.WITHDRAWN


def test_lists_and_lines_are_read():
    """A list says how long it is, and where it goes on."""
    said = read(DATACITE_LIST, "https://api.datacite.org/dois?query=x")
    assert (len(said.records), said.total) == (1, 30)
    assert [dict(query.params) for query in said.next] == [{"query": "x", "page[cursor]": "abc"}]
    assert read({"data": [], "meta": {"total": 0}}).total == 0
    lines = "\n".join(json.dumps(changed(DATACITE_ITEM, id=f"10.48550/arxiv.2401.0000{n}")) for n in range(3))
    assert len(read(lines).records) == 3


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]},
            "not found: DataCite",
        ),
        ({"errors": [{"status": "400", "title": "Bad"}]}, "DataCite says: Bad (400)"),
        ({"data": []}, "not believed"),
        ({"data": {"id": "x"}}, "no DOI and no list"),
    ],
)
def test_errors_are_refused_in_their_own_words(body, reason):
    """What is not found is not empty."""
    with pytest.raises(UnreadableAnswer) as refused:
        read(body)
    assert reason in refused.value.reason
