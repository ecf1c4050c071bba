"""ORCID's records as XML and as JSON: the same person, the same works; no e-mail address is read."""

from datetime import date

import pytest

from harvest.errors import UnreadableAnswer
from harvest.model import Stage
from harvest.sources.orcid import Orcid
from service_answers import ORCID_ID, ORCID_JSON, ORCID_XML, answer, changed


def read(body):
    return Orcid().read(answer("orcid", body))


@pytest.mark.parametrize("body", [ORCID_XML, ORCID_JSON], ids=["xml", "json"])
def test_a_record_is_its_works_and_remarks_on_the_person(body):
    """A DOI of the volume is not the work's own."""
    said = read(body)
    (record,) = said.records
    assert (record.key, record.title, record.venue) == (f"{ORCID_ID}/9", "Engines", "Conference on Engines")
    assert (record.doi, record.arxiv_id, record.stage) == ("10.1000/x.1", "2401.00001", Stage.PUBLISHED)
    assert (record.year, record.published_on, record.url) == (2026, date(2026, 2, 3), "https://example.org/engines")
    assert [(one.kind, one.explanation) for one in said.remarks] == [
        ("orcid", ORCID_ID), ("name", "Ada Lovelace"), ("alias", "A. King"),
    ]  # fmt: skip
    assert "ada@example.org" not in repr(said)


def test_works_without_their_person_are_read():
    """Some at once, one of them, or their list: the owner is in the work's path, if anywhere."""
    (group,) = ORCID_JSON["activities-summary"]["works"]["group"]
    (work,) = group["work-summary"]
    owned = changed(work, path=f"/{ORCID_ID}")
    owned["external-ids"]["external-id"][0]["external-id-type"] = "DOI"  # as the older forms of its interface write it
    for said in ({"bulk": [{"work": owned}]}, {"group": [{"work-summary": [owned]}], "path": "x"}, owned):
        assert read(said).records == read(ORCID_JSON).records
    assert [(one.title, one.key) for one in read(changed(work, **{"put-code": ...})).records] == [
        ("Engines", "engines")
    ]


def test_a_year_without_a_day_is_a_year():
    """People rarely say the day."""
    (record,) = read(ORCID_XML.replace("<c:month>02</c:month><c:day>03</c:day>", "")).records
    assert (record.year, record.published_on) == (2026, None)


def test_a_search_is_candidates():
    """Who bears the name is shown, never taken."""
    xml = f"""<s:search xmlns:s="http://www.orcid.org/ns/search" xmlns:c="http://www.orcid.org/ns/common" num-found="1">
    <s:result><c:orcid-identifier><c:path>{ORCID_ID}</c:path></c:orcid-identifier></s:result></s:search>"""
    said = {"num-found": 1, "expanded-result": [{"orcid-id": ORCID_ID, "given-names": "Ada", "family-names": "King"}]}
    assert [(one.total, one.remarks[0].explanation) for one in map(read, (xml, said))] == [
        (1, ORCID_ID), (1, f"Ada King: {ORCID_ID}"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"response-code": 404, "developer-message": "No such ORCID", "error-code": 9016}, "not found: ORCID says: "),
        ("<e:error xmlns:e='x'><e:response-code>500</e:response-code></e:error>", "ORCID says"),
        ("<html/>", "neither a person"),
        ({"x": 1}, "neither a person"),
    ],
)
def test_errors_are_refused(body, reason):
    """What is not found is not empty."""
    with pytest.raises(UnreadableAnswer) as refused:
        read(body)
    assert reason in refused.value.reason
