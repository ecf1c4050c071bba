"""arXiv by OAI-PMH: three formats of one paper, lists that go on, and the one error that means "nothing new"."""

import re
from datetime import UTC, date, datetime

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Contents, Outcome, Person, Record, Stage
from harvest.pipeline import take
from harvest.plan import Plan
from harvest.runs import Visit
from harvest.sources.arxiv import searched
from harvest.sources.arxiv_oai import ArxivOai, concerning
from harvest.sources.source import Known
from harvest.store.recall import recall
from harvest.store.warehouse import writing
from service_answers import DUBLIN, PLAIN, RAW, answer, oai, oai_record


def read(body):
    return ArxivOai().read(answer("arxiv_oai", body))


def one(metadata, **given):
    (record,) = read(oai(oai_record(metadata, **given))).records
    return record


def test_the_raw_format_has_versions():
    """Names are typed by hand there, with affiliations and TeX; the newest version dates the record."""
    said = read(oai(oai_record(RAW)))
    record = said.records[0]
    assert (record.source, record.key, record.arxiv_id, record.arxiv_version) == (
        "arxiv",
        "2401.00001v2",
        "2401.00001",
        2,
    )
    assert record.authors == ("Ada Lovelace", "R. Müller")
    assert (record.first_on, record.published_on, record.year) == (date(2024, 1, 1), date(2024, 2, 3), 2024)
    assert (record.stage, record.venue, record.doi) == (Stage.PREPRINT, "ICML 2024", "10.1000/x.1")
    assert record.categories == ("cs.LG", "stat.ML")
    assert [one.kind for one in said.remarks] == ["further_doi"]


@pytest.mark.parametrize(
    "typed", ["10.1000/X.1;10.1000/x.2", "10.1000/X.1, 10.1000/x.2", "10.1000/X.1; doi:10.1000/x.2"]
)
def test_several_dois_are_told_apart_however_they_are_joined(typed):
    """Authors type them into one field; a semicolon may also be part of one."""
    said = read(oai(oai_record(RAW.replace("10.1000/X.1 10.1000/x.2", typed))))
    assert said.records[0].doi == "10.1000/x.1"
    assert [one.explanation.rpartition(" ")[2] for one in said.remarks] == ["10.1000/x.2"]
    assert one(RAW.replace("10.1000/X.1 10.1000/x.2", "10.1000/0044-37:1;3-A")).doi == "10.1000/0044-37:1;3-a"


def test_a_version_without_source_is_withdrawn():
    """When the stored format says so; at times only the words do."""
    flagged = RAW.replace("<size>9kb</size>", "<size>0kb</size><source_type>I</source_type>")
    assert one(flagged).stage is Stage.WITHDRAWN
    assert one(RAW.replace("Accepted at ICML 2024", "This paper has been withdrawn")).stage is Stage.WITHDRAWN
    earlier = RAW.replace("<size>8kb</size>", "<size>0kb</size><source_type>I</source_type>")
    assert one(earlier).stage is Stage.PREPRINT


def test_the_newest_version_is_the_one_with_the_highest_number():
    """Wherever it stands in the list; what has no number is none."""
    first, second = re.findall("<version .*</version>", RAW)
    turned = RAW.replace(second, "").replace(first, second.replace("v2", "v10") + first + first.replace("v1", "x"))
    record = one(turned)
    assert (record.arxiv_version, record.first_on, record.published_on) == (10, date(2024, 1, 1), date(2024, 2, 3))


def test_the_plain_format_has_names_in_parts_and_two_meanings_of_its_dates():
    """The service of 2025 writes the newest version's day where the old one wrote the first's."""
    new, old = one(PLAIN), one(PLAIN, header="<setSpec>cs</setSpec>")
    assert new.authors == old.authors == ("R. Müller Jr", "Mill Collaboration")
    assert (new.first_on, new.published_on) == (None, date(2024, 1, 1))
    assert (old.first_on, old.published_on) == (date(2024, 1, 1), date(2024, 2, 3))
    assert (new.venue, new.arxiv_version) == ("J. Engines 3 (2025) 1", None)


def test_dublin_core_tells_by_form_what_is_what():
    """An identifier that is no address and no DOI is the journal reference; a comment may say that it is one."""
    record = one(DUBLIN)
    assert (record.arxiv_id, record.doi, record.venue) == ("2401.00001", "10.1000/x.1", "J. Engines 3 (2025) 1")
    assert (record.abstract, record.comment) == ("We analyse engines.", "5 pages")
    assert (record.first_on, record.published_on) == (date(2024, 1, 1), date(2024, 2, 3))


def test_a_class_that_is_called_none_is_no_category():
    """The service writes the text "None" where a paper has no such class."""
    assert one(RAW.replace("</categories>", "</categories><acm-class>None</acm-class>")) == one(RAW)


def test_other_repositories_keep_their_own_identifiers():
    """A paper that is not arXiv's must not pass for one."""
    record = one(DUBLIN.replace("http://arxiv.org/abs/2401.00001", "http://mill.example/9"), id="oai:mill.example:9")
    assert (record.source, record.key, record.arxiv_id) == ("arxiv_oai", "oai:mill.example:9", None)


def test_deleted_records_are_remarked():
    """They have no metadata, and are no paper."""
    gone = '<record><header status="deleted"><identifier>oai:arXiv.org:2401.00002</identifier></header></record>'
    said = read(oai(oai_record(RAW), gone))
    assert (len(said.records), [one.kind for one in said.remarks]) == (1, ["further_doi", "deleted"])
    header = '<header status="deleted"><identifier>oai:x:1</identifier></header>'
    assert [one.kind for one in read(oai(header, verb="ListIdentifiers")).remarks] == ["deleted"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("<resumptionToken completeListSize='90'>a%3Db</resumptionToken>", ("a%3Db", 90)),
        ("<resumptionToken completeListSize='90'/>", (None, 90)),
        ("", (None, None)),
    ],
)
def test_a_list_goes_on_while_it_has_a_token(token, expected):
    """The last page has an empty one, or none at all."""
    said = read(oai(oai_record(RAW), more=token))
    found = dict(said.next[0].params) if said.next else {}
    assert (found.get("resumptionToken"), said.total) == expected
    assert found.get("verb", "ListRecords") == "ListRecords"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (oai(more="", verb="x"), "without records"),
        (
            '<OAI-PMH><error code="badResumptionToken">expired</error></OAI-PMH>',
            "arXiv says: badResumptionToken: expired",
        ),
        ('<OAI-PMH><error code="idDoesNotExist">no</error></OAI-PMH>', "not found: arXiv says: idDoesNotExist: no"),
        ('<OAI-PMH><error code="cannotDisseminateFormat"/></OAI-PMH>', "cannotDisseminateFormat"),
        (oai(oai_record("<marc/>")), "in the format 'marc'"),
        (oai(oai_record(RAW.replace("<title>Engines</title>", ""))), "without an arXiv id or a title"),
        (oai("<record><header/></record>"), "without metadata"),
    ],
)
def test_errors_are_refused_by_their_code(body, reason):
    """All come with status 200."""
    with pytest.raises(UnreadableAnswer) as refused:
        read(body)
    assert reason in refused.value.reason


def test_one_record_that_is_not_understood_does_not_hide_the_others():
    """A page has two thousand."""
    said = read(oai(oai_record(RAW), oai_record("<marc/>", id="oai:x:1")))
    assert (len(said.records), said.remarks[-1].explanation[:8]) == (1, "oai:x:1:")


def test_nothing_new_is_an_empty_list():
    """The normal answer of a quiet day."""
    assert read('<OAI-PMH><error code="noRecordsMatch">none</error></OAI-PMH>').total == 0
    assert [one.kind for one in read("<OAI-PMH><Identify><x/></Identify></OAI-PMH>").remarks] == ["about"]


def test_the_net_is_for_many_people_and_its_windows_overlap():
    """For few, searches by name are fewer requests; without a first whole listing there is nothing to go on from."""
    people = [Person(id=str(n), name=f"Person {n}") for n in range(101)]
    known = Known(listed_until=date(2026, 5, 10))
    (query,) = ArxivOai().ask(people, known)
    assert dict(query.params) == {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": "2026-05-07"}
    assert list(ArxivOai().ask(people[:100], known)) == list(ArxivOai().ask(people, Known())) == []
    assert list(ArxivOai().follow([], known)) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([(1, "arxiv", True)], 1),
        ([(1, "arxiv", True), (5, "arxiv_oai", True)], 1),
        ([(1, "arxiv", True), (5, "arxiv_oai", True), (6, "arxiv_oai", True)], 5),
        ([(1, "arxiv", True), (5, "arxiv_oai", True), (6, "arxiv_oai", False)], 1),  # a list that broke off is none
        ([(1, "arxiv", True), (5, "arxiv_oai", True), (6, "dblp", True)], 1),
    ],
)
def test_every_day_is_listed_by_two_runs(tmp_path, days, expected):
    """A record that moves past the end of a page is told by no page of that run: the next one asks as far back."""
    until = remembered(tmp_path, [[said(day, source, whole)] for day, source, whole in days]).listed_until
    assert until == (date(2026, 5, expected) if expected else None)


def said(day, source, whole=True, **given):
    """An answer, or none, on a day of May."""
    outcome = Outcome.ANSWERED if whole else Outcome.UNANSWERED
    at = datetime(2026, 5, day, tzinfo=UTC)
    return Answer(**{"source": source, "url": "x", "body": b"", "received_at": at, "outcome": outcome, **given})


def remembered(home, runs):
    """What is known in June of these runs, each of which got so many answers."""
    with writing(home) as db:
        for answers in runs:
            visits = [Visit(source=one.source, said=((one, Contents()),)) for one in answers]
            take(db, Plan(people=()), (), visits, answers[0].received_at, last=False)
        return recall(db, datetime(2026, 6, 1))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ([said(8, "arxiv", person_id="ada")], 1),  # about her alone: what changed of the others is not listed
        ([said(8, "arxiv", url="?id_list=2401.00001")], 1),  # without the list of changes
        ([said(8, "arxiv"), said(8, "arxiv_oai")], 5),
    ],
)
def test_a_run_about_some_lists_nothing_for_the_others(tmp_path, last, expected):
    """Or what arXiv changed between the last run about everybody and theirs would be asked for by nobody."""
    before = [[said(1, "arxiv")], [said(5, "arxiv"), said(5, "arxiv_oai")]]
    assert remembered(tmp_path, [*before, last]).listed_until == date(2026, 5, expected)


def test_before_the_first_list_of_changes_a_search_for_one_person_is_none_for_all(tmp_path):
    """A few people are searched for by name, and one of them alone when somebody asks so."""
    runs = [[said(1, "arxiv")], [said(2, "arxiv")], [said(8, "arxiv", person_id="ada")]]
    assert remembered(tmp_path, runs).listed_until == date(2026, 5, 1)


def test_a_search_that_broke_off_is_made_anew(tmp_path):
    """Of many people, only who was searched for to the last page is left to arXiv's list of changes."""

    def page(day, start, whole=True):
        return said(day, "arxiv", whole, url=f"/api/query?search_query=au%3A%22Ada%22&start={start}&max_results=200")

    broken = [page(1, 0), page(1, 200), page(1, 400, whole=False)]
    assert remembered(tmp_path, [broken]).arxiv_searches == frozenset()
    again = remembered(tmp_path, [[page(2, 0), page(2, 200), page(2, 390)], broken]).arxiv_searches
    assert searched(again) == {"Ada"}


def test_of_everybodys_changes_those_that_concern_us_are_kept():
    """By name in any order or form, by paper; and lists of authors that were cut, for they may hide anybody."""
    people = [Person(id="ada", name="Ada Lovelace"), Person(id="mei", name="Mei Ling", aliases=("Ling, M.",))]

    def paper(id, *authors, **more):
        return Record(source="arxiv", key=id, title="T", authors=authors, arxiv_id=id, **more)

    records = (
        paper("2401.00001", "Bob", "A. Lovelace"), paper("2401.00002", "Lovelace, Ada"),
        paper("2401.00003", "Ling Mei"), paper("2401.00004", "Bob"),
        paper("2401.00005", "Carol"), paper("2401.00006", "Bob", truncated=True),
        paper("2401.00007", "Grace Lovelace"),
    )  # fmt: skip
    known = Known(arxiv_ids=frozenset({"2401.00005"}))
    kept = concerning(Contents(records=records), people, known).records
    assert [one.arxiv_id[-1] for one in kept] == ["1", "2", "3", "5", "6"]
