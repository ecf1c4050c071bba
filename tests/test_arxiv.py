"""arXiv's answers: whole and understood field by field, or refused by name."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Contents, Person, Query, Record, Stage
from harvest.sources.arxiv import Arxiv, onward
from harvest.sources.arxiv_author import ArxivAuthor
from harvest.sources.claims import acceptance, is_withdrawn, journal
from harvest.sources.source import Known
from service_answers import AUTHOR_FEED, AUTHOR_JSON

URL = "https://export.arxiv.org/api/query?search_query=au%3A%22Ada%22&start=0&max_results=200"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "x": "http://arxiv.org/schemas/atom",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
}


def answer(body, url=URL):
    return Answer(source="arxiv", url=url, body=body, received_at=datetime(2026, 5, 1, tzinfo=UTC), person_id="ada")


def entry(id="2401.00001v2", title="Engines", more="", authors=("Ada Lovelace",)):
    """One entry, in the order of 2026."""
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    return f"""<entry><id>http://arxiv.org/abs/{id}</id><title>{title}</title><updated>2024-02-03T23:30:00-05:00</updated>
    <summary>We analyse engines.</summary><category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="stat.ML" scheme="http://arxiv.org/schemas/atom"/><published>2024-01-01T00:00:00Z</published>
    <arxiv:primary_category term="stat.ML"/>{people}{more}</entry>"""


def feed(*entries, total=None, start=0, per_page=200):
    return f"""<?xml version='1.0' encoding='UTF-8'?>
    <feed xmlns:opensearch="{NAMES["o"]}" xmlns:arxiv="{NAMES["x"]}" xmlns="{NAMES["a"]}">
    <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>
    <opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>
    <opensearch:startIndex>{start}</opensearch:startIndex>{"".join(entries)}</feed>""".encode()


def read(*entries, url=URL, **counts):
    return Arxiv().read(answer(feed(*entries, **counts), url))


def test_one_entry_is_one_record_dated_by_its_version():
    """The version's day is counted in UTC; the first submission and the primary category are kept apart."""
    record = read(entry()).records[0]
    assert (record.key, record.arxiv_id, record.arxiv_version) == ("2401.00001v2", "2401.00001", 2)
    assert (record.published_on, record.first_on, record.year) == (date(2024, 2, 4), date(2024, 1, 1), 2024)
    assert record.categories == ("stat.ML", "cs.LG")
    assert (record.stage, record.title, record.authors) == (Stage.PREPRINT, "Engines", ("Ada Lovelace",))
    assert record.url == "https://arxiv.org/abs/2401.00001v2"


def test_an_affiliation_is_no_author_and_is_not_lost():
    """It has no field: it is remarked beside the author's name."""
    places = "<arxiv:affiliation>Mill</arxiv:affiliation><arxiv:affiliation>Inn</arxiv:affiliation>"
    said = read(entry(more=f"<author><name>Bob</name>{places}</author>"))
    assert said.records[0].authors == ("Ada Lovelace", "Bob")
    assert [remark.explanation for remark in said.remarks] == ["Bob: Mill", "Bob: Inn"]


@pytest.mark.parametrize(
    ("authors", "expected", "truncated"),
    [
        (("Ada", "(750 additional authors not shown)"), ("Ada",), True),
        (("MiniMax", ":", "Ada", "and", "Bob"), ("MiniMax", "Ada", "Bob"), False),
        (("H1 Collaboration",), ("H1 Collaboration",), False),
        (("Weinan E",), ("Weinan E",), False),
    ],
)
def test_authors_are_names(authors, expected, truncated):
    """A cut list says so; the colons of printed lists are nobody."""
    record = read(entry(authors=authors)).records[0]
    assert (record.authors, record.truncated) == (expected, truncated)


def test_two_dois_in_one_field_are_two():
    """The first is the record's, the other is remarked; arXiv's own is an arXiv id."""
    said = read(entry(more="<arxiv:doi>10.48550/arXiv.2401.00001 10.1000/A.1 10.1000/b</arxiv:doi>"))
    assert said.records[0].doi == "10.1000/a.1"
    assert [remark.kind for remark in said.remarks] == ["further_doi"]


def test_the_next_page_begins_after_what_came():
    """Pages may be short: from the number received, not from the number asked."""
    (query,) = read(entry("2401.00001v1"), entry("2401.00002v1"), total=500, start=200).next
    assert dict(query.params) == {"search_query": 'au:"Ada"', "start": "202", "max_results": "200"}
    assert (query.path, query.person_id) == ("/api/query", "ada")


@pytest.mark.parametrize(("count", "total", "start"), [(0, 500, 200), (2, 2, 0), (2, 50_000, 29_998)])
def test_there_is_no_next_page_for_ever(count, total, start):
    """An empty page, the last page, and the API's own end are ends."""
    said = read(*(entry(f"2401.0000{n}v1") for n in range(count)), total=total, start=start)
    assert (said.next, said.total) == ((), total)


ERROR = "<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title><summary>bad id abc</summary></entry>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (feed(ERROR), "arXiv says: bad id abc"),
        (feed(entry())[:-40], "no whole XML"),
        (b"Rate exceeded.", "no whole XML"),
        (b"", "no whole XML"),
        (b"<html><body>503</body></html>", "not an Atom feed"),
        (feed(entry()).replace(b"totalResults", b"itemTotal"), "without totalResults"),
        (feed(entry(), total="-1"), "without totalResults"),
        (feed(entry(), total="²"), "without totalResults"),
        (feed(entry(), total="9" * 5000), "without totalResults"),
        (feed(entry(), entry(), per_page=200), None),
        (feed(*[entry()] * 201), "201 entries came where 200 were asked"),
        (feed(entry(title="")), "without an arXiv id or a title"),
        (feed(entry(id="nonsense")), "without an arXiv id or a title"),
        (feed(entry()).replace(b"<published>2024", b"<published>0000"), "'published' is no date"),
        (feed(entry()).replace(b"<updated>2024-02-03", b"<updated>9999-12-31"), "'updated' is no date"),
        (feed(entry(title="Error")), None),
        (b"<!DOCTYPE f [<!ENTITY a 'aaa'><!ENTITY b '&a;&a;'>]>" + feed(entry(title="x&b;"))[40:], "document type"),
    ],
)
def test_a_page_is_whole_and_arxivs_or_refused(body, reason):
    """What only looks like an answer must not become papers, nor "no papers"."""
    if reason is None:
        assert Arxiv().read(answer(body)).records
        return
    with pytest.raises(UnreadableAnswer) as refused:
        Arxiv().read(answer(body))
    assert reason in refused.value.reason


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_answer_is_never_a_crash(data):
    """Any bytes anywhere: read, or refused by name."""
    body = bytearray(feed(entry(more="<arxiv:comment>Accepted at X</arxiv:comment>"), entry("2401.00002v1")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        Arxiv().read(answer(bytes(body)))
    except UnreadableAnswer as refused:
        assert refused.reason


def test_every_spelling_of_every_name_is_asked_in_few_questions():
    """Three seconds a question: all people share them; a comma only changes the order."""
    people = [Person(id=f"p{n}", name=f"Person {n}", aliases=(f"{n}, Person", f'P. "{n}"')) for n in range(20)]
    queries = list(Arxiv().ask(people, Known()))
    searches = [dict(query.params)["search_query"] for query in queries]
    assert [search.count("au:") for search in searches] == [25, 15]
    assert searches[0].startswith('au:"Person 0" OR au:"P. 0" OR au:"Person 1"')
    assert {query.person_id for query in queries} == {None}
    assert [query.person_id for query in Arxiv().ask(people[:1], Known())] == ["p0"]
    assert list(Arxiv().ask([], Known())) == []


def papers(*pairs, total=9):
    return Contents(
        records=tuple(
            Record(source="arxiv", key=f"{id}v{n}", title="T", arxiv_id=id, arxiv_version=n) for id, n in pairs
        ),
        total=total,
    )


def asked(contents, **known):
    queries = list(Arxiv().follow(contents, Known(**known)))
    return [dict(query.params)["id_list"] for query in queries]


def test_versions_never_seen_are_asked_for_once():
    """Titles of earlier versions decide which works are one; each is asked for until it was seen."""
    found = [papers(("2401.00001", 3), ("2401.00002", 1))]
    seen = frozenset({("2401.00001", 1), ("2312.00009", 2)})
    assert asked(found, arxiv_versions=seen) == ["2312.00009v1,2401.00001v2"]
    assert asked(found, arxiv_versions=seen | {("2401.00001", 2), ("2312.00009", 1)}) == []


def test_papers_that_others_name_are_asked_for():
    """A paper that no author search covers; what is no arXiv id would spoil the whole list."""
    ids = frozenset({"2401.00001", "2401.00005", "abc", "2401.00006v2", "math/0309136"})
    assert asked([papers(("2401.00001", 1))], arxiv_ids=ids) == ["2401.00005,math/0309136"]


def test_nothing_is_followed_when_nothing_was_answered():
    """On a bad day of arXiv's, everything known would look uncovered."""
    assert asked([Contents()], arxiv_ids=frozenset({"2401.00001"})) == []


def test_long_lists_are_asked_in_parts_with_their_length():
    """Without max_results arXiv gives the first ten of a list; a hostile version number makes no endless list."""
    queries = list(Arxiv().follow([papers(("2401.00001", 10**9))], Known()))
    assert [len(dict(query.params)["id_list"].split(",")) for query in queries] == [50, 50]
    assert {dict(query.params)["max_results"] for query in queries} == {"50"}


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Accepted at ICML 2024", (Stage.ACCEPTED, "ICML 2024", 2024)),
        (
            "23 pages, 4 figures. Accepted to the Conference on Engines (CE 2023).",
            (Stage.ACCEPTED, "Conference on Engines (CE 2023)", 2023),
        ),
        (
            "8 pages, accepted at the 6th Workshop on Mills (MILL'21)",
            (Stage.WORKSHOP, "6th Workshop on Mills (MILL'21)", 2021),
        ),
        ("Published as a conference paper at ICLR 2025", (Stage.PUBLISHED, "ICLR 2025", 2025)),
        (
            "To be published in: 2025 IEEE Conference on Engines (CE)",
            (Stage.ACCEPTED, "2025 IEEE Conference on Engines (CE)", 2025),
        ),
        ("accepted for publication in Proc. of the Royal Society", (Stage.ACCEPTED, "Royal Society", None)),
        (
            '14 pages; to appear in "Algorithmica". Part of this was presented at the Mill Workshop',
            (Stage.ACCEPTED, "Algorithmica", None),
        ),
        ("In Proceedings of the 31st Symposium on Mills 2022", (Stage.ACCEPTED, "31st Symposium on Mills 2022", 2022)),
        ("NeurIPS 2023 (spotlight)", (Stage.ACCEPTED, "NeurIPS 2023 (spotlight)", 2023)),
        ("12 pages, NeurIPS 2023 Workshop M3L", (Stage.WORKSHOP, "NeurIPS 2023 Workshop M3L", 2023)),
        ("Abridged version to appear in SODA 2021", (Stage.ACCEPTED, "SODA 2021", 2021)),
        ("Submitted to ICML 2024", None),
        ("Under review at ICLR 2025", None),
        ("Not accepted at ICML 2024", None),
        ("Full version of the paper that appeared at ICML 2023", None),
        ("Extended version of a NeurIPS 2022 paper", None),
        ("v2: typos. Rejected from ICML 2024", None),
        ("12 pages, 3 figures", None),
        ("2nd place of the CVPR 2024 challenge", None),
        ("Talk at the Mill, August 2000, Turin", None),
        ("", None),
        (None, None),
    ],
)
def test_a_comment_claims_acceptance_only_where_it_does(comment, expected):
    """For conferences the comment is arXiv's main sign; a submission or another paper's fate is none."""
    assert acceptance(comment) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Eur.Phys.J. C31 (2003) 17-29", ("Eur.Phys.J. C31 (2003) 17-29", 2003)),
        ("Phys.Lett.B573:94-100,2003", ("Phys.Lett.B573:94-100,2003", 2003)),
        ("J. Engines 12, 1999-2010 (2021)", ("J. Engines 12, 1999-2010 (2021)", 2021)),
        (
            "Trans. on Mills ( Volume: 65 , Issue: 4 , April 2019 )",
            ("Trans. on Mills ( Volume: 65 , Issue: 4 , April 2019 )", 2019),
        ),
        ("Journal of Engines", ("Journal of Engines", None)),
        ("submitted to J. Engines", None),
        ("  ", None),
    ],
)
def test_a_journal_reference_names_a_venue_and_its_year(reference, expected):
    """As said; the bracketed year before any number of pages; a submission is no venue."""
    assert journal(reference) == expected


@pytest.mark.parametrize(
    ("comment", "abstract", "expected"),
    [
        ("This paper has been withdrawn by the author due to an error", "", True),
        ("5 pages. This paper has been withdrawn", "", True),
        ("Withdrawn: Lemma 2 is wrong", "", True),
        ("Under revision: withdrawn after persistent problems", "", True),
        ("", "This submission has been withdrawn by arXiv administrators", True),
        ("This paper was withdrawn from ICLR 2024", "", False),
        ("withdrawn from the workshop", "", False),
        ("We study money withdrawn from banks", "", False),
        ("", "Engines. " * 30 + "This paper has been withdrawn", False),
        ("12 pages", "We study withdrawal", False),
        (None, None, False),
    ],
)
def test_withdrawn_is_said_in_words(comment, abstract, expected):
    """arXiv has no flag for it; withdrawn from elsewhere is not withdrawn here."""
    assert is_withdrawn(comment, abstract) is expected


def test_what_authors_say_of_publication_stands_beside_the_preprint():
    """A claim for later stages to weigh: the record stays a preprint, and the comment stays as written."""
    accepted = read(entry(more="<arxiv:comment>Accepted at ICML 2024</arxiv:comment>")).records[0]
    assert (accepted.stage, accepted.venue, accepted.venue_year) == (Stage.PREPRINT, "ICML 2024", 2024)
    assert accepted.comment == "Accepted at ICML 2024"
    more = "<arxiv:journal_ref>Mills 3 (2025) 1</arxiv:journal_ref><arxiv:comment>Accepted at ICML 2024</arxiv:comment>"
    assert read(entry(more=more)).records[0].venue == "Mills 3 (2025) 1"
    said = read(entry(more="<arxiv:journal_ref>submitted to Mills</arxiv:journal_ref>"))
    assert (said.records[0].venue, said.remarks[0].explanation) == (None, "2401.00001v2: submitted to Mills")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["accepted ", "(", "accepted at ,", "a. B", "in proceedings of ", "Withdrawn: ", "2024"]
)
def test_no_comment_takes_long(text):
    """Comments are hostile text: every pattern is linear, or looks at a bounded part."""
    long = text * 100_000
    assert acceptance(long) is None or len(acceptance(long)[1]) <= 200
    assert journal(long) is None or journal(long)[0]
    assert is_withdrawn(long, long) in (True, False)


def test_papers_asked_for_by_id_and_left_out_are_noticed():
    """arXiv leaves out in silence what it does not know, also a version that is not there."""
    url = "https://export.arxiv.org/api/query?id_list=2401.00001,2401.00009,2401.00001v2,2401.00001v3&max_results=4"
    said = read(entry(), url=url)
    assert [(one.kind, one.explanation[:13]) for one in said.remarks] == [
        ("missing", "2401.00009 wa"), ("missing", "2401.00001v3 "),
    ]  # fmt: skip
    assert read(entry(), url=url, total=9).remarks == ()  # the rest is on the next page


@pytest.mark.parametrize(
    "body",
    [
        AUTHOR_FEED.format(form="", names="Ada Lovelace</name></author><author><name>Bob"),
        AUTHOR_FEED.format(form="2", names="Ada Lovelace, Bob"),
        json.dumps(AUTHOR_JSON),
    ],
    ids=["atom", "atom2", "json"],
)
def test_the_feed_of_an_author_is_read_in_all_its_forms(body):
    """Without counts, without versions in the ids, and in two of three with all names in one text."""
    said = Arxiv().read(answer(body.encode()))
    (record,) = said.records
    assert (record.key, record.authors, said.total, said.next) == ("2401.00001v2", ("Ada Lovelace", "Bob"), 1, ())
    assert (record.first_on, record.published_on) == (date(2024, 1, 1), date(2024, 2, 3))


OWN_LIST = AUTHOR_FEED.format(form="", names="Ada Lovelace</name></author><author><name>Bob")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (OWN_LIST[:-20], "no whole XML"),
        ("<html><body>Down</body></html>", "not an Atom feed"),
        ("", "no whole XML"),
        ("/etc/hostname", "no whole XML"),
        (OWN_LIST.replace("<published>", "<was>").replace("</published>", "</was>"), "an entry without 'published'"),
        (OWN_LIST.replace("<title>Engines</title>", ""), "an entry without 'title'"),
        (OWN_LIST.replace("arxiv.org/abs/2401.00001", "elsewhere.example/1"), "an entry without an arXiv id"),
        (OWN_LIST.replace('rel="self"', 'rel="self" href2="x"').replace("/a/", "/b/"), "but no author's"),
    ],
)
def test_an_authors_list_is_whole_and_arxivs_or_refused(body, reason):
    """feedparser would find entries in most of these, or open the file."""
    with pytest.raises(UnreadableAnswer) as refused:
        ArxivAuthor().read(answer(body.encode()))
    assert reason in refused.value.reason


def test_feedparser_sees_only_bytes_that_were_read_strictly_before(monkeypatch):
    """A text it would take for an address or a file name, and half a feed for a whole one."""
    seen = []
    parse = feedparser.parse
    monkeypatch.setattr(feedparser, "parse", lambda body, **given: seen.append(type(body)) or parse(body, **given))
    ArxivAuthor().read(answer(OWN_LIST.encode()))
    assert seen == [bytes]
    with pytest.raises(UnreadableAnswer):
        ArxivAuthor().read(answer(OWN_LIST[:-20].encode()))
    assert seen == [bytes]


def test_where_two_readers_do_not_agree_nothing_is_believed(monkeypatch):
    """The strict one counted more entries than the other gives."""
    parse = feedparser.parse
    monkeypatch.setattr(feedparser, "parse", lambda body, **given: parse(body.replace(b"entry", b"other"), **given))
    with pytest.raises(UnreadableAnswer, match="two readers"):
        ArxivAuthor().read(answer(OWN_LIST.encode()))


def test_of_many_people_only_lists_never_asked_before_are_asked():
    """Three seconds each: the others' news is in arXiv's own list of changes."""
    people = [Person(id=f"p{n}", name=f"Person {n}", more=(("arxiv_author", f"person_p_{n}"),)) for n in range(101)]
    asked = Known(counts={"https://arxiv.org/a/person_p_7.atom": 3})
    assert len(list(ArxivAuthor().ask(people, asked))) == 100
    assert len(list(ArxivAuthor().ask(people[:100], asked))) == 100


SORTED = URL + "&sortBy=lastUpdatedDate&sortOrder=descending"


@pytest.mark.parametrize(
    ("pages", "counts", "goes_on"),
    [
        ([[("2401.00001", 1)]], {SORTED: 5}, False),  # all of five read before, nothing new
        ([[("2401.00001", 2)]], {SORTED: 5}, True),  # a new version
        ([[("2401.00009", 1)]], {SORTED: 5}, True),  # a new paper
        ([[("2401.00009", 1)], [("2401.00001", 1)]], {SORTED: 4}, False),  # one new on the page before
        ([[("2401.00001", 1)]], {SORTED: 3}, True),  # an earlier run was cut off
        ([[("2401.00001", 1)]], {SORTED: 3, SORTED.replace("start=0", "start=3"): 2}, False),
        ([[("2401.00001", 1)]], {URL: 5}, True),  # another list
    ],
)
def test_a_list_is_read_down_to_what_is_known(pages, counts, goes_on):
    """In order of change, a page without news is the last that is needed, when all was read before."""
    known = Known(arxiv_versions=frozenset({("2401.00001", 1)}), counts=counts)
    read = [replace(papers(*pairs, total=5), next=(Query(path="/api/query"),)) for pairs in pages]
    assert bool(onward(answer(b"", SORTED), read, known)) is goes_on
    assert onward(answer(b"", URL), read, known)  # without that order, nothing is known of later pages


def test_of_many_people_only_new_names_are_searched():
    """The others' news is in arXiv's own list of changes, which takes fewer questions."""
    people = [Person(id=f"p{n}", name=f"Person {n}") for n in range(101)]
    asked = "https://export.arxiv.org/api/query?" + urlencode({"search_query": 'au:"Person 0" OR au:"Person 1"'})
    known = Known(listed_until=date(2026, 5, 1), arxiv_searches=frozenset({asked}))
    names = [dict(query.params)["search_query"].count("au:") for query in Arxiv().ask(people, known)]
    assert sum(names) == 99
    assert len(list(Arxiv().ask(people[:100], known))) == 4
    versions = Known(listed_until=date(2026, 5, 1), arxiv_versions=frozenset({("2401.00001", 2)}))
    assert [dict(query.params)["id_list"] for query in Arxiv().follow([], versions)] == ["2401.00001v1"]
    assert list(Arxiv().follow([], replace(versions, listed_until=None))) == []
