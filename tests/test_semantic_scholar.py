"""Semantic Scholar's papers and authors in all the forms it gives them, and its many ways to say no."""

from datetime import date

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Stage
from harvest.sources.semantic_scholar import SemanticScholar
from service_answers import S2_AUTHOR, S2_LIST, S2_PAPER, answer, changed

URL = "https://api.semanticscholar.org/graph/v1/author/77/papers?fields=title&limit=2&offset=0"


def read(body, url="saved"):
    return SemanticScholar().read(answer("semantic_scholar", body, url))


def one(**fields):
    (record,) = read(changed(S2_PAPER, **fields)).records
    return record


def test_a_paper_is_a_record_with_its_counts():
    """With the ids of all services that it names; its authors by Semantic Scholar's own ids."""
    said = read(S2_PAPER)
    record = said.records[0]
    assert (record.key, record.title, record.venue) == ("a1b2", "Engines", "Journal of Engines")
    assert (record.authors, record.author_keys) == (("Ada Lovelace", "Bob"), ("77", ""))
    assert (record.arxiv_id, record.doi, record.dblp_key) == ("2401.00001", "10.1000/x.1", "journals/je/Ada26")
    assert (record.year, record.published_on) == (2026, date(2026, 2, 3))
    assert {(one.metric, one.value) for one in said.readings} == {("citations", 9), ("influential_citations", 2)}
    assert {one.key for one in said.readings} == {"a1b2"}


@pytest.mark.parametrize(
    ("fields", "stage"),
    [
        ({}, Stage.PUBLISHED),
        ({"venue": "arXiv.org"}, Stage.PREPRINT),
        ({"venue": "bioRxiv", "externalIds": {"DOI": "10.1101/1"}}, Stage.PREPRINT),
        (
            {"externalIds": {"ArXiv": "2401.00001", "DBLP": "journals/corr/AdaB24"}},
            None,
        ),  # a venue alone proves nothing
        ({"externalIds": {"DBLP": "conf/ce/Ada26"}, "venue": ""}, Stage.PUBLISHED),
        ({"externalIds": {"DOI": "10.48550/arXiv.2401.00001"}, "venue": None, "journal": None}, Stage.PREPRINT),
        ({"externalIds": None, "venue": None, "journal": None}, None),
    ],
)
def test_the_stage_of_a_mixed_record(fields, stage):
    """Preprint and publication are one record there: an identifier of the publication decides."""
    assert one(**fields).stage is stage


def test_every_field_may_be_null_or_missing():
    """Only a title is needed."""
    for fields in (dict.fromkeys(set(S2_PAPER) - {"title", "paperId"}), dict.fromkeys(set(S2_PAPER) - {"title"}, ...)):
        record = one(**(fields | {"corpusId": 5}))
        assert (record.title, record.authors, record.doi, record.year) == ("Engines", (), None, None)


def test_an_author_is_numbers_remarks_and_papers():
    """Numbers of the person have no key; null is no zero."""
    said = read(changed(S2_AUTHOR, hIndex=None))
    assert [(one.metric, one.value) for one in said.readings if one.key is None] == [("citations", 345), ("papers", 12)]
    assert [(one.kind, one.explanation) for one in said.remarks] == [
        ("name", "Ada Lovelace"), ("alias", "Ada Lovelace 0003"), ("affiliation", "Mill"),
    ]  # fmt: skip
    assert [record.key for record in said.records] == ["a1b2"]


def test_a_batch_has_nulls_in_the_places_of_the_unknown():
    """They are noticed, and nothing shifts."""
    said = read([None, S2_PAPER, None])
    assert [record.key for record in said.records] == ["a1b2"]
    assert [(one.kind, one.explanation[:7]) for one in said.remarks] == [("missing", "entry 1"), ("missing", "entry 3")]
    assert [one.kind for one in read({"data": [{"citedPaper": None}]}).remarks] == ["missing"]


def test_a_paper_of_old_has_its_ids_beside_its_title():
    """Answers saved until 2021 have no list of them."""
    record = one(externalIds=..., arxivId="2401.00001", doi="10.1000/X.1")
    assert (record.arxiv_id, record.doi) == ("2401.00001", "10.1000/x.1")


def test_lists_are_followed_and_their_entries_unwrapped():
    """By offset or by token; a cited paper without an id is named by its title."""
    said = read(S2_LIST, URL)
    assert ([record.key for record in said.records], said.total) == (["a1b2", "mills"], 30)
    (query,) = said.next
    assert (query.path, dict(query.params)["offset"]) == ("/graph/v1/author/77/papers", "2")
    assert read(changed(S2_LIST, next=...), URL).next == ()
    assert dict(read(changed(S2_LIST, next=..., token="t"), URL).next[0].params)["token"] == "t"


@pytest.mark.parametrize("name", ["citedPaper", "citingPaper"])
def test_one_paper_may_be_wrapped_alone(name):
    """As tools save the lines of a list of citations."""
    assert read({"contexts": [], name: S2_PAPER}).records == read(S2_PAPER).records


def test_a_paper_of_a_snippet_has_names_and_a_number_as_texts():
    """The search of texts describes papers in its own way."""
    said = read({"data": [{"snippet": {"text": "We"}, "paper": {
        "corpusId": "57", "title": "Engines", "authors": ["Ada Lovelace", "Bob"]}}]})  # fmt: skip
    (record,) = said.records
    assert (record.key, record.authors, record.author_keys) == ("CorpusId:57", ("Ada Lovelace", "Bob"), ())


def test_authors_in_a_list_are_candidates():
    """Clustered by machine: shown with their numbers, never taken."""
    said = read({"total": 1, "data": [S2_AUTHOR]})
    assert said.records == said.readings == ()
    assert said.remarks[0].explanation == "Ada Lovelace: 77, h-index 7, papers 12, citations 345"


def test_an_empty_search_is_empty():
    """It has no "data"; one that says it found something has none by mistake."""
    assert (read({"total": 0, "offset": 0}).total, read({"data": []}).records) == (0, ())
    with pytest.raises(UnreadableAnswer):
        read({"total": 9, "offset": 0})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "Paper with id 0 not found"}, "not found: Semantic Scholar says: Paper with id 0 not found"),
        ({"message": "Too Many Requests", "code": "429"}, "Semantic Scholar says: Too Many Requests"),
        (["2024-01-01"], "without a paper or an author"),
        ({"release_id": "2024-01-01"}, "no paper, author or list"),
    ],
)
def test_errors_are_refused_in_their_own_words(body, reason):
    """With status 200 as well: a body with an error is no empty one."""
    with pytest.raises(UnreadableAnswer) as refused:
        read(body)
    assert reason in refused.value.reason
