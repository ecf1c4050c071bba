"""The model world: public facts in the services' own formats, as of a day, with real faults over real HTTP."""

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from itertools import chain, pairwise
from pathlib import Path

import pytest
import requests
from lxml import etree

from harvest.identifiers import parse_arxiv_id, parse_dblp_key, parse_openalex_id, parse_pid
from harvest.settings import read_settings
from harvest.world import (
    Fault,
    World,
    WorldServer,
    arxiv,
    arxiv_author,
    arxiv_oai,
    bindings,
    catalogue,
    dblp,
    demo_dates,
    homepage,
    openalex,
    scholar_feed,
)
from harvest.world.faults import NAMES
from harvest.world.record import authors

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(__file__).resolve().parents[2] / "shared"
NOW = demo_dates()[-1]
RENAMED, IN_TWO_WINDOWS = "2402.07193", "2410.11474"
XML = etree.XMLParser(resolve_entities=False, no_network=True)
ATOM = {"a": "http://www.w3.org/2005/Atom", "o": "http://a9.com/-/spec/opensearch/1.1/"}
needs_recordings = pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not on this machine")


def day(text: str) -> datetime:
    """Noon of a day, UTC."""
    return datetime.fromisoformat(f"{text}T12:00:00+00:00")


def ask_arxiv(as_of: datetime = NOW, **params: str) -> etree._Element:
    reply = arxiv.render("/api/query", params, as_of)
    assert reply.status == 200
    return etree.fromstring(reply.body, XML)


def texts(tree: etree._Element, path: str) -> list[str]:
    return [str(found) for found in tree.xpath(path, namespaces=ATOM)]


def entry_ids(tree: etree._Element) -> list[str]:
    return [id.removeprefix("http://arxiv.org/abs/") for id in texts(tree, "//a:entry/a:id/text()")]


def dblp_page(person: str, as_of: datetime = NOW) -> etree._Element:
    reply = dblp.render(f"/pid/{catalogue.people()[person]['dblp_pid']}.xml", {}, as_of)
    assert reply.status == 200
    return etree.fromstring(reply.body, XML)


def ask_openalex(path: str, as_of: datetime = NOW, **params: str) -> dict:
    reply = openalex.render(path, params, as_of)
    assert reply.status == 200
    return json.loads(reply.body)


def works_of(person: str, as_of: datetime = NOW) -> list[dict]:
    wanted = f"author.id:{catalogue.people()[person]['openalex_id']}"
    return ask_openalex("/works", as_of, filter=wanted, **{"per-page": "100"})["results"]


def plain(html: bytes) -> list[str]:
    """The lines that are left when tags are stripped, as a person would paste them."""
    body = html.decode().split("<body>")[1]
    return [line.strip() for line in unescape(re.sub(r"<[^>]*>", "", body)).splitlines() if line.strip()]


def feed_page(person: str, as_of: datetime = NOW) -> list[str]:
    return plain(scholar_feed.render(f"/author/{bindings()[person]['scholar_feed_id']}", {}, as_of).body)


# --- the data -----------------------------------------------------------------------------------


def test_no_version_is_older_than_the_one_before():
    """A work's history runs forward, numbers and days alike."""
    for work in catalogue.works():
        assert [version.number for version in work.versions] == list(range(1, len(work.versions) + 1)), work.key
        moments = [version.at for version in work.versions]
        assert moments == sorted(moments), work.key


def test_every_identifier_is_well_formed_and_used_once():
    """A typo in the data would make a work unreachable or two works one."""
    works = catalogue.works()
    keys = [one.dblp_key for work in works for one in work.appearances if one.dblp_key]
    ids = [work.openalex_id for work in works] + [work.openalex_twin for work in works if work.openalex_twin]
    assert max(Counter([*keys, *ids, *(work.key for work in works)]).values()) == 1
    assert all(parse_dblp_key(key) == key for key in keys)
    assert all(parse_openalex_id(id) == id for id in ids)
    assert all(parse_arxiv_id(work.arxiv_id) == (work.arxiv_id, None) for work in works if work.arxiv_id)


def test_two_people_never_share_a_pid():
    """The rule that gives co-authors their modelled pids must not make one person of two."""
    everybody = {
        (one.dblp_name, one.dblp_pid)
        for work in catalogue.works()
        for appearance in (*work.versions, *work.appearances)
        for one in authors(work, appearance.authors)
    }
    assert len({pid for _, pid in everybody}) == len(everybody) == len({name for name, _ in everybody})
    assert all(parse_pid(pid) == pid for _, pid in everybody)


def test_what_is_made_up_is_marked():
    """Abstracts, counts and ids of our own must never pass for the record's."""
    for work in catalogue.works():
        assert {"abstract", "citations", "openalex_id"} <= set(work.modelled), work.key
        assert work.source, work.key
        for one in work.appearances:
            assert not one.in_dblp or "in_dblp" in one.modelled, work.key


@needs_recordings
def test_what_is_not_marked_is_a_known_fact():
    """Dates, ids, authors and keys agree with the verified list, or say that they are modelled."""
    facts = {fact["key"]: fact for fact in json.loads((SHARED / "facts" / "works.json").read_text())}
    for work in catalogue.works():
        fact = facts.get(work.key)
        if not fact:
            continue
        dates = {version["v"]: version.get("date") for version in fact["versions"]}
        for version in work.versions:
            known = dates.get(version.number) or ""
            assert "date" in version.modelled or f"{version.at:%Y-%m-%d}" == known[:10], (work.key, version.number)
        for one in work.appearances:
            assert "dblp_key" in one.modelled or not one.dblp_key or one.dblp_key == fact["dblp_key"], work.key
        assert work.arxiv_id == fact["arxiv_id"]
        assert "categories" in work.modelled or list(work.categories) == fact["categories"]


@needs_recordings
def test_every_work_with_a_public_record_is_there():
    """Only what was never public may be missing."""
    facts = json.loads((SHARED / "facts" / "works.json").read_text())
    public = {fact["key"] for fact in facts if fact["arxiv_id"] or fact["venue"]}
    assert public <= {work.key for work in catalogue.works()}


def test_the_demo_sees_every_kind_of_change():
    """Between two neighbouring demo days there is always a new work; renames and proceedings fall between days."""
    dates = demo_dates()
    assert len(dates) == 10
    assert list(dates) == sorted(dates)
    counts = [len(World(date).works) for date in dates]
    assert all(later > earlier for earlier, later in pairwise(counts))
    titles = {
        work.key: {newest.title for date in dates if (newest := World(date).current(work))}
        for work in catalogue.works()
    }
    assert sum(len(seen) > 1 for seen in titles.values()) >= 7


def test_a_world_without_a_time_zone_is_refused():
    """A naive moment would mean another day on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        World(datetime(2025, 5, 1))


# --- arXiv --------------------------------------------------------------------------------------


@needs_recordings
def test_arxiv_speaks_the_present_dialect():
    """No element or attribute that the recordings lack, and none of theirs missing."""

    def shape(trees: list[etree._Element]) -> set[tuple]:
        return {
            (element.getparent() is not None and element.getparent().tag, element.tag, *sorted(element.attrib))
            for tree in trees
            for element in tree.iter()
        }

    recorded = [
        etree.parse(path, XML).getroot() for path in (SHARED / "recordings" / "arxiv_atom").glob("[iq][d_]*.xml")
    ]
    ours = [ask_arxiv(search_query='au:"Mingze Wang" OR au:"Weinan E"', max_results="100")]
    error = arxiv.render("/api/query", {"id_list": "abc"}, NOW)
    theirs, mine = shape(recorded), shape([*ours, etree.fromstring(error.body, XML)])
    assert mine <= theirs
    assert {shape for shape in theirs - mine if "affiliation" not in str(shape)} == set()


def test_a_name_search_is_no_identity():
    """The other people of the same name come along, as they do in life."""
    found = entry_ids(ask_arxiv(search_query='au:"Mingze Wang"', max_results="100"))
    assert {"2307.04816v1", "2206.10249v1", "2605.26895v1"} <= set(found)


@pytest.mark.parametrize(
    ("as_of", "title"),
    [
        ("2024-02-20", "The Implicit Bias of Gradient Noise: A Symmetry Perspective"),
        ("2024-06-12", "Loss Symmetry and Noise Equilibrium of Stochastic Gradient Descent"),
        ("2024-11-20", "Parameter Symmetry and Noise Equilibrium of Stochastic Gradient Descent"),
    ],
)
def test_a_rename_shows_from_its_day_on(as_of, title):
    """The same id under three titles at three times."""
    assert texts(ask_arxiv(day(as_of), id_list=RENAMED), "//a:entry/a:title/text()") == [title]


def test_an_old_version_keeps_its_title_and_authors():
    """`vN` asks for that version, and `published` is always the first one's day."""
    first, newest = (ask_arxiv(id_list=id) for id in (f"{RENAMED}v1", RENAMED))
    assert texts(first, "//a:entry/a:title/text()") != texts(newest, "//a:entry/a:title/text()")
    assert "Hongchao Li" in texts(newest, "//a:name/text()")
    assert "Hongchao Li" not in texts(first, "//a:name/text()")
    assert texts(first, "//a:published/text()") == texts(newest, "//a:published/text()")


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        (f"{RENAMED},2410.99999", [f"{RENAMED}v3"]),  # unknown: silently left out
        (f"{RENAMED}v9", []),  # no such version
        ("2605.26647v2", []),  # not yet
        (f"{IN_TWO_WINDOWS}v1,{RENAMED}v2", [f"{IN_TWO_WINDOWS}v1", f"{RENAMED}v2"]),  # in the order asked
    ],
)
def test_an_id_list_gives_what_exists(ids, found):
    """What is not there is not an error."""
    assert entry_ids(ask_arxiv(id_list=ids)) == found


def test_a_long_id_list_is_cut_at_ten_unless_asked_otherwise():
    """A trap of the real service."""
    ids = ",".join(work.arxiv_id for work in World(NOW).works if World(NOW).current(work))
    assert len(entry_ids(ask_arxiv(id_list=ids))) == 10
    assert len(entry_ids(ask_arxiv(id_list=ids, max_results="100"))) == len(ids.split(","))


def test_a_malformed_id_fails_the_whole_list():
    """400, and a feed whose one entry is called Error."""
    reply = arxiv.render("/api/query", {"id_list": f"{RENAMED},abc"}, NOW)
    assert reply.status == 400
    tree = etree.fromstring(reply.body, XML)
    assert texts(tree, "//a:entry/a:title/text()") == ["Error"]
    assert texts(tree, "//a:entry/a:id/text()") == ["https://arxiv.org/api/errors#incorrect_id_format_for_abc"]


def test_pages_of_a_search_add_up():
    """start and max_results cut one sorted list."""
    query = {"search_query": 'au:"Weinan E" OR au:"Zhanpeng Zhou"', "sortBy": "submittedDate"}
    whole = entry_ids(ask_arxiv(**query, max_results="200"))
    pages = [entry_ids(ask_arxiv(**query, start=str(start), max_results="9")) for start in range(0, len(whole), 9)]
    assert list(chain(*pages)) == whole
    assert texts(ask_arxiv(**query), "//o:totalResults/text()") == [str(len(whole))]
    upward = entry_ids(ask_arxiv(**query, sortOrder="ascending", max_results="200"))
    assert upward[0] == whole[-1]


def listed(body: bytes) -> list[str]:
    """The papers on a page of OAI-PMH, in its order."""
    return re.findall(r"<identifier>oai:arXiv.org:([^<]+)", body.decode())


def test_a_list_of_changes_goes_on_by_tokens_that_count():
    """Ordered by the day of the change; the token says how many to pass over, the last page has none."""
    first = arxiv_oai.render("/oai", {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": "2024-01-01"}, NOW)
    pages, token = [listed(first.body)], re.search(rb"<resumptionToken>([^<]+)", first.body)
    while token:
        page = arxiv_oai.render("/oai", {"verb": "ListRecords", "resumptionToken": token[1].decode()}, NOW)
        pages.append(listed(page.body))
        token = re.search(rb"<resumptionToken>([^<]+)", page.body)
    newest = {work.arxiv_id: World(NOW).current(work) for work in World(NOW).works}
    changed = {id: one.at for id, one in newest.items() if one and one.at.year >= 2024}
    assert [id for page in pages for id in page] == sorted(changed, key=changed.__getitem__)
    assert {len(page) for page in pages[:-1]} == {arxiv_oai.PAGE}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"verb": "Identify"}, "badVerb"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "from": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "from": "2031-01-01"}, "noRecordsMatch"),
    ],
)
def test_what_a_list_of_changes_refuses_it_refuses_with_status_200(params, code):
    """So that nobody takes the status for the answer."""
    reply = arxiv_oai.render("/oai", params, NOW)
    assert reply.status == 200
    assert f'<error code="{code}">' in reply.body.decode()


def test_only_who_made_a_list_of_their_own_has_one():
    """By ORCID; newest first; 400 for everybody else."""
    reply = arxiv_author.render("/a/0000-0000-0000-001X.atom", {}, NOW)
    days = re.findall(r"<published>([^<]+)", reply.body.decode())
    assert (reply.status, days) == (200, sorted(days, reverse=True))
    assert days
    assert arxiv_author.render("/a/0000-0002-1825-0097.atom", {}, NOW).status == 400


def test_no_service_shows_anything_before_its_day():
    """Every work, one hour before its first version and one hour after."""
    for work in catalogue.works():
        if work.versions:
            before, after = (work.versions[0].at + timedelta(hours=hours) for hours in (-1, 1))
            assert entry_ids(ask_arxiv(before, id_list=work.arxiv_id)) == []
            assert entry_ids(ask_arxiv(after, id_list=work.arxiv_id)) == [f"{work.arxiv_id}v1"]


# --- DBLP ---------------------------------------------------------------------------------------


@needs_recordings
def test_a_dblp_page_has_the_shape_of_a_real_one():
    """Same elements in the same places, and plain ASCII."""
    real = etree.parse(SHARED / "recordings" / "dblp" / "person_95_7448-1_DiXu0001_homonym.xml", XML).getroot()
    ours = dblp_page("mingze-wang")
    for path in (".", "person", "homonyms/h/person[@publtype]", "r/inproceedings", "coauthors/co/na"):
        assert set(ours.find(path).attrib) == set(real.find(path).attrib), path
    places = {element.tag for element in real.iter()} - {"article", "volume", "journal", "number"}
    assert places <= {element.tag for element in ours.iter()}
    body = dblp.render(f"/pid/{bindings()['weinan-e']['dblp_pid']}.xml", {}, NOW).body
    assert body.isascii()


@pytest.mark.parametrize(
    ("as_of", "keys"),
    [
        ("2022-06-20", []),
        ("2022-12-20", ["journals/corr/abs-2206-02139"]),
        ("2023-02-20", ["conf/nips/WangM22", "journals/corr/abs-2206-02139"]),
    ],
)
def test_dblp_lists_the_preprint_then_the_proceedings_beside_it(as_of, keys):
    """Both some weeks late: the preprint after arXiv, the other after the conference."""
    page = dblp_page("mingze-wang", day(as_of))
    found = [key for key in page.xpath("r/*/@key") if key.endswith(("WangM22", "2206-02139"))]
    assert found == keys


def test_a_dblp_preprint_keeps_the_title_it_was_listed_with():
    """So DBLP itself holds two titles of one work."""
    record = dblp_page("mingze-wang").xpath("r/*[@key='journals/corr/abs-2410-11474']")[0]
    assert record.findtext("title").startswith("How Transformers Implement Induction Heads")
    assert record.get("publtype") == "informal"


def test_homonyms_have_pages_of_their_own():
    """Same name, venue and year: only the pid tells the two ICML 2024 papers apart; the bin is marked as one."""
    other, bin_page = dblp_page("mingze-wang-beihang"), dblp_page("mingze-wang-georgetown")
    mine = dblp_page("mingze-wang")
    assert "conf/icml/0007WLL0DS24" in other.xpath("r/*/@key")
    assert "conf/icml/0007WLL0DS24" not in mine.xpath("r/*/@key")
    assert bin_page.find("person").get("publtype") == "disambiguation"
    assert bin_page.xpath("r/*/@key") == ["journals/corr/abs-2206-10249"]
    others = {other.get("pid"), bin_page.get("pid")}
    assert set(mine.xpath("homonyms/h/person/author/@pid")) == others


def test_dblp_knows_no_author_called_and():
    """arXiv's slips of the pen are not in a curated record."""
    assert "and" in texts(ask_arxiv(id_list="1805.09003v2"), "//a:name/text()")
    assert not {"and", ":"} & set(dblp_page("weinan-e").xpath("//author/text()"))


# --- OpenAlex -----------------------------------------------------------------------------------


def test_cursor_paging_ends_with_null():
    """The last page with results still has a cursor; the empty one after it has none."""
    wanted = f"author.id:{bindings()['mingze-wang']['openalex_id']}"
    cursor, pages = "*", []
    while cursor:
        page = ask_openalex("/works", filter=wanted, cursor=cursor, **{"per-page": "7"})
        pages.append([work["id"] for work in page["results"]])
        cursor = page["meta"]["next_cursor"]
    assert pages[-1] == []
    assert all(pages[:-1])
    assert list(chain(*pages)) == [work["id"] for work in works_of("mingze-wang")]
    assert page["meta"]["count"] == len(set(chain(*pages)))


def test_the_author_numbers_follow_from_the_works():
    """h-index and totals are those of the per-work counts, at every demo day, and never fall."""
    seen = []
    for date in demo_dates():
        author = ask_openalex(f"/authors/{bindings()['zhanpeng-zhou']['openalex_id']}", date)
        counts = [work["cited_by_count"] for work in works_of("zhanpeng-zhou", date)]
        h_index = author["summary_stats"]["h_index"]
        assert author["cited_by_count"] == sum(counts)
        assert author["works_count"] == len(counts)
        assert sum(count >= h_index for count in counts) >= h_index
        assert sum(count >= h_index + 1 for count in counts) < h_index + 1
        seen.append((h_index, sum(counts)))
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


def test_a_work_moves_from_preprint_to_article():
    """The published location comes beside arXiv's once the proceedings are out."""
    title = "Understanding the Expressive Power and Mechanisms of Transformer for Sequence Modeling"
    before, after = (
        next(work for work in works_of("weinan-e", day(date)) if work["title"] == title)
        for date in ("2024-10-01", "2025-02-01")
    )
    assert (before["type"], after["type"]) == ("preprint", "article")
    assert [place["version"] for place in after["locations"]] == ["publishedVersion", "submittedVersion"]
    assert (before["id"], before["publication_year"]) == (after["id"], after["publication_year"])


def test_a_published_twin_may_live_apart():
    """OpenAlex does not always see that two records are one work: one title, two ids, two years."""
    title = "Achieving Margin Maximization Exponentially Fast via Progressive Norm Rescaling"
    twins = [work for work in works_of("mingze-wang") if work["title"] == title]
    assert {(work["type"], work["publication_year"]) for work in twins} == {("preprint", 2023), ("article", 2024)}
    assert len({work["id"] for work in twins}) == 2


def test_an_abstract_can_be_put_together_again():
    """The inverted index holds every word at its place."""
    work = works_of("zhanpeng-zhou")[0]
    placed = {place: word for word, places in work["abstract_inverted_index"].items() for place in places}
    text = " ".join(placed[place] for place in sorted(placed))
    assert text in {shown.abstract for one in catalogue.works() for shown in (*one.versions, *one.appearances)}


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/works", {"filter": "author.id:A5999000001", "per-page": "200"}, 400),
        ("/works", {"filter": "author_name:Wang"}, 400),
        ("/works", {"filter": "author.id:A5999000001", "cursor": "???"}, 400),
        ("/authors/A1", {}, 404),
    ],
)
def test_openalex_refuses_what_the_real_one_refuses(path, params, status):
    """Pages above 100, unknown filters and cursors, unknown ids."""
    assert openalex.render(path, params, NOW).status == status


@needs_recordings
def test_an_openalex_work_has_fields_of_the_real_one_only():
    """A field that the service does not have would teach a reader something false."""
    path = SHARED / "recordings" / "openalex" / "dspace_openalex-publication-single.json"
    real = json.loads(path.read_text())["results"][0]
    ours = works_of("mingze-wang")[0]
    assert set(ours) - set(real) <= {"is_authors_truncated", "updated_date"}
    assert set(ours["authorships"][0]) <= set(real["authorships"][0])
    assert set(ours["locations"][0]) <= set(real["locations"][0])


# --- Scholar Feed and homepages -----------------------------------------------------------------

ROW = re.compile(r"(\d{1,3}\.\d)?([A-Z][A-Z-]*?)((?:[A-Z][a-z]{2}) \d{1,2}(?:, \d{4})?)(Code)?")


def test_a_page_of_scholar_feed_reads_as_glued_text():
    """Header labels touch their values; rows are head, title, authors, abstract; this year's dates have no year."""
    lines = feed_page("mingze-wang", day("2024-06-12"))
    assert lines[0] == "Mingze Wang"
    assert lines[1:8] == ["LG", "h-index4", "12papers", "71citations", "Novelty56%", "AI Score51", "12 Papers"]
    heads = [match for line in lines[8::4] if (match := ROW.fullmatch(line))]
    assert len(heads) == len(lines[8:]) / 4 == 12
    assert {head[3] for head in heads} >= {"Jun 3", "Jul 1, 2023"}


def test_a_person_can_be_confused_with_others_there():
    """Four rows of namesakes are in, one row of his own is missing, and the h-index is impossible elsewhere."""
    html = scholar_feed.render(f"/author/{bindings()['mingze-wang']['scholar_feed_id']}", {}, NOW).body.decode()
    linked = re.findall(r'href="/paper/([\d.]+)v\d+"', html)
    assert {"2307.04816", "2403.07564", "2411.11360", "2206.10249"} <= set(linked)
    assert "2405.20763" not in linked
    assert feed_page("zhanpeng-zhou")[2:5] == ["h-index31", "21papers", "226citations"]


@pytest.mark.parametrize(("person", "number"), [("mingze-wang", "001"), ("zhanpeng-zhou", "004")])
def test_the_last_page_says_what_the_captured_document_says(person, number):
    """The same header, and the same row heads, titles and authors in the same order, abstracts apart."""
    document = next((ROOT / "seeds" / "documents").glob(f"{number}_*")).read_text()
    captured = [line.strip() for line in document.splitlines() if line.strip()]
    ours = feed_page(person)

    def without_abstracts(lines: list[str]) -> list[str]:
        heads = [place for place, line in enumerate(lines) if ROW.fullmatch(line)]
        return lines[:8] + [line for place in heads for line in lines[place : place + 3]]

    assert without_abstracts(ours) == without_abstracts(captured)


@pytest.mark.parametrize(
    ("as_of", "title", "status"),
    [
        ("2024-11-20", "How Transformers Implement Induction Heads", "arXiv preprint. Oct 2024."),
        ("2025-05-01", "How Transformers Get Rich", "under review, arXiv preprint, 1-47. Oct 2024."),
        ("2025-10-20", "How Transformers Get Rich", "ICML 2025 Workshop on High-dimensional Learning Dynamics"),
    ],
)
def test_a_homepage_changes_with_the_days(as_of, title, status):
    """Title and status line as the owner had them."""
    lines = plain(homepage.render("/wmz9.github.io/research.html", {}, day(as_of)).body)
    place = next(place for place, line in enumerate(lines) if title in line)
    assert "Mingze Wang†, Ruoxi Yu" in lines[place + 1]
    assert lines[place + 2].startswith(status)


def test_a_homepage_settles_what_a_name_cannot():
    """A report under a collective name, and a paper with strangers: both on his own page once public."""
    before, after = (plain(homepage.render("/zzp1012.github.io/", {}, date).body) for date in demo_dates()[-2:])
    for title in ("The MiniMax-M2 Series", "IGU-LoRA"):
        assert any(line.startswith(title) for line in after)
        assert not any(line.startswith(title) for line in before)
    assert "MiniMax (Co-author)" in after


# --- over HTTP ----------------------------------------------------------------------------------

ASK = {
    "arxiv": "/api/query?search_query=au:%22Weinan+E%22",
    "dblp": "/pid/999/1003.xml",
    "openalex": "/works?filter=author.id:A5999000003&cursor=*",
    "scholar_feed": "/author/33183",
    "homepage": "/wmz9.github.io/research.html",
    "arxiv_author": "/a/0000-0000-0000-001X.atom",
    "arxiv_oai": "/oai?verb=ListRecords&metadataPrefix=arXivRaw&from=2025-01-01",
}


@pytest.fixture
def server() -> Iterator[WorldServer]:
    with WorldServer(NOW) as running:
        yield running


def get(server: WorldServer, service: str, path: str | None = None, **more) -> requests.Response:
    return requests.get(f"{server.url}/{service}{path or ASK[service]}", timeout=10, **more)


@pytest.mark.parametrize("service", ASK)
def test_every_service_answers_over_http_and_is_logged(server, service):
    """With length and type, under its own prefix."""
    reply = get(server, service)
    assert reply.status_code == 200
    assert int(reply.headers["Content-Length"]) == len(reply.content)
    assert [request.service for request in server.log] == [service]
    assert get(server, service, "/robots.txt").text.startswith("User-agent: *\nAllow: /")


def test_the_command_serves_until_interrupted():
    """It says on stderr what to set, and ends quietly."""
    command = [sys.executable, "-m", "harvest.world", "--as-of", "2025-05-01"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        name, _, address = process.stderr.readline().strip().partition("=")
        reply = requests.get(f"{address}/api/query?id_list={IN_TWO_WINDOWS}", timeout=10)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert "Traceback" not in process.stderr.read()
    assert name == "export HARVEST_ARXIV_URL"
    assert f"{IN_TWO_WINDOWS}v2<" in reply.text


def test_the_settings_point_every_service_here(server):
    """Nothing of a run on the model may reach a live service."""
    settings = read_settings(**server.settings()).model_dump()
    addresses = {name: value for name, value in settings.items() if name.endswith("_url")}
    assert all(value.startswith(server.url) for value in addresses.values())


def test_the_day_can_change_while_it_runs(server):
    """The demo plays its ten days on one server."""
    server.as_of = day("2024-02-20")
    first = get(server, "arxiv", f"/api/query?id_list={RENAMED}").text
    server.as_of = day("2024-06-12")
    second = get(server, "arxiv", f"/api/query?id_list={RENAMED}").text
    assert f"{RENAMED}v1" in first
    assert f"{RENAMED}v2" in second


def test_a_merged_pid_redirects(server):
    """The old address of a merged page still leads to the person."""
    reply = get(server, "dblp", f"/pid/{catalogue.people()['zhanpeng-zhou']['dblp_pid_before']}.xml")
    assert [one.status_code for one in reply.history] == [301]
    assert f'pid="{bindings()["zhanpeng-zhou"]["dblp_pid"]}"' in reply.text


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("unavailable", 503, "503"),
        ("throttled", 429, "Rate exceeded."),
        ("blocked", 200, "not a bot"),
        ("error_feed", 200, "<title>Error</title>"),
        ("not_found", 404, "404"),
    ],
)
def test_a_fault_answers_instead_of_the_service(server, fault, status, said):
    """Of that service only, and without Retry-After."""
    server.faults["dblp"] = fault
    reply = get(server, "dblp")
    assert (reply.status_code, "Retry-After" in reply.headers) == (status, False)
    assert said in reply.text
    assert get(server, "openalex").status_code == 200


def test_a_fault_can_last_for_a_number_of_requests(server):
    """So that a second try succeeds."""
    server.faults["arxiv"] = Fault("throttled", times=2)
    assert [get(server, "arxiv").status_code for _ in range(3)] == [429, 429, 200]


@pytest.mark.parametrize(
    ("service", "nothing"),
    [
        ("arxiv", "<opensearch:totalResults>0<"),
        ("dblp", 'n="0"'),
        ("openalex", '"count": 0'),
        ("scholar_feed", ">0 Papers<"),
        ("homepage", "<ul>\n</ul>"),
    ],
)
def test_an_empty_answer_is_a_valid_one(server, service, nothing):
    """Status 200, the right form, and nothing in it: the most dangerous fault."""
    server.faults[service] = "empty"
    reply = get(server, service)
    assert reply.status_code == 200
    assert nothing in reply.text


def test_a_cut_answer_breaks_off(server):
    """Fewer bytes than announced, then the end of the connection."""
    server.faults["arxiv"] = "cut"
    with pytest.raises(requests.exceptions.RequestException, match=r"IncompleteRead|broken"):
        get(server, "arxiv")


def test_a_slow_answer_comes_in_pieces(server):
    """A pause between pieces never ends a read timeout, only a total deadline does."""
    server.faults["homepage"], server.drip = "slow", 0.001
    whole = get(server, "homepage")
    server.faults.clear()
    assert whole.content == get(server, "homepage").content


def test_an_unknown_fault_is_told_to_the_test(server):
    """A typo must not pass for a healthy service."""
    server.faults["arxiv"] = "borken"
    reply = get(server, "arxiv")
    assert reply.status_code == 500
    assert all(name in reply.text for name in NAMES)
