"""OpenAlex's authors, works and lists: understood field by field, or refused by name."""

import copy
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Outcome, Person, Reading, Stage
from harvest.sources.openalex import OpenAlex, onward
from harvest.sources.source import Known

WORKS = "https://api.openalex.org/works?filter=author.id%3AA1234&per-page=100&cursor=%2A"
JOURNAL = {"type": "journal", "display_name": "Journal of Engines"}
CONFERENCE = {"type": "conference", "display_name": "Conference on Engines"}
ARXIV = {"type": "repository", "display_name": "arXiv (Cornell University)"}
PROCEEDINGS = {
    "source": None, "raw_source_name": "Proc. Engines &amp;amp; Mills", "raw_type": "proceedings-article",
    "version": "publishedVersion",
}  # fmt: skip
NOWHERE = {"primary_location": None, "locations": []}
AUTHOR = {
    "id": "https://openalex.org/A1234", "display_name": "Ada Lovelace", "orcid": "https://orcid.org/0000-0001-5109-3700",
    "display_name_alternatives": ["Ada King"], "works_count": 12, "cited_by_count": 345,
    "summary_stats": {"h_index": 7, "i10_index": 5, "2yr_mean_citedness": 1.5},
    "last_known_institutions": [{"display_name": "Mill"}],
}  # fmt: skip


def answer(said, url=WORKS):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Answer(source="openalex", url=url, body=body, received_at=datetime(2026, 5, 1, tzinfo=UTC), person_id="ada")


def place(source=ARXIV, version="submittedVersion", address="http://arxiv.org/abs/2401.00001"):
    return {"source": source, "version": version, "landing_page_url": address}


def work(**given):
    made = {
        "id": "https://openalex.org/W5678", "title": "Engines", "doi": "https://doi.org/10.1000/X.1",
        "publication_year": 2026, "publication_date": "2026-02-03", "type": "article", "cited_by_count": 9,
        "authorships": [
            {"author": {"id": "https://openalex.org/A1234", "display_name": "Ada Lovelace"}, "is_corresponding": True},
            {"author": {"id": None, "display_name": "Bob"}},
        ],
        "primary_location": place(JOURNAL, "publishedVersion", "https://doi.org/10.1000/X.1"),
        "locations": [place(JOURNAL, "publishedVersion", "https://doi.org/10.1000/X.1"), place()],
        "abstract_inverted_index": {"engines": [1, 3], "We": [0], "analyse": [2]},
    }  # fmt: skip
    return made | given


def listing(*works, **meta):
    return {"meta": {"count": len(works)} | meta, "results": list(works)}


def one(**given):
    (record,) = OpenAlex().read(answer(listing(work(**given)))).records
    return record


def test_a_work_is_a_record_with_its_count():
    """The ids of all services that it names, the authors by OpenAlex's own ids, and the citations of that record."""
    said = OpenAlex().read(answer(listing(work())))
    record = said.records[0]
    assert (record.key, record.openalex_id, record.title) == ("W5678", "W5678", "Engines")
    assert (record.authors, record.author_keys) == (("Ada Lovelace", "Bob"), ("A1234", ""))
    assert record.roles == ("corresponding", "")
    assert (record.doi, record.arxiv_id) == ("10.1000/x.1", "2401.00001")
    assert (record.year, record.published_on) == (2026, date(2026, 2, 3))
    assert record.abstract == "We engines analyse engines"
    assert said.readings == (Reading(source="openalex", metric="citations", value=9, key="W5678"),)


@pytest.mark.parametrize(
    ("given", "stage", "venue"),
    [
        ({}, Stage.PUBLISHED, "Journal of Engines"),
        ({"primary_location": place(), "locations": [place(), place(CONFERENCE, "publishedVersion")]},
         Stage.PUBLISHED, "Conference on Engines"),
        ({"primary_location": place(), "locations": [place(CONFERENCE, "acceptedVersion")]},
         Stage.ACCEPTED, "Conference on Engines"),
        ({"primary_location": place(), "locations": [place()]}, Stage.PREPRINT, "arXiv (Cornell University)"),
        (NOWHERE | {"primary_location": place(ARXIV, "publishedVersion")}, Stage.PREPRINT, ARXIV["display_name"]),
        ({"primary_location": None, "locations": None, "type": "preprint"}, Stage.PREPRINT, None),
        ({"primary_location": None, "locations": []}, None, None),
        ({"primary_location": {"source": None}, "locations": []}, None, None),
        ({"is_retracted": True}, Stage.WITHDRAWN, "Journal of Engines"),
        (NOWHERE | {"host_venue": JOURNAL | {"version": "publishedVersion"}}, Stage.PUBLISHED, "Journal of Engines"),
        (NOWHERE | {"primary_location": PROCEEDINGS, "locations": [PROCEEDINGS, place()]},
         Stage.PUBLISHED, "Proc. Engines & Mills"),
        (NOWHERE | {"primary_location": PROCEEDINGS | {"raw_type": None}}, None, "Proc. Engines & Mills"),
        (NOWHERE | {"primary_location": PROCEEDINGS | {"raw_type": "posted-content"}, "locations": [place()]},
         Stage.PREPRINT, ARXIV["display_name"]),
        (NOWHERE | {"host_venue": ARXIV, "alternate_host_venues": [{"type": "publisher", "display_name": "J",
         "version": "publishedVersion"}]}, Stage.PUBLISHED, "J"),
    ],
)  # fmt: skip
def test_the_stage_is_that_of_the_best_location(given, stage, venue):
    """A copy in a repository is no publication, whatever it is labelled; what is not said is not known."""
    record = one(**given)
    assert (record.stage, record.venue) == (stage, venue)


@pytest.mark.parametrize(
    ("given", "doi", "arxiv"),
    [
        ({"doi": "https://doi.org/10.48550/arxiv.2401.00002", "locations": []}, "10.1000/x.1", "2401.00002"),
        (NOWHERE | {"doi": "https://doi.org/10.48550/arxiv.2401.00002"}, None, "2401.00002"),
        (NOWHERE | {"doi": None, "ids": {"doi": "https://doi.org/10.1000/Y"}}, "10.1000/y", None),
        ({"doi": 7, "ids": [], "primary_location": [], "locations": [None, 3]}, None, None),
    ],
)  # fmt: skip
def test_arxivs_doi_is_an_arxiv_id(given, doi, arxiv):
    """And never the DOI of a publication."""
    record = one(**given)
    assert (record.doi, record.arxiv_id) == (doi, arxiv)


def test_an_author_whom_it_does_not_know_is_named_as_on_the_paper():
    """Otherwise the others would move up."""
    unknown = [{"author": None, "raw_author_name": "Bob"}, {"author": {"id": None, "display_name": "Cy"}}]
    record = one(authorships=[*unknown, {"raw_author_name": None}, "Dan"])
    assert (record.authors, record.author_keys, record.roles) == (("Bob", "Cy"), ("", ""), ())


def test_a_cut_list_of_authors_says_so():
    """Lists give the first hundred authors only."""
    assert one(is_authors_truncated=True).truncated
    assert not one().truncated


def test_an_author_is_numbers_and_remarks():
    """Numbers of the person; names, ORCID and place are remarked, for no record has them."""
    said = OpenAlex().read(answer(AUTHOR, "https://api.openalex.org/authors/A1234"))
    assert {(one.metric, one.value, one.key) for one in said.readings} == {
        ("citations", 345, None), ("papers", 12, None), ("h_index", 7, None), ("i10_index", 5, None),
    }  # fmt: skip
    assert [(one.kind, one.explanation) for one in said.remarks] == [
        ("orcid", "0000-0001-5109-3700"), ("alias", "Ada King"), ("affiliation", "Mill"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, "12", True, float("nan"), [], 1e300])
def test_what_is_no_number_is_no_reading(value):
    """Null is not zero: a missing count must never show as a fall to nothing."""
    said = OpenAlex().read(answer(AUTHOR | {"cited_by_count": value, "summary_stats": None, "works_count": value}))
    assert said.readings == ()


def test_a_merged_author_is_remarked():
    """OpenAlex sends merged profiles on to the survivor: the id in people.toml is stale."""
    said = OpenAlex().read(answer(AUTHOR, "https://api.openalex.org/authors/A99999"))
    assert said.remarks[0].kind == "moved"


def test_an_author_of_old_has_one_institution():
    """Answers saved until 2023 name one only."""
    old = {"last_known_institutions": None, "last_known_institution": {"display_name": "Mill"}}
    assert OpenAlex().read(answer(AUTHOR | old)).remarks == OpenAlex().read(answer(AUTHOR)).remarks


def test_authors_in_a_list_are_candidates():
    """Whoever bears the name is shown, never taken."""
    said = OpenAlex().read(answer(listing(AUTHOR, AUTHOR | {"orcid": None})))
    assert (said.records, said.readings, said.total) == ((), (), 2)
    assert [one.explanation for one in said.remarks] == [
        "Ada Lovelace: A1234, 0000-0001-5109-3700", "Ada Lovelace: A1234, no ORCID",
    ]  # fmt: skip


def test_pages_follow_their_cursor():
    """Until there is no next one, an empty page, or one that leads to itself."""
    (query,) = OpenAlex().read(answer(listing(work(), count=300, next_cursor="abc="))).next
    assert (query.path, query.person_id) == ("/works", "ada")
    assert dict(query.params) == {"filter": "author.id:A1234", "per-page": "100", "cursor": "abc="}
    for said in (listing(work(), next_cursor=None), listing(next_cursor="abc="), listing(work(), next_cursor="*")):
        assert OpenAlex().read(answer(said)).next == ()
    assert OpenAlex().read(answer(listing(work(), next_cursor="abc="), url="saved.json")).next == ()


@pytest.mark.parametrize(
    ("sizes", "total", "goes_on"),
    [
        ([3], 3, False),  # all have come
        ([100, 3], 103, False),
        ([3], 5, True),  # fewer than it counts
        ([100, 3], 200, True),
        ([100], 100, True),  # a full page: it may have more than it counts
        ([100], 60, True),
        ([3], 0, True),  # it counted nothing on the day when all its counts were wrong
    ],
)
def test_a_list_is_left_when_all_that_it_counts_has_come(sizes, total, goes_on):
    """Its last cursor leads to an empty page, which is not worth a question."""
    pages, after = [], 0
    for size in sizes:
        works = [work(id=f"https://openalex.org/W{1000 + after + n}") for n in range(size)]
        pages.append(OpenAlex().read(answer(listing(*works, count=total, next_cursor="abc="))))
        after += size
    assert bool(onward(answer(b""), pages, Known())) is goes_on


def test_a_work_that_comes_twice_is_counted_once():
    """Lists move while they are read: what a doubled work hides may be on the next page."""
    page = OpenAlex().read(answer(listing(work(), work(), count=2, next_cursor="abc=")))
    assert onward(answer(b""), [page], Known()) == page.next != ()


def test_what_cannot_be_understood_is_remarked():
    """A work without a title, an entry without an id: said, not dropped in silence."""
    said = OpenAlex().read(answer(listing(work(title=None), {"title": "x"}, "rubbish", work())))
    assert len(said.records) == 1
    assert [one.kind for one in said.remarks] == ["not_understood"] * 3


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"<!doctype html><title>404 Not Found</title>", "no whole JSON"),
        (json.dumps(listing(work())).encode()[:-9], "no whole JSON"),
        (b"", "no whole JSON"),
        (b"\xff\xfe\x00", "no whole JSON"),
        (b"[" * 100_000, "no whole JSON"),
        ([1], "nothing of OpenAlex's"),
        ({"error": "Invalid filter", "message": "Unknown filter field"}, "OpenAlex says: Unknown filter field"),
        ({"open_access": {}}, "no work, author or list"),
        ({"meta": {"count": None}, "results": []}, "does not say how long"),
        ({"meta": {"count": -1}, "results": []}, "does not say how long"),
        ({"meta": {"count": 1}, "results": [{"id": "https://openalex.org/F1"}]}, "without a work or an author"),
    ],
)
def test_what_is_no_answer_of_openalexs_is_refused(said, reason):
    """An apology must not read as "no works"."""
    with pytest.raises(UnreadableAnswer) as refused:
        OpenAlex().read(answer(said))
    assert reason in refused.value.reason


def test_no_character_gets_through_that_a_database_refuses():
    """JSON may carry NUL and half characters; titles are folded."""
    record = one(title="En\u0000gi\ud800nes \n of\tbrass")
    assert record.title == "En gi nes of brass"
    record.title.encode()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "author"]), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_wrong_shapes_are_never_a_crash(data):
    """Any field may hold anything: read, remarked, or refused by name."""
    said = copy.deepcopy(data.draw(st.sampled_from([listing(work(), AUTHOR), AUTHOR, work()])))
    target = said["results"][0] if "results" in said and data.draw(st.booleans()) else said
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JUNK)
    try:
        OpenAlex().read(answer(said))
    except UnreadableAnswer as refused:
        assert refused.reason


def test_two_questions_for_everybody_with_an_id():
    """The numbers and the works; nothing is asked by name."""
    people = [Person(id="ada", name="Ada", openalex_id="A1234"), Person(id="bob", name="Bob")]
    author, works = OpenAlex().ask(people, Known())
    assert (author.path, works.path) == ("/authors/A1234", "/works")
    assert dict(works.params) == {"filter": "author.id:A1234", "per-page": "100", "cursor": "*"}
    assert {author.person_id, works.person_id} == {"ada"}
    assert list(OpenAlex().follow([], Known())) == []


def test_a_silent_emptiness_is_told_by_its_total(shared):
    """On a bad day every list was empty with status 200: the reader gives the total, the pipeline judges."""
    path = shared / "recordings/transcribed/errors/openalex_authors_silent_empty_2026-07-16.json"
    said = OpenAlex().read(answer(path.read_bytes()))
    assert (said.records, said.total, answer(b"").outcome) == ((), 0, Outcome.ANSWERED)
