"""Crossref's works: what publishers deposited, without their mark-up; errors refused in Crossref's words."""

import json
from datetime import date

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Reading, Stage
from harvest.sources.crossref import Crossref
from service_answers import CROSSREF, CROSSREF_LIST, CROSSREF_WORK, ORCID_ID, answer, changed


def read(body, url="saved"):
    return Crossref().read(answer("crossref", body, url))


def one(**fields):
    (record,) = read(changed(CROSSREF, message=changed(CROSSREF_WORK, **fields))).records
    return record


def test_a_work_is_a_record_with_its_count():
    """Mark-up goes, entities are resolved, a group is an author under its one name."""
    said = read(CROSSREF)
    record = said.records[0]
    assert (record.key, record.doi, record.title) == ("10.1000/x.1", "10.1000/x.1", "On Engines & x2")
    assert (record.authors, record.author_keys) == (("Ada Lovelace", "Mill Collaboration"), (ORCID_ID, ""))
    assert (record.venue, record.year, record.published_on) == ("Journal of Engines", 2026, date(2026, 2, 3))
    assert record.abstract == "Abstract We analyse engines."
    assert said.readings == (Reading(source="crossref", metric="citations", value=7, key="10.1000/x.1"),)


@pytest.mark.parametrize(
    ("fields", "stage"),
    [
        ({}, Stage.PUBLISHED),
        ({"type": "posted-content"}, Stage.PREPRINT),
        ({"type": "proceedings-article", "container-title": ["Workshop on Mills"]}, Stage.WORKSHOP),
        ({"type": "dataset"}, None),
        ({"type": ...}, None),
        ({"updated-by": [{"type": "retraction", "DOI": "10.1000/r"}]}, Stage.WITHDRAWN),
        ({"updated-by": [{"type": "correction", "DOI": "10.1000/c"}]}, Stage.PUBLISHED),
        ({"update-to": [{"type": "retraction", "DOI": "10.1000/r"}]}, Stage.PUBLISHED),  # the notice itself
        ({"title": ["RETRACTED: Engines"]}, Stage.WITHDRAWN),
    ],
)
def test_the_stage_of_a_work(fields, stage):
    """A preprint server is no journal, and what was retracted is not published any more."""
    assert one(**fields).stage is stage


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"published-print": None}, (None, 2025)),
        ({"published-print": {"date-parts": [[None]]}, "issued": ...}, (None, None)),
        ({"published-print": {"date-parts": [[2026, 13, 40]]}}, (None, 2026)),
        ({"published-print": {"date-parts": [["2026"]]}, "issued": {"date-parts": []}}, (None, None)),
        ({"published-print": ..., "issued": ..., "created": {"date-parts": [[2020, 1, 2]]}}, (date(2020, 1, 2), 2020)),
    ],
)
def test_the_date_is_that_of_print_then_online_then_deposit(fields, expected):
    """Deposit dates run years off; a month is no day."""
    record = one(**fields)
    assert (record.published_on, record.year) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (["<b>A</b>  &amp;amp; <mml:math><mml:mi>x</mml:mi></mml:math>"], "A & x"),
        (["p < 0.05 and q > 3"], "p < 0.05 and q > 3"),
        (["a<b and c>d"], "a<b and c>d"),
        ("Not a list", "Not a list"),
        ([None, "Second"], "Second"),
    ],
)
def test_titles_are_words(title, expected):
    """Tags go, comparisons stay."""
    assert one(title=title).title == expected


def test_a_placeholder_is_no_author():
    """Some publishers deposit "&NA;", not available, where nobody is named."""
    assert one(author=[{"family": "&amp;NA;"}, {"family": "&NA;"}, {"given": "Ada"}]).authors == ("Ada",)


def test_other_titles_and_relations_are_remarked():
    """They have no field, and are not lost."""
    fields = {
        "subtitle": ["Of brass"], "original-title": ["Maschinen"], "title": ["Engines", "Machines"],
        "relation": {"is-preprint-of": [{"id": "10.1000/y", "id-type": "doi"}], "cites": []},
    }  # fmt: skip
    said = read(changed(CROSSREF, message=changed(CROSSREF_WORK, **fields)))
    assert [(one.kind, one.explanation.partition(" ")[2]) for one in said.remarks] == [
        ("further_title", "Machines"), ("further_title", "Maschinen"), ("subtitle", "Of brass"),
        ("published_as", "is a preprint of 10.1000/y"),
    ]  # fmt: skip


def test_a_list_is_followed_by_its_cursor():
    """Until it is empty; a list that does not say how long it is, is not believed."""
    said = read(CROSSREF_LIST, "https://api.crossref.org/works?cursor=*&rows=2")
    assert ([record.title for record in said.records], said.total) == (["On Engines & x2", "Mills"], 40)
    assert [dict(query.params) for query in said.next] == [{"cursor": "abc=", "rows": "2"}]
    with pytest.raises(UnreadableAnswer, match="how long"):
        read(changed(CROSSREF_LIST, message={"items": []}))


def test_bare_works_and_lines_of_works_are_read():
    """As tools save them."""
    assert len(read(CROSSREF_WORK).records) == len(read([CROSSREF_WORK]).records) == 1
    assert len(read(f"{json.dumps(CROSSREF)}\n{json.dumps(CROSSREF_WORK)}\n").records) == 2
    said = read("@article{x, title={Engines}, author={Lovelace, Ada}, DOI={10.1000/x.1}}")
    assert [(one.title, one.doi) for one in said.records] == [("Engines", "10.1000/x.1")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Resource not found.", "not found: Crossref says: Resource not found."),
        ({"status": "failed", "message": [{"type": "x", "message": "Bad"}]}, "Crossref says: Bad (x)"),
        ({"status": "ok", "message": {"DOI": "10.1/x"}}, None),
        ({"status": "ok"}, "no work and no list"),
        ({"status": "error", "message": {"description": "a NullPointer"}}, "Crossref says: a NullPointer"),
        ({"status": "ok", "message-type": "work-list", "message": {"items": None}}, "how long"),
        ("<html><title>Busy</title>", "a web page titled 'Busy'"),
    ],
)
def test_errors_are_refused_in_their_own_words(body, reason):
    """What is not found is not empty."""
    if reason is None:
        assert [one.kind for one in read(body).remarks] == ["not_understood"]
        return
    with pytest.raises(UnreadableAnswer) as refused:
        read(body)
    assert reason in refused.value.reason


def test_an_answer_about_something_else_holds_no_work():
    """A member, a prefix, the agency of a DOI: whole answers, without papers."""
    agency = {"status": "ok", "message": {"DOI": "10.1000/x.1", "agency": {"label": "Crossref"}}}
    assert read(agency).remarks[0].explanation == "10.1000/x.1 is registered with Crossref"
    for kind, message in (("member", {"id": 98}), ("type-list", {"total-results": 1, "items": [{"id": "book"}]})):
        said = read({"status": "ok", "message-type": kind, "message": message})
        assert ([one.kind for one in said.remarks], said.records) == (["about"], ())


@pytest.mark.parametrize("wrapped", [False, True])
def test_one_entry_without_a_doi_does_not_hide_the_others(wrapped):
    """It is remarked; among works saved as a bare list as well."""
    found = [CROSSREF_WORK, changed(CROSSREF_WORK, DOI=...), None]
    message = {"items": found, "total-results": 3}
    said = read(changed(CROSSREF_LIST, message=message) if wrapped else found)
    assert [record.key for record in said.records] == ["10.1000/x.1"]
    assert [one.kind for one in said.remarks] == ["not_understood"] * 2
