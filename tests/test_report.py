"""Reports: a digest of a real warehouse, as page, text, e-mail and feed, and their way through a real mail server."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import duckdb
import feedparser
import lxml.html
import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pydantic import SecretStr
from rich.cells import cell_len

from harvest.errors import InputProblem, RunInProgress
from harvest.report import wording
from harvest.report.digest import digest
from harvest.report.feed import render_feed
from harvest.report.mail import message
from harvest.report.nouns import Digest, Item, Movers, Number, Section, SourceState
from harvest.report.outbox import Delivery, deliver, put
from harvest.report.page import render_page, render_text
from harvest.report.wording import web_address
from harvest.settings import Settings
from harvest.telling import ReportSummary

WAREHOUSE = Path(__file__).parents[1] / "warehouse"
LAST_WEEK = datetime(2026, 11, 3, 6, tzinfo=UTC)
THIS_WEEK = LAST_WEEK + timedelta(days=7)


class Warehouse:
    """A warehouse in memory that is told facts one by one; `run` begins a visit."""

    def __init__(self) -> None:
        self.db = duckdb.connect()
        for path in [*sorted(WAREHOUSE.glob("migrations/*.sql")), *sorted(WAREHOUSE.glob("views/*.sql"))]:
            self.db.execute(path.read_text(encoding="utf-8"))
        self.run_id, self.at = 0, LAST_WEEK

    def add(self, table, *values):
        """One row, all columns in order."""
        self.db.execute(f"insert into {table} values ({', '.join('?' * len(values))})", list(values))

    def run(self, at):
        """The next visit, and its moment (kept without zone, in UTC)."""
        self.run_id, self.at = self.run_id + 1, at.astimezone(UTC).replace(tzinfo=None)
        self.add("runs", self.run_id, self.at, "{}")

    def person(self, person_id="ada", name="Ada Lovelace"):
        self.add("people", person_id, name, [name], [], "{}", self.run_id)

    def answer(
        self, source="arxiv", *, outcome="answered", reason="", person_id=None, url="", document=False, own=False
    ):
        answer_id = f"{source}-{self.run_id}-{person_id}-{url}-{outcome}"
        self.db.execute("delete from answers where answer_id = ?", [answer_id])
        status = 200 if outcome == "answered" else 503
        self.add("answers", answer_id, self.run_id, source, person_id, url or f"https://api.{source}.example/query",
                 status, outcome, reason, own, document, self.at, "0" * 64)  # fmt: skip
        return answer_id

    def work(self, work_id, title, *, people=("ada",), authors=("Ada Lovelace",), stage="preprint", arxiv_id=None,
             verdict="theirs", venue=None, answer_id=None, line=None, year=2026):  # fmt: skip
        """A work as arXiv tells it, whose it is, and that it was noticed."""
        record_id, url = f"record-{work_id}", f"https://arxiv.org/abs/{arxiv_id}v1" if arxiv_id else None
        self.add("records", record_id, "arxiv", work_id, title, list(authors), [], [], False, stage, venue, venue, None,
                 year, None, None, arxiv_id, 1 if arxiv_id else None, None, None, None, None, url, None, [], None,
                 self.run_id)  # fmt: skip
        self.add("sightings", record_id, answer_id or self.answer(), None, line, "")
        self.add("memberships", record_id, work_id, self.run_id)
        for person_id in people:
            self.add("attributions", person_id, work_id, verdict, 0.9, ["the name is theirs"], None, self.run_id)
        if verdict == "theirs":
            self.state(work_id, "work", title, evidence=url or "https://arxiv.org")
        return work_id

    def state(self, subject_id, field, value, evidence="https://arxiv.org/abs/2601.00001v2", key=None):
        self.add("states", self.run_id, self.at, subject_id, field, key or value, value, evidence)

    def finding(self, finding_id, kind, explanation, *, severity="warning", subject_id="ada", document=None, line=None,
                status="open"):  # fmt: skip
        self.add("finding_log", self.run_id, self.at, finding_id, status, kind, severity, subject_id, document, line,
                 "", explanation)  # fmt: skip

    def digest(self, **given):
        return digest(self.db, **({"since": LAST_WEEK, "until": THIS_WEEK} | given))


@pytest.fixture
def warehouse():
    """Ada and Charles are followed; Ada's "Notes" and a work of both are known since long ago."""
    known = Warehouse()
    known.run(LAST_WEEK - timedelta(days=30))
    known.person()
    known.person("charles", "Charles Babbage")
    known.work("notes", "Notes on the Engine", arxiv_id="2501.00001")
    known.work("cards", "Punched Cards", people=("ada", "charles"), authors=("Charles Babbage", "Ada Lovelace"))
    known.state("notes", "title", "Notes on the Engine")
    known.state("cards", "title", "Punched Cards")
    known.state("notes", "stage", "preprint", "— arxiv: https://arxiv.org/abs/2501.00001v1")
    known.state("notes", "venue", "arXiv")
    known.state("notes", "authors", "Ada Lovelace, Charles Babbage", key="a")
    for work_id in ("notes", "cards"):
        known.state(work_id, "citations:openalex", "10", "https://api.openalex.org/works/W1")
    known.run(THIS_WEEK - timedelta(hours=1))
    return known


def told(digest, key):
    """The sentences of one section."""
    return [item.sentence for section in digest.sections if section.key == key for item in section.items]


STEPS = [  # field, value, evidence → section, sentence, who says so
    ("stage", "published", "NeurIPS 2026 — dblp: conf/nips/L26", "published",
     "“Notes on the Engine” is now published at NeurIPS 2026.", "DBLP"),
    ("stage", "accepted", "ICML 2027 — homepage: https://ada.example/", "published",
     "“Notes on the Engine” has been accepted at ICML 2027, says the homepage.", "homepage"),
    ("stage", "published", "— cv: cv.txt", "published", "“Notes on the Engine” is now published, says the CV.", "CV"),
    ("stage", "withdrawn", "arXiv — arxiv: https://arxiv.org/abs/2501.00001v3", "corrected",
     "“Notes on the Engine” was withdrawn.", "arXiv v3"),
    ("stage", "submitted", "— cv: cv.txt", "corrected",
     "“Notes on the Engine” is now under review (was a preprint).", "CV"),
    ("title", "Notes on the Analytical Engine", "https://arxiv.org/abs/2501.00001v2", "renamed",
     "“Notes on the Engine” was renamed to “Notes on the Analytical Engine”.", "arXiv v2"),
    ("authors", "Ada Lovelace, Mary Somerville", "https://openalex.org/W1", "corrected",
     "Authors of “Notes on the Engine”: added Mary Somerville; removed Charles Babbage.", "OpenAlex"),
    ("authors", "Charles Babbage, Ada Lovelace", "https://x.example/1", "corrected",
     "Authors of “Notes on the Engine”: their order changed, now Charles Babbage and Ada Lovelace.", "x.example"),
    ("confirmed", "NeurIPS 2026", "dblp: conf/nips/L26", "published",
     "DBLP confirms “Notes on the Engine” at NeurIPS 2026.", "DBLP"),
    ("venue", "ICML 2025", "arrow: a.txt", "corrected",
     "The venue of “Notes on the Engine” is now ICML 2025 (was arXiv).", "Arrow"),
    ("doi", "10.1/x", "https://doi.org/10.1/x", "corrected", "“Notes on the Engine” now has the DOI 10.1/x.", "DOI"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "evidence", "section", "sentence", "source"), STEPS)
def test_a_change_is_one_plain_sentence_in_its_group_with_its_witness(
    warehouse, field, value, evidence, section, sentence, source
):
    """The reader should neither decode a kind nor look for who says so."""
    warehouse.state("notes", field, value, evidence)
    (found,) = warehouse.digest().sections
    assert (found.key, [item.sentence for item in found.items]) == (section, [sentence])
    assert found.items[0].source == source


def test_a_downgrade_is_no_publication(warehouse):
    """A preprint that loses its proceedings is bad news, not good news."""
    warehouse.state("notes", "stage", "published", "NeurIPS 2026 — dblp: conf/nips/L26")
    warehouse.run(THIS_WEEK + timedelta(days=1))
    warehouse.state("notes", "stage", "preprint", "— arxiv: https://arxiv.org/abs/2501.00001v1")
    later = warehouse.digest(since=THIS_WEEK, until=THIS_WEEK + timedelta(days=2))
    assert told(later, "corrected") == [
        "“Notes on the Engine” is no longer listed as published, but as a preprint."
    ]  # fmt: skip


def test_what_comes_with_the_first_sight_of_a_work_is_told_with_it(warehouse):
    """A new work has a title, a stage and an arXiv id: one item, not four."""
    warehouse.work("new", "Looms", arxiv_id="2611.00001", authors=("Ada Lovelace", "Jin Wang"))
    warehouse.state("new", "whose:ada", "theirs")
    warehouse.state("new", "stage", "preprint")
    found = warehouse.digest()
    assert [section.key for section in found.sections] == ["added"]
    assert told(found, "added") == ["“Looms”, a preprint by Ada Lovelace and Jin Wang."]
    assert found.sections[0].items[0].url == "https://arxiv.org/abs/2611.00001v1"


def test_two_renames_of_one_work_are_one_item_with_both_steps(warehouse):
    """Nothing is lost, and nothing is told twice."""
    warehouse.state("notes", "title", "Second")
    warehouse.run(THIS_WEEK - timedelta(minutes=1))
    warehouse.state("notes", "title", "Third")
    ((item,),) = [section.items for section in warehouse.digest().sections]
    assert (item.sentence, item.details) == (
        "“Second” was renamed to “Third”.",
        ("“Notes on the Engine” was renamed to “Second”.",),
    )
    assert (item.before, item.after) == ("Second", "Third")


def test_the_period_begins_after_since_and_ends_with_until(warehouse):
    """Two reports in a row tell every change exactly once, also when the clock of the caller is elsewhere."""
    warehouse.state("notes", "title", "Second")
    noticed = THIS_WEEK - timedelta(hours=1)
    elsewhere = noticed.astimezone(datetime.strptime("+0900", "%z").tzinfo)
    assert told(warehouse.digest(until=elsewhere), "renamed")
    assert not warehouse.digest(until=noticed - timedelta(seconds=1)).sections
    assert not warehouse.digest(since=elsewhere).sections


def test_what_the_first_visit_found_is_no_news(warehouse):
    """Ten years of papers are not "new works" because somebody subscribed today."""
    ever = warehouse.digest(since=None)
    assert told(ever, "added") == []
    assert len(told(ever, "baseline")) == 2
    assert ever.headline.startswith("2 works put on record")


def test_a_shared_work_is_told_once_to_all_and_once_to_each(warehouse):
    """The same change must reach both authors, and the common report only once."""
    warehouse.state("cards", "title", "Perforated Cards")
    (both,), (his,) = (warehouse.digest(person_id=one).sections for one in (None, "charles"))
    assert [item.id for item in both.items] == [item.id for item in his.items] and len(both.items) == 1
    assert both.items[0].people == ("Charles Babbage", "Ada Lovelace")
    warehouse.state("notes", "title", "Other Notes")
    assert len(told(warehouse.digest(), "renamed")) == 2
    assert len(told(warehouse.digest(person_id="charles"), "renamed")) == 1


def test_whose_a_work_is_concerns_that_person_only(warehouse):
    """That a shared work stops counting for Charles is no news for Ada."""
    warehouse.db.execute(
        "insert into states select 1, noticed_at, 'cards', 'whose:charles', 'theirs', 'theirs', '' from states limit 1"
    )
    warehouse.state("cards", "whose:charles", "not_theirs", "another Charles: the subject differs")
    assert told(warehouse.digest(person_id="charles"), "corrected") == [
        "“Punched Cards” no longer counts as a work of Charles Babbage."
    ]
    assert warehouse.digest(person_id="charles").sections[0].items[0].source == "another Charles: the subject differs"
    assert told(warehouse.digest(person_id="ada"), "corrected") == []


def test_many_works_that_one_person_gains_or_loses_are_one_item(warehouse):
    """One CV that settles twenty questions is one piece of news."""
    warehouse.run_id -= 1
    for work_id in ("notes", "cards"):
        warehouse.state(work_id, "whose:ada", "undecided")
    warehouse.run_id += 1
    for work_id in ("notes", "cards"):
        warehouse.state(work_id, "whose:ada", "theirs", "the person's own list has it")
    (item,) = warehouse.digest().sections[0].items
    assert item.sentence == "2 works now count as works of Ada Lovelace."
    assert item.details == ("“Notes on the Engine”", "“Punched Cards”")


def test_a_work_that_was_split_off_is_not_called_new(warehouse):
    """It was there all the time, inside another one."""
    warehouse.work("part", "Looms, Part II")
    warehouse.add("redirects", "notes", "split", "part", "a later CV lists both", warehouse.at, warehouse.run_id)
    (section,) = warehouse.digest().sections
    assert [(item.sentence, item.source) for item in section.items] == [
        ("“Looms, Part II” turned out to be a work of its own.", "a later CV lists both")
    ]


def readings(warehouse, source, metric, *values):
    """One value per visit on the days before the end of the period, the last one a visit of this week."""
    for back, value in enumerate(reversed(values)):
        warehouse.run(THIS_WEEK - timedelta(hours=2) - timedelta(days=8 * back))
        url = f"https://{source}.example/ada"
        warehouse.add("readings", warehouse.answer(source, person_id="ada", url=url), source, metric, None, value, None)


def test_numbers_of_different_sources_never_mix(warehouse):
    """300 by one count and 20 by another is not a loss of 280."""
    readings(warehouse, "openalex", "citations", 290, 300, 312)
    readings(warehouse, "scholar_feed", "citations", 20, 21)
    found = {number.source: (number.before, number.after) for number in warehouse.digest().numbers}
    assert found == {"openalex": (300, 312), "scholar_feed": (20, 21)}


def test_a_number_that_cannot_be_is_neither_shown_nor_plotted(warehouse):
    """An h-index above the number of papers is kept in the warehouse and left out here."""
    readings(warehouse, "openalex", "h_index", 5, 6)
    warehouse.run(THIS_WEEK - timedelta(minutes=1))
    answer_id = warehouse.answer("openalex", person_id="ada", url="https://openalex.example/ada")
    for metric, value in (("h_index", 31), ("papers", 21)):
        warehouse.add("readings", answer_id, "openalex", metric, None, value, None)
    (number,) = (one for one in warehouse.digest().numbers if one.metric == "h_index")
    assert (number.after, number.left_out, [value for _, value in number.points]) == (6, 1, [5, 6])
    assert not number.current
    assert "h-index" not in warehouse.digest().unmoved, "nobody knows whether it is"


def test_a_vendors_own_measure_is_told_only_when_it_moves(warehouse):
    """A page of unexplained scores helps nobody."""
    readings(warehouse, "scholar_feed", "novelty", 57, 57)
    assert not warehouse.digest().numbers
    readings(warehouse, "scholar_feed", "impact", 1, 2)
    assert [number.metric for number in warehouse.digest().numbers] == ["impact"]


def test_citations_of_works_are_summed_per_source_and_top_movers_come_first(warehouse):
    """Forty rows of +1 are one sentence."""
    warehouse.state("notes", "citations:openalex", "9")
    warehouse.state("cards", "citations:openalex", "14")
    warehouse.run(THIS_WEEK - timedelta(minutes=1))
    warehouse.state("cards", "citations:openalex", "17")
    found = warehouse.digest()
    (mover,) = found.movers
    assert mover.sentence == "OpenAlex counts 7 more and 1 fewer citations of 2 works."
    assert [item.sentence for item in mover.top.items] == [
        "+7, now 17: “Punched Cards”",
        "−1, now 9: “Notes on the Engine”",
    ]
    assert found.headline == "+6 citations by OpenAlex"
    assert not found.sections
    assert len(found.changes) == 3


PAGE = "https://www.scholarfeed.org/author/1"


def test_findings_of_one_kind_on_one_page_are_one_item_with_advice(warehouse):
    """Five rows of a namesake are one thing to do."""
    warehouse.answer("scholar_feed", person_id="ada", url=PAGE)
    for number in range(5):
        explanation = f"“Row {number}” on the page of Ada Lovelace: another person of this name — other subject"
        warehouse.finding(f"f{number}", "foreign_row", explanation, document=PAGE, subject_id=f"w{number}", line=number)
    warehouse.finding(
        "worse", "impossible_metric", "h-index 31 with 21 papers", severity="error", document=PAGE, line=4
    )
    found = warehouse.digest(person_id="ada").findings
    assert [item.sentence for item in found.items] == [
        "H-index 31 with 21 papers.",
        "5 entries on scholarfeed.org/author/1 belong to other people of this name.",
    ]
    assert found.items[1].details[0] == "“Row 0”: other subject."
    assert found.items[0].source == "scholarfeed.org/author/1, line 4"
    assert "ORCID" in found.items[1].advice
    assert not warehouse.digest(person_id="charles").findings.items


def test_what_was_told_before_is_told_shortly_after_what_is_new(warehouse):
    """The same complaint every week teaches to skip the report."""
    warehouse.run(LAST_WEEK - timedelta(days=3))
    warehouse.finding("old", "two_arxiv_ids", "Two ids", subject_id="notes")
    assert warehouse.digest().is_empty
    warehouse.run(THIS_WEEK - timedelta(hours=1))
    warehouse.answer("cv", person_id="ada", url="cv.txt", document=True)
    warehouse.finding("new", "lost", "Lost lines", document="cv.txt", line=7)
    found = warehouse.digest()
    assert [(item.sentence, item.new) for item in found.findings.items] == [("Lost lines.", True), ("Two ids.", False)]
    assert "Two ids. (open since 31 Oct 2026)" in render_text(found)
    assert found.headline == "1 new finding"
    assert found.findings.items[0].source == "CV cv.txt, line 7"


def test_questions_are_apart_and_say_how_to_settle_them(warehouse):
    """A question without a way to answer it is a complaint."""
    warehouse.finding("q", "undecided_work", "Is “Looms” by Ada?", severity="question", subject_id="notes")
    assert not warehouse.digest().questions.items  # it is decided: the question was another person's
    warehouse.add("attributions", "ada", "notes", "undecided", 0.5, ["no co-author in common"], None, warehouse.run_id)
    (item,) = warehouse.digest().questions.items
    assert "harvest decide theirs ada work:notes, or not-theirs" in item.advice


def test_a_settled_finding_is_told_once(warehouse):
    """Who corrected a page wants to hear that it was seen."""
    warehouse.run(LAST_WEEK - timedelta(days=3))
    warehouse.finding("f", "lost", "Lost lines", document="cv.txt")
    warehouse.run(THIS_WEEK - timedelta(hours=1))
    warehouse.finding("f", "lost", "Lost lines", document="cv.txt", status="settled")
    (settled,) = warehouse.digest().sections
    assert [(item.sentence, item.source) for item in settled.items] == [("Lost lines.", "settled on 10 Nov 2026")]
    assert warehouse.digest(until=THIS_WEEK - timedelta(hours=2)).findings.items[0].sentence == "Lost lines."
    assert warehouse.digest(since=THIS_WEEK, until=THIS_WEEK + timedelta(days=1)).is_empty


def test_what_is_wrong_with_a_namesakes_works_is_nobodys_concern(warehouse):
    """Another Ada's two arXiv ids are for the other Ada."""
    warehouse.work("foreign", "Q-Loom", verdict="not_theirs")
    warehouse.finding("f", "two_arxiv_ids", "Two ids", subject_id="foreign")
    assert not warehouse.digest().findings.items
    warehouse.finding("g", "two_arxiv_ids", "Two ids", subject_id="cards")
    assert [item.people for item in warehouse.digest().findings.items] == [("Ada Lovelace", "Charles Babbage")]


def test_nothing_changed_is_said_with_why_it_can_be_trusted(warehouse):
    """Silence of the sources and silence of the world must not look alike."""
    for source in ("arxiv", "openalex"):
        warehouse.answer(source, person_id="ada")
    found = warehouse.digest()
    assert found.is_empty and found.headline == "nothing changed"
    assert found.lead == "Nothing changed. The sources were visited once; 2 of 2 answered when last asked."
    warehouse.answer("dblp", person_id="ada", outcome="blocked", reason="a bot check")
    assert "What only DBLP could tell may be missing." in warehouse.digest().lead
    assert "nothing can be said" in warehouse.digest(since=THIS_WEEK, until=THIS_WEEK + timedelta(days=7)).lead


def test_a_silent_source_shows_why_and_how_old_its_last_good_answer_is(warehouse):
    """What it said last still stands, and the reader may judge how much."""
    warehouse.run(THIS_WEEK - timedelta(days=12, hours=1))
    warehouse.answer("dblp", person_id="ada")
    warehouse.answer("crossref", outcome="switched_off", reason="no contact is set.")
    warehouse.run(THIS_WEEK - timedelta(hours=1))
    warehouse.answer("dblp", person_id="ada", outcome="blocked", reason="a bot check answered")
    warehouse.answer("homepage", person_id="charles", outcome="not_answered", reason="no such host")
    warehouse.answer("arxiv")
    assert [state.sentence for state in warehouse.digest(person_id="ada").sources] == [
        "DBLP put a bot check or a login before its answer (a bot check answered)."
        " Its last good answer is of 29 Oct 2026, 12 days ago, and still stands.",
        "Crossref is switched off (no contact is set). It is not asked.",
        "Answered on 10 Nov 2026: arXiv.",
    ]
    earlier = warehouse.digest(until=THIS_WEEK - timedelta(days=9)).sources
    assert "Answered on 29 Oct 2026, 3 days ago: DBLP." in [state.sentence for state in earlier]
    (homepage, *_) = warehouse.digest(person_id="charles").sources
    assert homepage.sentence == "homepage did not answer (no such host). It never answered yet."
    assert homepage.people == ("Charles Babbage",)


def test_the_same_period_gives_an_equal_digest(warehouse):
    """A mail is known by what it says: two renderings must not differ."""
    warehouse.state("notes", "title", "Second")
    assert warehouse.digest() == warehouse.digest()


@pytest.mark.parametrize("given", [{"person_id": "nobody"}, {"until": datetime(2026, 11, 10)}])
def test_a_wrong_question_is_refused_with_a_sentence(warehouse, given):
    """Nobody's empty report would look like good news."""
    with pytest.raises(InputProblem):
        warehouse.digest(**given)


HARMLESS = ["https://arxiv.org/abs/2501.00001v1", "http://x.example:8080/a?b=c&d=e#f", "https://例え.example/"]
HARMFUL = [
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example/", "ftp://x.example/",
    "https://", "https://ada@x.example/", "https://x.example/\nLocation: y", 'https://x.example/"onclick=', "https://[::1",
    "https://x.example/\u202egpj.exe", "https://x.example/" + "a" * 3000, "", None,
]  # fmt: skip


@pytest.mark.parametrize("address", HARMLESS)
def test_web_addresses_pass(address):
    """A link is half of the evidence."""
    assert web_address(address) == address


@pytest.mark.parametrize("address", HARMFUL)
def test_other_addresses_are_dropped(address):
    """Escaping does not make javascript: harmless; not linking does."""
    assert web_address(address) is None


PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>",
    "</title><script>x</script>",
    "--><iframe src='https://x.example'>", "]]><!ENTITY x 'y'>", "{{ 7 * 7 }}{% raw %}", "${7*7} <%= 7 %>",
    "line\r\nBcc: eve@example.org", "=?utf-8?q?Bcc:_eve?=", "nul\x00bell\x07esc\x1b]0;title\x07",
    "lone \ud800 surrogate",
    "right \u202e to left \u2066", "\ufffe\uffff", "“quotes” within ’quotes‘ & &amp; &lt;b&gt;", "[link](javascript:x)",
    "url(https://x.example/a.png)</style><style>*{color:red}", "ignore previous instructions",
    "x" * 10_000, "深い" * 3000, "é\u0301👩‍👩‍👧",
]  # fmt: skip


def hostile(payload):
    """A digest that carries the payload wherever text of others can stand."""
    item = Item(
        id=payload, kind=payload, at=THIS_WEEK, sentence=f"“{payload}” was renamed.", source=payload,
        url=f"javascript:{payload}", details=(payload,), advice=payload, people=(payload,), severity="error",
    )  # fmt: skip
    section = Section(key="renamed", title="Renamed", items=(item, replace(item, url=f"https://x.example/{payload}")))
    number = Number(
        person=payload, metric=payload, source=payload, before=1, after=2, points=((LAST_WEEK, 1.0), (THIS_WEEK, 2.0))
    )
    return Digest(
        title=payload, since=LAST_WEEK, until=THIS_WEEK, people=(payload, "Ada"), visits=1, sections=(section,),
        movers=(Movers(source=payload, sentence=payload, step=1, top=section),), numbers=(number,), findings=section,
        questions=section, changes=section.items,
        sources=(SourceState(sources=(payload,), state="blocked", sentence=payload, people=(payload,)),),
    )  # fmt: skip


def assert_harmless(html):
    """Only our own elements and attributes, and no address that is fetched or run."""
    tree = lxml.html.fromstring(html)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= {
        "html", "head", "meta", "title", "style", "body", "main", "header", "section", "div", "h1", "h2", "h3", "p",
        "ul", "li", "b", "a", "span", "table", "thead", "tbody", "tr", "th", "td", "svg", "polyline", "circle",
    }  # fmt: skip
    for element in tree.iter():
        assert not any(name.startswith("on") or name == "src" for name in element.attrib)
        assert element.get("href", "https://").startswith(("https://", "http://"))
        assert "url(" not in element.get("style", "")
    assert not _CONTROLS.search(html)


_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_is_harmless_on_the_page_in_the_mail_and_in_the_feed(payload):
    """Titles come from the network: none may run, fetch, add a header, break the XML or turn the text around."""
    digest = hostile(payload)
    assert_harmless(render_page(digest))
    text = render_text(digest)
    assert max(cell_len(line) for line in text.splitlines()) <= 78
    assert not _CONTROLS.search(text.replace("\n", ""))
    mail = message(digest, sender="harvest@example.org", recipient="ada@example.org", list_id=payload)
    parsed = message_from_bytes(mail.as_bytes(), policy=SMTP)
    assert parsed.keys() == mail.keys() == MAIL_HEADERS
    assert_harmless(body(parsed, "html"))
    feed = etree.fromstring(
        render_feed(digest, f"https://x.example/{payload}"), parser=etree.XMLParser(resolve_entities=False)
    )
    assert len(feed.findall("{*}entry")) == 2
    assert all(link.get("href").startswith("https://") for link in feed.iter("{*}link"))


def body(mail, kind):
    """One of the two bodies as it was before it travelled."""
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


MAIL_HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "Auto-Submitted", "MIME-Version",
    "Content-Type",
]  # fmt: skip


@given(st.lists(st.text(), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_line_of_text_is_wider_than_78_columns(titles):
    """Also for scripts whose characters are two columns wide, and words without end."""
    items = tuple(Item(id=title, kind="x", at=THIS_WEEK, sentence=title, source=title) for title in titles)
    sections = (Section(key="added", title="New works", items=items),)
    digest = Digest(title="What changed", since=None, until=THIS_WEEK, people=("Ada",), visits=1, sections=sections)
    assert max(cell_len(line) for line in render_text(digest).splitlines()) <= 78


@pytest.mark.parametrize("kinds", [1, 2, 3, 5])
def test_a_subject_fits_one_line_of_a_mails_head(kinds):
    """A folded one is shown with a gap by some mail programs; signs beyond ASCII make it twice as long."""
    items = tuple(Item(id=str(n), kind="x", at=THIS_WEEK, sentence="x") for n in range(1234))
    keys = ("published", "added", "renamed", "corrected", "settled")[:kinds]
    mover = Movers(source="OpenAlex", sentence="", step=-1234, top=Section(key="movers", title=""))
    digest = Digest(title="What changed", since=None, until=THIS_WEEK, people=("Ada",), visits=1, movers=(mover,),
                    sections=tuple(Section(key=key, title=key, items=items) for key in keys))  # fmt: skip
    head = message(digest, sender="a@b.example", recipient="c@d.example").as_bytes().split(b"\n\n")[0].decode()
    (line,) = re.findall(r"^Subject: (.*)\r?$", head, re.MULTILINE)
    assert "=?" not in line and "published" in line
    assert f"Subject: {line.strip()}\r\nDate" in head or f"Subject: {line.strip()}\nDate" in head


def test_what_was_sent_is_told_once_for_each_reason():
    """Thirty e-mails that wait for one server are one line."""
    fates = [("ada@b.example", "waiting", "no server"), ("ada@b.example", "waiting", "no server"),
             ("mary@b.example", "waiting", "no server"), ("eve@b.example", "sent", "")]  # fmt: skip
    sent = tuple(Delivery(message_id=str(n), recipient=who, state=state, reason=why)
                 for n, (who, state, why) in enumerate(fates))  # fmt: skip
    assert ReportSummary(page=Path("page.html"), sent=sent).as_markdown().splitlines()[1:] == [
        "not sent: 3 e-mails to ada@b.example and mary@b.example: no server",
        "sent: 1 e-mail to eve@b.example",
    ]


def test_the_same_finding_twice_on_one_page_is_told_once(warehouse):
    """And a group that was told before says since when."""
    warehouse.run(LAST_WEEK - timedelta(days=3))
    warehouse.answer("scholar_feed", person_id="ada", url=PAGE)
    for number, said in enumerate(("9 papers, 8 rows", "9 papers, 8 rows", "7 papers, 8 rows")):
        warehouse.finding(f"f{number}", "count_mismatch", said, document=PAGE)
        warehouse.finding(f"g{number}", "lost", "One line", document=PAGE)
    warehouse.run(THIS_WEEK - timedelta(hours=1))
    counted, lost = sorted(warehouse.digest().findings.items, key=lambda item: item.kind)
    assert sorted(counted.details) == ["7 papers, 8 rows.", "9 papers, 8 rows."]
    assert counted.sentence == "scholarfeed.org/author/1: count mismatch, 2 times."
    assert (lost.sentence, lost.source, counted.source) == ("One line.", *["open since 31 Oct 2026"] * 2)


@pytest.mark.parametrize(
    ("explanation", "said"),
    [
        (
            "scholar_feed says h_index 31 — h-index 31 with 21 papers: too many",
            "Scholar Feed says h-index 31 with 21 papers: too many.",
        ),
        (
            "scholar_feed says citations 9 — citations dropped from 20 to 9",
            "Scholar Feed says citations 9 — citations dropped from 20 to 9.",
        ),
        (
            "line 3 says “All are published.”, but item [2] says “Submitted.”",
            "Line 3 says “All are published.”, but item [2] says “Submitted.”",
        ),
    ],
)
def test_a_finding_is_one_sentence_that_says_nothing_twice(explanation, said):
    """A reader stumbles over a number that is told twice, and over a full stop behind a full stop."""
    assert wording.finding_sentence(explanation) == said


def test_below_its_group_a_total_does_not_repeat_what_is_wrong_with_all():
    """What holds of it besides is said."""
    page = "the page lists 4 works of other people of this name, so its totals are not this person's"
    told = f"Scholar Feed says h-index 18 — {page}. h-index 18 is the largest that is possible."
    assert wording.finding_in_group(told) == "Scholar Feed says h-index 18. h-index 18 is the largest that is possible."


def test_long_lists_are_cut_with_how_many_are_not_shown(warehouse):
    """Never a wall of rows, and never a silent cut."""
    for number in range(30):
        warehouse.work(f"new{number}", f"Looms, Part {number}")
    digest = warehouse.digest()
    page, text = render_page(digest), render_text(digest)
    for shown in (page, text, message(digest, sender="a@b.example", recipient="c@d.example").get_body().get_content()):
        assert shown.count("Looms, Part") == 12
        assert "… and 18 more" in shown
    assert render_feed(digest, "https://x.example/feed").count(b"<entry>") == 30


@pytest.fixture
def news(warehouse):
    """A digest with a bit of everything."""
    warehouse.state("notes", "stage", "published", "NeurIPS 2026 — dblp: conf/nips/L26")
    warehouse.state("cards", "title", "Perforated Cards")
    warehouse.state("cards", "citations:openalex", "12")
    warehouse.finding("f", "lost", "Lost lines", document="cv.txt", line=3)
    warehouse.finding("q", "undecided_link", "Are both one work?", severity="question", subject_id="notes")
    warehouse.answer("dblp", person_id="ada", outcome="blocked", reason="a bot check answered")
    readings(warehouse, "openalex", "citations", 290, 300, 312)
    return warehouse.digest()


def test_the_page_needs_nothing_but_itself(news):
    """It is read from a disk, years later, on paper, in the dark, and aloud."""
    page = render_page(news)
    assert "<script" not in page and "<link" not in page and "@import" not in page
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    tree = lxml.html.fromstring(page)
    assert tree.get("lang") == "en" and len(tree.findall(".//h1")) == 1
    assert {cell.get("scope") for cell in tree.iter("th")} == {"col", "row"}
    assert [heading.text_content().split(" ")[0] for heading in tree.iter("h2")] == [
        "Published", "Renamed", "Numbers", "Wrong", "Questions", "Sources",
    ]  # fmt: skip
    assert tree.find(".//svg").get("aria-label") == "from 290 on 25 Oct 2026 to 312"


def test_headless_chromium_shows_the_page(news, tmp_path):
    """The one reader that is really used."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium on this machine")
    path = tmp_path / "page.html"
    path.write_text(render_page(news), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    shot, profile = f"--screenshot={tmp_path / 'page.png'}", f"--user-data-dir={tmp_path / 'profile'}"
    subprocess.run([browser, *flags, profile, shot, path.as_uri()], check=True, timeout=100, capture_output=True)
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


def test_the_mail_says_the_news_in_its_subject_and_both_bodies(news):
    """What is seen in the list of mails decides whether it is opened."""
    mail = message(news, sender="Harvest <harvest@example.org>", recipient="Ada Lovelace <ada@example.org>")
    assert mail["Subject"] == "Harvest: 1 paper published, 1 renamed, +2 citations by OpenAlex, more"
    assert (mail.get_content_type(), mail["Auto-Submitted"]) == ("multipart/alternative", "auto-generated")
    assert mail["List-Id"] == "<harvest.example.org>"
    assert mail["List-Unsubscribe"] == "<mailto:harvest@example.org?subject=unsubscribe>"
    assert mail["Date"].datetime == THIS_WEEK
    text, html = body(mail, "plain"), body(mail, "html")
    for said in (text, html):
        assert "is now published at NeurIPS 2026" in said and "300 → 312" in said
    assert "<style" not in html and "<table" not in html and "<svg" not in html and "font-size" in html


def test_the_same_news_is_the_same_mail_byte_by_byte(news):
    """A mail that is made again after a crash must be known again."""
    to = {"sender": "harvest@example.org", "recipient": "ada@example.org"}
    first = message(news, **to)
    assert first.as_bytes() == message(news, **to).as_bytes()
    others = (
        message(news, **(to | {"recipient": "charles@example.org"})),
        message(replace(news, title="Other"), **to),
        message(replace(news, until=THIS_WEEK + timedelta(days=1)), **to),
    )
    assert len({first["Message-ID"], *(other["Message-ID"] for other in others)}) == 4
    assert all(len(line) <= 998 for line in first.as_bytes().splitlines())
    assert first.as_bytes().isascii()


@pytest.mark.parametrize(
    "address", ["", "ada", "a@b@c", "ada@example.org\nBcc: eve@x.example", "a b@x.example", "ada@"]
)
def test_what_is_no_address_is_refused_with_a_sentence(news, address):
    """Better now than by a mail server at night."""
    with pytest.raises(InputProblem, match="no e-mail address"):
        message(news, sender="harvest@example.org", recipient=address)


def test_the_feed_is_valid_atom_with_ids_that_stay(warehouse, news):
    """A feed reader must neither refuse it nor show an entry twice."""
    url = "https://ada.example/feed.xml"
    parsed = feedparser.parse(render_feed(news, url))
    assert not parsed.bozo and parsed.version == "atom10"
    assert parsed.feed.links[0].href == url and parsed.feed.updated == "2026-11-10T05:00:00+00:00"
    assert len(parsed.entries) == len(news.changes) == 3
    for entry in parsed.entries:
        assert entry.id.startswith("urn:uuid:") and entry.title and entry.updated and entry.content
    later = feedparser.parse(render_feed(warehouse.digest(until=THIS_WEEK + timedelta(days=9)), url))
    assert {entry.id for entry in later.entries} == {entry.id for entry in parsed.entries}
    assert later.feed.id == parsed.feed.id


class Desk:
    """What a mail server answers to each verb, and the mails it took."""

    def __init__(self) -> None:
        self.taken, self.recipients, self.to, self.data = [], [], {}, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Says per recipient what is set, else yes."""
        if refusal := self.to.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Says what is set next, else takes the mail; "drop" hangs up without a word."""
        answer = self.data.pop(0) if self.data else "250 taken"
        if answer == "drop":
            server.transport.abort()
        elif answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=SMTP))
            self.recipients.append(envelope.rcpt_tos)
        return answer


@pytest.fixture
def desk():
    """A real mail server on loopback; `desk.settings` lead to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    behind = Desk()
    controller = Controller(behind, hostname="127.0.0.1", port=port)
    controller.start()
    behind.settings = Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False)
    yield behind
    controller.stop()


def letter(number=1, recipient="ada@example.org"):
    """A small mail."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "harvest@example.org", recipient, "Harvest: nothing changed"
    mail["Message-ID"] = f"<{number}@example.org>"
    mail.set_content("Nothing changed.\n")
    return mail


def states(deliveries):
    return [delivery.state for delivery in deliveries]


def test_a_mail_is_put_and_sent_once_however_often_it_is_made(desk, tmp_path, news):
    """A run that is repeated must not write to people again."""
    mail = message(news, sender="harvest@example.org", recipient="ada@example.org")
    assert put(tmp_path, mail) == put(tmp_path, mail)
    (delivery,) = deliver(tmp_path, desk.settings)
    assert (delivery.state, delivery.accepted, delivery.recipient) == ("sent", True, "ada@example.org")
    assert put(tmp_path, mail).parent == tmp_path / "sent"
    assert deliver(tmp_path, desk.settings) == []
    (taken,) = desk.taken
    assert taken["Message-ID"] == mail["Message-ID"]
    assert body(taken, "html") == body(mail, "html")


def test_not_now_means_later(desk, tmp_path):
    """Greylisting refuses every first attempt."""
    desk.data = ["450 come back later"]
    put(tmp_path, letter())
    (first,) = deliver(tmp_path, desk.settings)
    assert (first.state, first.reason) == ("waiting", "450 come back later")
    assert states(deliver(tmp_path, desk.settings)) == ["sent"]
    assert len(desk.taken) == 1


def test_never_means_never_until_somebody_asks(desk, tmp_path):
    """Knocking at a closed door every night makes a spammer of us."""
    desk.to = {"ada@example.org": "550 no such person"}
    put(tmp_path, letter())
    for _ in range(2):
        (delivery,) = deliver(tmp_path, desk.settings)
        assert (delivery.state, delivery.reason) == ("refused", "550 no such person")
        desk.to = {}
    assert desk.taken == [] and put(tmp_path, letter()).exists()
    assert states(deliver(tmp_path, desk.settings, refused_too=True)) == ["sent"]
    assert [path.name for path in tmp_path.glob("*.*")] == [".lock"]


def test_a_line_that_breaks_before_the_yes_leaves_the_mail_waiting(desk, tmp_path):
    """No yes, no mark; the other mails still go."""
    desk.data = ["drop"]
    put(tmp_path, letter(1))
    put(tmp_path, letter(2))
    assert sorted(states(deliver(tmp_path, desk.settings))) == ["sent", "waiting"]
    assert states(deliver(tmp_path, desk.settings)) == ["sent"]
    assert sorted(mail["Message-ID"] for mail in desk.taken) == ["<1@example.org>", "<2@example.org>"]


def test_each_recipient_has_their_own_fate(desk, tmp_path):
    """One closed box must neither stop the others nor make them read it twice."""
    desk.to = {"b@example.org": "550 no", "c@example.org": "451 not now"}
    put(tmp_path, letter(recipient="a@example.org, b@example.org, c@example.org"))
    assert states(deliver(tmp_path, desk.settings)) == ["sent", "refused", "waiting"]
    desk.to = {}
    assert states(deliver(tmp_path, desk.settings)) == ["sent", "refused", "sent"]
    assert desk.recipients == [["a@example.org"], ["c@example.org"]]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"smtp_host": None}, "set HARVEST_SMTP_HOST"),
        ({"smtp_starttls": True}, "STARTTLS"),
        ({"smtp_user": "ada", "smtp_password": "secret"}, "AUTH"),
        ({"smtp_port": 1}, "refused"),
    ],
)
def test_a_server_that_cannot_be_used_as_set_leaves_all_waiting(desk, tmp_path, wrong, reason):
    """Nothing goes out in clear, without login or to nowhere because of a typing error; and nothing crashes."""
    put(tmp_path, letter(1))
    put(tmp_path, letter(2))
    deliveries = deliver(tmp_path, desk.settings.model_copy(update={**wrong, **_secret(wrong)}))
    assert states(deliveries) == ["waiting", "waiting"] and reason in deliveries[1].reason
    assert "secret" not in repr(deliveries) and desk.taken == []
    assert states(deliver(tmp_path, desk.settings)) == ["sent", "sent"]


def _secret(given):
    return {"smtp_password": SecretStr(given["smtp_password"])} if "smtp_password" in given else {}


def test_a_crash_after_the_yes_sends_once_more_under_the_same_id(desk, tmp_path):
    """At least once; the copy carries the same Message-ID, so that mail programs know it."""
    put(tmp_path, letter())
    code = (
        "import sys; from pathlib import Path;"
        "from harvest.report.outbox import deliver; from harvest.settings import Settings;"
        "deliver(Path(sys.argv[1]), Settings(smtp_host='127.0.0.1', smtp_port=int(sys.argv[2]), smtp_starttls=False))"
    )
    environment = os.environ | {"HARVEST_FAILPOINT": "mail_accepted:kill"}
    command = [sys.executable, "-c", code, str(tmp_path), str(desk.settings.smtp_port)]
    killed = subprocess.run(command, check=False, env=environment, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert states(deliver(tmp_path, desk.settings)) == ["sent"]
    assert [mail["Message-ID"] for mail in desk.taken] == ["<1@example.org>"] * 2


def test_a_crash_while_writing_leaves_no_half_mail(tmp_path, monkeypatch):
    """A file that is half written would be sent half."""
    monkeypatch.setenv("HARVEST_FAILPOINT", "file_written:enospc")
    with pytest.raises(OSError, match="No space"):
        put(tmp_path, letter())
    assert list(tmp_path.glob("*.eml")) == []
    monkeypatch.delenv("HARVEST_FAILPOINT")
    assert put(tmp_path, letter()).exists()


def test_a_file_that_is_no_mail_is_shown_and_stops_nobody(desk, tmp_path):
    """Somebody's stray file in the outbox."""
    put(tmp_path, letter())
    (tmp_path / "stray.eml").write_bytes(b"\xff\x00 no mail")
    assert sorted(states(deliver(tmp_path, desk.settings))) == ["refused", "sent"]


def test_two_processes_do_not_send_the_same_mails(desk, tmp_path):
    """The second steps back."""
    put(tmp_path, letter())
    with (tmp_path / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RunInProgress):
            deliver(tmp_path, desk.settings)
    assert states(deliver(tmp_path, desk.settings)) == ["sent"]


LISTINGS = [
    ("work_removed", {}, "“Looms” is gone from every page that listed it."),
    ("work_removed", {"person": "Ada"}, "“Looms” is gone from every page of Ada that listed it."),
    (
        "work_removed",
        {
            "person": "Ada",
            "source": "dblp",
            "evidence": "no longer on https://a.example; dropped: no list there has it",
        },
        "“Looms” is gone from DBLP's list of Ada, dropped: no list there has it.",
    ),
    ("work_reappeared", {}, "“Looms” is listed again."),
    ("work_reappeared", {"person": "Ada"}, "“Looms” is listed again on a page of Ada."),
    ("work_reappeared", {"person": "Ada", "source": "dblp"}, "“Looms” is listed again on DBLP's list of Ada."),
]


@pytest.mark.parametrize(("kind", "given", "said"), LISTINGS)
def test_a_work_that_leaves_all_lists_or_comes_back_has_words_of_its_own(kind, given, said):
    """ "The work of … is now removed" is no sentence for a reader, and a co-author's page may still have it."""
    assert wording.change_sentence({"kind": kind, "title": "Looms", **given}) == ("corrected", said)


SURE = [
    ("certain", ["dblp"], "status_changed", ""),
    (None, None, "status_changed", ""),
    ("claimed", ["homepage"], "status_changed", "claimed by the author's own page"),
    ("claimed", ["cv", "homepage"], "status_changed", "claimed by the author's own CV and the author's own page"),
    ("likely", ["scholar_feed"], "status_changed", "likely, by 1 witness: Scholar Feed"),
    ("likely", ["cv", "homepage"], "status_changed", "likely: the own pages of several of its authors say so"),
    ("likely", ["https://a.example/", "https://a.example/cv"], "work_removed", "missing again and again on 2 pages"),
    ("likely", ["rules"], "attribution_changed", "likely"),
    ("open", ["rules"], "attribution_changed", "undecided"),
]


@pytest.mark.parametrize(("confidence", "witnesses", "kind", "said"), SURE)
def test_how_sure_a_change_is_is_said_where_it_is_not_certain(confidence, witnesses, kind, said):
    """With who says it."""
    assert wording.sureness(confidence, witnesses or (), kind).endswith(said)
    assert bool(wording.sureness(confidence, witnesses or (), kind)) == bool(said)


def test_a_claim_is_marked_on_every_page_and_a_number_says_what_moved_it(warehouse):
    """In text, mail, page and feed."""
    warehouse.state("notes", "stage", "accepted", "ICML 2027 — homepage: https://ada.example/")
    warehouse.add("grounds", warehouse.run_id, "notes", "stage", "claimed", ["homepage"], None)
    readings(warehouse, "openalex", "citations", 290, 312)
    warehouse.state("ada", "citations:openalex", "290")
    warehouse.run(THIS_WEEK - timedelta(minutes=10))
    warehouse.state("ada", "citations:openalex", "312")
    why = "+22 citations of known works"
    warehouse.add("grounds", warehouse.run_id, "ada", "citations:openalex", "certain", ["openalex"], why)
    told = warehouse.digest()
    letter = message(told, sender="h@example.org", recipient="a@example.org")
    shown = [" ".join(one.split()) for one in (render_text(told), render_page(told), body(letter, "html"))]
    assert all("claimed by" in one and why in one for one in shown)
    assert b"claimed by" in render_feed(told, "https://harvest.example/feed")
