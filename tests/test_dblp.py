"""DBLP's person pages, single records and saved searches: understood field by field, or refused by name."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Person, Stage
from harvest.sources.dblp import Dblp
from harvest.sources.source import Known
from service_answers import DBLP_RDF, DBLP_SEARCH, DBLP_SEARCH_XML

ADA = '<author pid="1/2-3">Ada Lovelace 0003</author>'


def answer(body, url="https://dblp.org/pid/1/2-3.xml"):
    body = body if isinstance(body, bytes) else body.encode()
    return Answer(source="dblp", url=url, body=body, received_at=datetime(2026, 5, 1, tzinfo=UTC), person_id="ada")


def work(inside, tag="inproceedings", key="conf/ce/Ada26", **marks):
    """One record; the title and the year come first unless given."""
    title = "" if "<title>" in inside else "<title>Engines.</title><year>2026</year>"
    attributes = "".join(f' {name}="{value}"' for name, value in marks.items())
    return f'<r><{tag} key="{key}" mdate="2026-01-01"{attributes}>{ADA}{title}{inside}</{tag}></r>'


def page(*works, person="", homonyms="", n=None, pid="1/2-3"):
    count = len(works) if n is None else n
    return (
        f'<?xml version="1.0"?><dblpperson name="Ada Lovelace 0003" pid="{pid}" n="{count}">'
        f'<person key="homepages/1/2-3">{ADA}{person}</person>{homonyms}{"".join(works)}</dblpperson>'
    )


def one(inside, **given):
    (record,) = Dblp().read(answer(page(work(inside, **given)))).records
    return record


def test_a_record_of_the_proceedings_is_published():
    """Its key, its authors by pid, its venue with year; names and titles without DBLP's own additions."""
    record = one('<author pid="4/5">Bob</author><booktitle>CE</booktitle><ee>https://doi.org/10.1000/X.1</ee>')
    assert (record.key, record.dblp_key, record.title) == ("conf/ce/Ada26", "conf/ce/Ada26", "Engines")
    assert (record.authors, record.author_keys, record.roles) == (("Ada Lovelace", "Bob"), ("1/2-3", "4/5"), ())
    assert (record.stage, record.venue, record.venue_year, record.year) == (Stage.PUBLISHED, "CE", 2026, 2026)
    assert (record.doi, record.url) == ("10.1000/x.1", "https://doi.org/10.1000/X.1")


@pytest.mark.parametrize(
    ("inside", "given", "stage"),
    [
        ("<booktitle>ICML</booktitle>", {}, Stage.PUBLISHED),
        ("<booktitle>HiLD@ICML</booktitle>", {}, Stage.WORKSHOP),
        ("<booktitle>NeurIPS Workshops</booktitle>", {}, Stage.WORKSHOP),
        ("<journal>J. Workshop Mach.</journal>", {"tag": "article"}, Stage.PUBLISHED),
        ("<journal>CoRR</journal>", {"tag": "article", "publtype": "informal"}, Stage.PREPRINT),
        ("<journal>CoRR</journal>", {"tag": "article", "publtype": "informal withdrawn"}, Stage.WITHDRAWN),
        ("<journal>IACR ePrint</journal>", {"tag": "article", "publtype": "informal"}, Stage.PREPRINT),
        ("<booktitle>ICML</booktitle>", {"publtype": "withdrawn"}, Stage.WITHDRAWN),
        ("<school>Mill</school>", {"tag": "phdthesis"}, Stage.PUBLISHED),
    ],
)
def test_the_stage_of_a_record(inside, given, stage):
    """A preprint, a workshop paper and a withdrawn one are not proceedings."""
    assert one(inside, **given).stage is stage


@pytest.mark.parametrize(
    ("inside", "key", "expected"),
    [
        ("<volume>abs/2508.04024</volume>", "journals/corr/abs-2508-04024", "2508.04024"),
        ("<volume>abs/1706.03762</volume>", "journals/corr/VaswaniSPUJGKP17", "1706.03762"),
        ("<volume>abs/1</volume><ee>http://arxiv.org/abs/cs.LG/0001001</ee>", "journals/corr/cs-LG-1", "cs.LG/0001001"),
        ("<ee>https://doi.org/10.48550/arXiv.2301.09809</ee>", "journals/corr/X", "2301.09809"),
        ("<volume>12</volume>", "journals/corr/X", None),
    ],
)
def test_a_preprint_has_its_arxiv_id(inside, key, expected):
    """The key says it since 2016, the volume or the link before; arXiv's own DOI is no DOI of a publication."""
    record = one(f"<journal>CoRR</journal>{inside}", key=key, tag="article", publtype="informal")
    assert (record.arxiv_id, record.doi) == (expected, None)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Engines.", "Engines"),
        ("Engines?", "Engines?"),
        ("And so on...", "And so on..."),
        ("The <i> G/G/1 </i> <sub>n<sup>2</sup></sub>Queue.", "The G/G/1 n2Queue"),
        ("&#220;ber &amp; Unter.", "Über & Unter"),
        ("Long\n  title.", "Long title"),
    ],
)
def test_titles_are_words(title, expected):
    """Without the period that DBLP sets, with the words inside its mark-up."""
    assert one(f"<title>{title}</title><year>2026</year>").title == expected


def test_entities_of_the_dump_are_understood_and_no_others():
    """The dump names letters as HTML does; what an answer declares itself is not expanded."""
    body = b'<!DOCTYPE dblp SYSTEM "x.dtd" [<!ENTITY evil SYSTEM "file:///etc/passwd">]><dblp>'
    body += b'<article key="journals/a/B"><author>M&uuml;ller 0001</author><title>A &evil; b.</title></article></dblp>'
    (record,) = Dblp().read(answer(body)).records
    assert (record.authors, record.author_keys, record.title) == (("Müller",), ("0001",), "A &evil; b")


def test_editors_are_editors():
    """Proceedings have no authors; who edited them is said with the role."""
    (record,) = Dblp().read(answer(page(work("<editor>Bob</editor>", tag="proceedings")))).records
    assert (record.authors, record.roles) == (("Ada Lovelace", "Bob"), ("", "editor"))


def test_openreview_links_are_kept():
    """They identify a submission."""
    assert one("<ee>https://openreview.net/forum?id=abc_D-1</ee>").openreview_id == "abc_D-1"


HOMONYMS = """<homonyms n="1"><h f="x"><person publtype="disambiguation" key="homepages/1/2">
<author pid="1/2">Ada Lovelace</author><note type="affiliation">Elsewhere</note><url>https://orcid.org/0000-0002-1825-0097</url></person></h></homonyms>"""
PERSON = """<author pid="1/2-3">Ada King</author><note type="affiliation" label="since 1842">Mill</note>
<note type="award">Medal</note><url>https://orcid.org/0000-0001-5109-3700</url><url>https://ada.example/</url>"""


def test_what_is_said_of_the_person_is_remarked():
    """Other names, places, ORCID and links are not lost, and none is taken from a homonym."""
    said = Dblp().read(answer(page(person=PERSON, homonyms=HOMONYMS)))
    assert [(remark.kind, remark.explanation) for remark in said.remarks] == [
        ("homonyms", "1 other pages of DBLP's bear this name"),
        ("alias", "Ada King"),
        ("affiliation", "Mill (since 1842)"),
        ("award", "Medal"),
        ("orcid", "0000-0001-5109-3700"),
        ("link", "https://ada.example/"),
    ]
    assert (said.records, said.total) == ((), 0)


def test_a_person_who_moved_is_remarked():
    """DBLP sends merged persons on to their new page: the pid in people.toml is stale."""
    said = Dblp().read(answer(page(pid="9/9")))
    assert [remark.kind for remark in said.remarks] == ["moved"]


def test_a_page_of_keys_alone_is_refused():
    """A person page of the years before 2014: it must not read as "no papers"."""
    with pytest.raises(UnreadableAnswer, match="not believed"):
        Dblp().read(answer('<dblpperson name="Ada Lovelace"><dblpkey>conf/ce/Ada12</dblpkey></dblpperson>'))


def test_a_page_that_holds_less_than_it_says_is_remarked():
    """A list that lost half must not look whole."""
    said = Dblp().read(answer(page(work(""), n=8)))
    assert (len(said.records), said.total, [remark.kind for remark in said.remarks]) == (1, 8, ["self_contradiction"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (page().replace('<person key', '<person publtype="disambiguation" key'), "not told apart"),
        (page(work(""))[:-20], "no whole XML"),
        ("", "no whole XML"),
        ("<html><body>429 Too Many Requests</body></html>", "no person page"),
        (page(work("").replace('key="conf/ce/Ada26"', "")), "without a key or a title"),
        (page(work("<title></title>")), "without a key or a title"),
        ('{"result": {}}', "no whole search answer"),
        ('{"result": {"hits": {"@total": "x"}}}', "no whole search answer"),
        ('{"result": {"hits": {"@total": "1", "hit": ["x"]}}}', "no whole search answer"),
        ('{"result": [' * 100_000, "no whole JSON"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_dblps_is_refused(body, reason):
    """Above all the bins of people not told apart: nothing there is anybody's."""
    with pytest.raises(UnreadableAnswer) as refused:
        Dblp().read(answer(body))
    assert reason in refused.value.reason


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_answer_is_never_a_crash(data):
    """Any bytes anywhere: read, or refused by name."""
    body = bytearray(page(work("<ee>https://doi.org/10.1/x</ee>"), work("", year="x"), person=PERSON).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        Dblp().read(answer(bytes(body)))
    except UnreadableAnswer as refused:
        assert refused.reason


def test_only_people_with_a_pid_are_asked_about():
    """A name is no identity."""
    people = [Person(id="ada", name="Ada", dblp_pid="1/2-3"), Person(id="bob", name="Bob")]
    (query,) = Dblp().ask(people, Known())
    assert (query.path, query.params, query.person_id) == ("/pid/1/2-3.xml", (), "ada")
    assert list(Dblp().follow([], Known())) == []


@pytest.mark.parametrize("body", [DBLP_SEARCH_XML, json.dumps(DBLP_SEARCH)], ids=["xml", "json"])
def test_a_saved_search_is_read(body):
    """XML, or JSON made of it: an author may stand without a list, entities stay escaped."""
    said = Dblp().read(answer(body))
    assert [(one.key, one.title, one.venue) for one in said.records] == [("conf/ce/Ada26", "Engines & Mills", "CE")]
    assert (said.records[0].authors[0], said.records[0].author_keys[0]) == ("Ada Lovelace", "1/2")


def test_a_hit_may_have_its_key_in_its_address_only():
    """Answers of some years have no other."""
    said = json.dumps(DBLP_SEARCH)
    old = said.replace('"key": "conf/ce/Ada26"', '"url": "https://dblp.org/rec/conf/ce/Ada26"')
    assert [one.key for one in Dblp().read(answer(old)).records] == ["conf/ce/Ada26"]


def test_a_search_for_persons_is_candidates():
    """With pid and affiliation; which of them it is, a human says."""
    said = Dblp().read(answer(DBLP_SEARCH_XML))
    assert [(one.kind, one.explanation) for one in said.remarks] == [("candidate", "Ada Lovelace 0003: 1/2, Mill")]
    failed = '{"result": {"status": {"@code": "500"}, "hits": {"@total": "0"}}}'
    with pytest.raises(UnreadableAnswer, match="status 500"):
        Dblp().read(answer(failed))


def test_records_as_rdf_are_read():
    """Signatures have their order in them, and come in any."""
    (record,) = Dblp().read(answer(DBLP_RDF)).records
    assert (record.key, record.title, record.authors) == (
        "conf/ce/Ada26",
        'Engines "of" Müller',
        ("Ada Lovelace", "Bob"),
    )
    assert (record.author_keys, record.venue, record.year, record.doi) == (("0003", "3/4"), "CE", 2026, "10.1000/x.1")
    with pytest.raises(UnreadableAnswer, match="was cut"):
        Dblp().read(answer(DBLP_RDF[:-4]))


def test_the_page_of_a_merged_person_says_where_they_are():
    """It has no records of its own: that is no emptiness."""
    said = Dblp().read(answer(page(person="<crossref>homepages/4/5</crossref>")))
    assert [(one.kind, one.explanation) for one in said.remarks] == [("moved", "DBLP has this person as 4/5 now")]
