"""The audit's rules on invented people and papers: what is confirmed or contradicted, and when it keeps silent."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from harvest.audit import as_json
from harvest.model import Answer, Contents, Person, Reading, Record, Remark, Stage
from harvest.pipeline import _conclude
from harvest.reconcile.audit.ask import audit
from harvest.reconcile.audit.corrections import corrected, write_corrections
from harvest.references import contradictions, numbered
from harvest.store.append import append_answers, append_people, next_run_id
from harvest.store.hold import held
from harvest.store.warehouse import publish, reading, transaction, utc, writing

ADA = Person(id="ada", name="Ada Lovelace", affiliations=("Engine House",))
CAPTURED = datetime(2024, 5, 1, tzinfo=UTC)
ASKED = datetime(2025, 1, 1, tzinfo=UTC)
FOUR = ("Ada Lovelace", "Charles Babbage", "Mary Somerville", "Luigi Menabrea")
TITLES = {
    "1": "Bernoulli Numbers by Machine",
    "2": "Loops Without End in Mechanical Weaving",
    "3": "On the Tides of Variable Cards",
    "4": "Weighted Gears Learn Faster Than Plain Ones",
    "5": "Punched Memory and Its Discontents",
    "6": "CardForge: A Framework for Composing Operations",
    "7": "A Calculus of Nervous Systems",
    "8": "Somerville Flows on Curved Brass",
    "9": "Menabrea Sketches for Sparse Tables",
    "10": "Brass Kernels at Small Scale",
    "11": "Ninety Pages on Carry Propagation",
    "12": "Flying Machines and Their Gradients",
    "13": "Sums Over Rotating Columns",
    "14": "Truncated Notes on Many Hands",
    "15": "Preprints of Poetical Science",
    "16": "Late Proceedings of the Store and the Mill",
}


def item(number: str, source: str = "cv", **given) -> Record:
    """An entry of Ada's CV on the line of its number, times ten."""
    title = TITLES[number]
    tail = given.get("comment") or ""
    usual = {"authors": ("Ada Lovelace", "Charles Babbage"), "stage": Stage.PUBLISHED, "key": title}
    quote = f"{number}. {', '.join(given.get('authors', usual['authors']))}. {title}. {tail}"
    return Record(
        source=source,
        title=title,
        item=number,
        line=10 * int(number),
        quote=quote,
        **(usual | {"comment": tail} | given),
    )


def witness(source: str, number: str, **given) -> Record:
    """What another source says of the same work."""
    usual = {"authors": ("Ada Lovelace", "Charles Babbage"), "title": TITLES[number]}
    record = usual | given
    return Record(source=source, key=f"{source}-{number}", **record)


def at(venue: str, year: int, **given) -> dict:
    """A published appearance."""
    return {"venue": f"{venue} {year}", "venue_year": year, "year": year, "stage": Stage.PUBLISHED, **given}


CV = (
    item("1", **at("ICML", 2022), comment="International Conference on Machine Learning (ICML 2022), 1-30. 2022."),
    item("2", **at("ICML", 2023) | {"year": 2024}, comment="ICML 2023, 1-20. 2024."),
    item("3", **at("ICML", 2024) | {"year": 2023}, comment="ICML 2024. 2023."),
    item("4", stage=Stage.SUBMITTED, venue="ICLR 2024 Workshop on Gears", venue_year=2024, year=2024,
         comment="ICLR 2024 Workshop on Gears submitted to (ICLR 2024 Workshop). 2024."),
    item("5", stage=Stage.SUBMITTED, year=2020, arxiv_id="2006.00001",
         comment="Under review. arXiv preprint: 2006.00001. 2020."),
    item("6", stage=Stage.IN_PREPARATION, comment="(In preparation)"),
    item("7", stage=Stage.IN_PREPARATION, comment="(In preparation)"),
    item("8", authors=FOUR, **at("NeurIPS", 2021), comment="NeurIPS 2021."),
    item("9", authors=FOUR, **at("NeurIPS", 2022), comment="NeurIPS 2022."),
    item("10", stage=Stage.WORKSHOP, venue="NeurIPS 2022 Workshop", venue_year=2022, year=2022,
         comment="NeurIPS 2022 Workshop."),
    item("11", **at("COLT", 2021), comment="COLT 2021, 1-90. 2021."),
    item("12", **at("ICLR", 2023), comment="ICLR 2023 (Spotlight (Top 4%)). 2023."),
    item("13", **at("ICML", 2022), comment="ICML 2022."),
    item("14", authors=("Ada Lovelace",), truncated=True, **at("AISTATS", 2022), comment="AISTATS 2022."),
    item("15", stage=Stage.PREPRINT, year=2023, arxiv_id="2303.00015",
         comment="arXiv preprint: 2303.00015, 1-12. 2023."),
    item("16", **at("NeurIPS", 2020) | {"year": 2021}, comment="NeurIPS 2020, 2021."),
)  # fmt: skip
PROCEEDINGS = (
    witness("dblp", "1", **at("ICML", 2022)),
    witness("dblp", "2", **at("ICML", 2024)),
    witness("dblp", "8", authors=(FOUR[0], FOUR[2], FOUR[1], FOUR[3])),
    witness("dblp", "9", authors=FOUR[:3], **at("NeurIPS", 2022)),
    witness("dblp", "13", **at("ICML", 2021)),
    witness("dblp", "14", authors=FOUR, **at("AISTATS", 2022)),
    witness("dblp", "15", **at("ICML", 2024)),
    witness("dblp", "16", **at("NeurIPS", 2020)),
)
PREPRINTS = (
    witness("arxiv", "3", arxiv_id="2311.00003", first_on=date(2023, 11, 3), stage=Stage.PREPRINT, year=2023),
    witness("arxiv", "4", title="Weighted Gears Learn Faster Than Plain Ones", first_on=date(2024, 7, 1),
            arxiv_id="2407.00004", stage=Stage.PREPRINT, year=2024),
    witness("arxiv", "5", arxiv_id="2006.00001", first_on=date(2020, 6, 1), stage=Stage.PREPRINT, year=2020),
    witness("arxiv", "6", title="CardForge: Composing Operations by Sorted Cards", arxiv_id="2406.00006",
            first_on=date(2024, 6, 6), stage=Stage.PREPRINT, year=2024),
    witness("arxiv", "10", arxiv_id="2210.00010", first_on=date(2022, 10, 10), stage=Stage.PREPRINT, year=2022),
    witness("arxiv", "11", arxiv_id="2102.00011", first_on=date(2021, 2, 11), stage=Stage.PREPRINT, year=2021,
            comment="90 pages, 4 figures"),
    witness("arxiv", "12", arxiv_id="2302.00012", first_on=date(2023, 2, 12), stage=Stage.PREPRINT, year=2023),
)  # fmt: skip


def said(source: str, records, at_moment=ASKED, **given):
    """One answer about Ada."""
    usual = {"url": f"https://{source}.example/ada", "person_id": "ada", "body": source.encode()}
    remarks, readings = given.pop("remarks", ()), given.pop("readings", ())
    answer = Answer(source=source, received_at=at_moment, **(usual | given))
    return answer, Contents(records=tuple(records), remarks=remarks, readings=readings)


def keep(home, documents, answers):
    """One run's work on these documents and answers."""
    with writing(home) as db:
        with transaction(db):
            run_id = next_run_id(db)
            append_people(db, run_id, [ADA])
            append_answers(db, run_id, documents, document=True)
            append_answers(db, run_id, answers)
            with held(db) as hold:
                _conclude(db, hold, run_id, ASKED, (), 0, 0)
        publish(db, home)


def lines_of_cv():
    """The CV as text: a summary line, and every entry on its line."""
    text = {2: "Works [1]~[5] have been published or preprinted.", 3: "Works [6]~[7] are in preparation."}
    text |= {record.line: record.quote for record in CV}
    return [(number, text.get(number, "")) for number in range(1, max(text) + 1)]


def read_lines(row):
    """The lines of Ada's CV; other documents have none."""
    return lines_of_cv() if row["document"] == "cv.txt" else []


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The audit of Ada's CV against proceedings and preprints."""
    home = tmp_path_factory.mktemp("audit")
    remarks = tuple(
        Remark(kind="self_contradiction", line=one.line, quote=one.quote, explanation=sentence)
        for one, sentence in contradictions(lines_of_cv(), numbered(CV))
    )
    cv = said("cv", CV, CAPTURED, url="cv.txt", own=True, remarks=remarks)
    keep(home, [cv], [said("dblp", PROCEEDINGS), said("arxiv", PREPRINTS)])
    with reading(home) as db:
        (page,) = audit(db, read_lines).pages
        rows = db.execute("select item, verdict, reason from seed_comparison order by line").fetchall()
    assert [(one.item, one.verdict, one.explanation) for one in page.entries] == rows, "one implementation"
    return page


def field(page, number, name):
    """One field of one entry."""
    (entry,) = (entry for entry in page.entries if entry.item == number)
    return next(one for one in entry.fields if one.field == name)


@pytest.mark.parametrize(
    ("number", "verdict"),
    [("1", "confirmed"), ("2", "contradicted"), ("3", "confirmed"), ("4", "ambiguous"), ("5", "stale"), ("6", "stale"),
     ("7", "no public record"), ("8", "confirmed"), ("9", "confirmed"), ("10", "confirmed"), ("11", "confirmed"),
     ("12", "confirmed"), ("13", "contradicted"), ("14", "confirmed"), ("15", "stale"), ("16", "confirmed")],
)  # fmt: skip
def test_every_entry_has_a_verdict(page, number, verdict):
    """Silence where nothing is wrong is as much worth as a contradiction that is found."""
    assert next(entry.verdict for entry in page.entries if entry.item == number) == verdict


@pytest.mark.parametrize(
    ("number", "name", "verdict", "reason", "words"),
    [
        ("2", "venue", "contradicted", "year_slip", "DBLP (2025-01-01) says ICML 2024"),
        ("2", "year", "confirmed", "same", "DBLP"),
        ("3", "year", "confirmed", "preprint_year", "2023-11-03"),
        ("4", "status", "ambiguous", "two_ways", "either may be meant"),
        ("5", "status", "stale", "waiting", "since 2020"),
        ("6", "title", "stale", "retitled_since", "CardForge: Composing Operations by Sorted Cards"),
        ("6", "status", "stale", "appeared", "2024-06-06"),
        ("8", "authors", "unresolved", "reordered", "The versions of the preprint would settle it"),
        ("9", "authors", "confirmed", "shorter_elsewhere", "nobody is removed"),
        ("10", "venue", "unverifiable", "not_confirmed", "would settle it"),
        ("11", "pages", "confirmed", "length_confirmed", "same number of pages"),
        ("1", "pages", "unverifiable", "length", "no contradiction"),
        ("12", "award", "unverifiable", "not_confirmed", "no source that knows"),
        ("13", "venue", "contradicted", "other_year", "ICML 2021"),
        ("14", "authors", "confirmed", "same", "DBLP"),
        ("15", "status", "stale", "went_further", "published at ICML 2024"),
        ("16", "venue", "confirmed", "indexed", "DBLP"),
        ("5", "arxiv_id", "confirmed", "same", "arXiv"),
    ],
)
def test_every_field_has_a_verdict_with_its_reason(page, number, name, verdict, reason, words):
    """The reason is a class for programs and a sentence for people."""
    one = field(page, number, name)
    assert (one.verdict, one.reason) == (verdict, reason)
    assert words in one.explanation


def test_a_contradiction_names_its_witness_with_place_and_day(page):
    """A word without a place is an opinion."""
    (witness_,) = (one for one in field(page, "2", "venue").witnesses if one.confirms)
    assert (witness_.source, witness_.says, witness_.stance) == ("dblp", "ICML 2024", "other year")
    assert witness_.captured_at == utc(ASKED)
    assert witness_.url.startswith("https://")


def test_entries_keep_their_line_and_their_words(page):
    """The reader must find the place."""
    entry = next(entry for entry in page.entries if entry.item == "13")
    assert (entry.line, entry.quote) == (130, next(record.quote for record in CV if record.item == "13"))


@pytest.mark.parametrize(
    ("number", "outcome", "now"),
    [("6", "appeared under another title", "CardForge: Composing Operations by Sorted Cards"),
     ("7", "still nothing", None), ("4", "appeared", TITLES["4"])],
)  # fmt: skip
def test_announced_works_have_outcomes(page, number, outcome, now):
    """An item without an identifier is a work to wait for."""
    (one,) = (one for one in page.outcomes if one.item == number)
    assert (one.outcome, one.now_titled, one.months) == (outcome, now, 8)
    assert one.reason
    assert (one.confidence is None) == (outcome == "still nothing")


def test_a_summary_line_is_held_against_the_items_it_counts(page):
    """Item 4 was submitted and has no identifier; item 5 has one."""
    (found,) = (one for one in page.findings if one.kind == "self_contradiction")
    assert (found.line, found.severity) == (40, "error")
    assert "[4]" in found.explanation


def test_the_corrected_document_says_what_the_record_says(page):
    """Each line in the document's own style; nothing else is touched."""
    lines = corrected(page)
    old = [text for _, text in page.lines]
    changed = {number: new for number, (new, before) in enumerate(zip(lines, old, strict=True), 1) if new != before}
    assert set(changed) == {2, 3, 20, 40, 50, 60, 130, 150}
    assert changed[2] == "Works [1]~[6], [8]~[16] have been published or preprinted."
    assert changed[3] == "Works [7] are in preparation."
    assert changed[20].endswith("Weaving. ICML 2024, 1-20. 2024.")
    assert changed[50].endswith("Discontents. arXiv preprint: 2006.00001. 2020.")
    assert changed[60].endswith("CardForge: Composing Operations by Sorted Cards. arXiv preprint: 2406.00006. 2024.")
    assert changed[130].endswith("Columns. ICML 2021.")
    assert changed[150].endswith("Science. ICML 2024. 2023.")


def test_corrections_are_files_and_nothing_is_sent(page, tmp_path):
    """A corrected copy, its difference, a BibTeX file of what others confirm."""
    from harvest.reconcile.audit.nouns import Audit

    written = write_corrections(Audit(known_until=ASKED, network=True, pages=(page,)), tmp_path / "out")
    assert [path.name for path in written] == ["cv.corrected.txt", "cv.diff", "cv.bib"]
    listed = (tmp_path / "out" / "cv.bib").read_text()
    assert "title = {" + TITLES["1"] + "}" in listed
    assert "archiveprefix = {arXiv}" in listed
    assert TITLES["7"] not in listed


def test_json_is_plain_and_whole(page):
    """Programs read it without knowing our classes."""
    from harvest.reconcile.audit.nouns import Audit

    whole = json.loads(as_json(Audit(known_until=ASKED, network=True, pages=(page,))))
    assert whole["known_until"] == "2025-01-01T00:00:00+00:00"
    (one,) = whole["pages"]
    assert one["captured_at"] == "2024-05-01T00:00:00+00:00"
    assert {"document", "entries", "findings", "presence", "outcomes", "numbers", "ledger", "dating"} <= set(one)
    assert {"field", "said", "verdict", "reason", "explanation", "witnesses"} <= set(one["entries"][0]["fields"][0])
    assert not {"lines", "markup"} & set(one)


def row(number: int, title: str, **given) -> Record:
    """A row of a page about Ada."""
    usual = {"authors": ("Ada Lovelace", "Charles Babbage"), "key": title, "first_on": date(2022, 1, number)}
    return Record(source="scholar_feed", title=title, line=number, **(usual | given))


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    """A page about Ada against her own list: a homonym, a duplicate, an omission, and impossible numbers."""
    home = tmp_path_factory.mktemp("feed")
    own = [
        Record(source="cv", key=title, title=title, authors=("Ada Lovelace", "Charles Babbage"), line=number,
               item=str(number), stage=Stage.PREPRINT, arxiv_id=f"220{number}.0000{number}", year=2022)
        for number, title in enumerate(["Gears That Learn", "Cards That Forget", "Looms That Sing"], 1)
    ]  # fmt: skip
    own += [
        Record(source="cv", key=f"More {n}", title=f"{word} Engines in Practice", line=10 + n, stage=Stage.PREPRINT,
               authors=("Ada Lovelace", "Charles Babbage"), arxiv_id=f"2011.0010{n}", year=2020)
        for n, word in enumerate(["Hydraulic", "Pneumatic", "Magnetic"])
    ]  # fmt: skip
    rows = [
        row(3, "Gears That Learn"),
        row(6, "Cards That Forget"),
        row(9, "Cards That Forget", first_on=date(2022, 3, 9), key="Cards That Forget again"),
        row(12, "Orchid Fevers of the Lower Danube", authors=("Ada Lovelace", "Otto Quick", "Ida Pfeiffer"),
            categories=("q-bio.PE",), abstract="We count fevers among gardeners of orchids on the river."),
    ]  # fmt: skip
    numbers = tuple(Reading(source="scholar_feed", metric=name, value=value, line=2)
                    for name, value in (("h_index", 9), ("papers", 4), ("citations", 70)))  # fmt: skip
    page = said("scholar_feed", rows, ASKED, url="feed.txt", readings=numbers)
    remark = Remark(kind="lost", explanation="two dates are lost", line=30)
    keep(home, [page, said("cv", own, CAPTURED, url="cv.txt", own=True, remarks=(remark,))], [])
    with reading(home) as db:
        return {page.document: page for page in audit(db, lambda row: []).pages}


def test_a_page_has_a_ledger_that_names_its_rows(feed):
    """Precision and recall without the rows behind them help nobody."""
    ledger = feed["feed.txt"].ledger
    assert ledger.duplicates == ((6, 9),)
    assert "Looms That Sing" in ledger.missing
    assert ledger.rows == 4
    assert ledger.works == 3
    assert 12 in (*ledger.foreign, *ledger.undecided), "never silently hers"


def test_absence_has_a_cause(feed):
    """What is older than all rows of a page may be outside what it covers; what is newer cannot be in a document."""
    causes = {one.title: one.cause for one in feed["feed.txt"].presence if one.only_in == "record"}
    assert causes["Looms That Sing"] == "omitted"
    assert feed["cv.txt"].ledger.missing == ()


def test_impossible_numbers_are_told_with_the_inequality(feed):
    """h ≤ papers and h² ≤ citations."""
    (number,) = (one for one in feed["feed.txt"].numbers if one.sanity == "impossible")
    assert (number.metric, number.value) == ("h_index", 9)
    assert "81 > 70" in number.reason


def test_what_a_reader_lost_is_told_with_its_line(feed):
    """Nothing is dropped silently."""
    assert [(one.kind, one.line, one.severity) for one in feed["cv.txt"].findings] == [("lost", 30, "warning")]


def test_nothing_is_contradicted_when_nobody_else_was_read(tmp_path):
    """Without witnesses an entry is unverifiable, which is no fault of the entry."""
    keep(tmp_path, [said("cv", [CV[0], CV[2]], CAPTURED, url="cv.txt", own=True)], [])
    with reading(tmp_path) as db:
        found = audit(db, read_lines)
    (page,) = found.pages
    assert not found.network
    assert {entry.verdict for entry in page.entries} == {"unverifiable"}


def test_a_years_slip_needs_evidence_or_must_stand_alone(tmp_path):
    """Two entries of one habit are a habit; the only one in a list is a slip."""
    habit = [item(number, **at("ICML", 2022) | {"year": 2023}, comment="ICML 2022. 2023.") for number in ("1", "2")]
    keep(tmp_path, [said("cv", habit, CAPTURED, url="cv.txt", own=True)], [])
    with reading(tmp_path) as db:
        (page,) = audit(db, read_lines).pages
    assert "contradicted" not in {one.verdict for entry in page.entries for one in entry.fields}


@pytest.mark.parametrize(
    ("venue", "comment", "ambiguous"),
    [
        ("ICML 2024 (ICML 2024)", "ICML 2024 submitted to (ICML 2024).", True),
        ("ICML 2024", "Submitted to ICML 2024.", False),
        ("Annals of Looms", "arXiv:1905.12345, submitted to Annals of Looms.", False),
        ("Annals of Looms", "arXiv preprint, 2023. Submitted to Annals of Looms.", False),
        ("Annals of Looms", "Annals of Looms, 2023, under review.", False),
        (None, "arXiv preprint arXiv:2402.09876, 2024. Under review.", False),
    ],
)
def test_only_a_venue_that_is_named_twice_can_be_read_in_two_ways(tmp_path, venue, comment, ambiguous):
    """To say where a paper was sent is no claim that it appeared there."""
    keep(tmp_path, [said("cv", [item("1", stage=Stage.SUBMITTED, venue=venue, year=2024, comment=comment)], CAPTURED,
                         url="cv.txt", own=True)], [])  # fmt: skip
    with reading(tmp_path) as db:
        (page,) = audit(db, read_lines).pages
    assert (field(page, "1", "status").verdict == "ambiguous") == ambiguous


def test_a_work_that_was_public_too_late_for_its_venue_is_a_slip(tmp_path):
    """First submitted after the venue's year was over."""
    slips = [item(number, **at("ICML", 2023) | {"year": 2024}, comment="ICML 2023. 2024.") for number in ("1", "2")]
    late = witness("arxiv", "1", arxiv_id="2402.00001", first_on=date(2024, 2, 1), stage=Stage.PREPRINT, year=2024)
    keep(tmp_path, [said("cv", slips, CAPTURED, url="cv.txt", own=True)], [said("arxiv", [late])])
    with reading(tmp_path) as db:
        (page,) = audit(db, read_lines).pages
    assert field(page, "1", "venue").reason == "year_slip"
    assert "2024-02-01" in field(page, "1", "venue").explanation
    assert field(page, "2", "venue").verdict != "contradicted"


def test_an_announced_work_that_left_the_page_has_disappeared(tmp_path):
    """A page of one's own that drops a title says something, too."""
    url = {"url": "https://ada.example/", "own": True}
    first = said("homepage", [item("7", source="homepage", stage=Stage.IN_PREPARATION)], CAPTURED, **url)
    second = said("homepage", [witness("homepage", "1", stage=Stage.PREPRINT)], CAPTURED + timedelta(days=90), **url)
    keep(tmp_path, [], [first, second])
    with reading(tmp_path) as db:
        rows = db.execute("select title, outcome from forthcoming").fetchall()
    assert rows == [(TITLES["7"], "disappeared")]


@pytest.mark.parametrize(
    ("second", "verdict", "outcome"),
    [
        ({"stage": Stage.IN_PREPARATION, "comment": "(In preparation)"}, "no public record", "still nothing"),
        ({"stage": Stage.SUBMITTED, "comment": "Submitted."}, "no public record", "still nothing"),
        ({"stage": Stage.IN_PREPARATION, "arxiv_id": "2404.00007"}, "stale", "appeared"),
        (at("ICML", 2024), "stale", "published"),
    ],
)
def test_a_second_list_of_their_own_makes_public_only_what_it_calls_finished(tmp_path, second, verdict, outcome):
    """The author's own word that a paper is not done yet, twice, is not yet a paper."""
    first = said("cv", [item("7", stage=Stage.IN_PREPARATION, comment="(In preparation)")], CAPTURED, url="cv.txt",
                 own=True)  # fmt: skip
    other = said("cv", [item("7", **second)], CAPTURED, url="long.txt", own=True, body=b"long")
    keep(tmp_path, [first, other], [])
    with reading(tmp_path) as db:
        pages = {page.document: page for page in audit(db, lambda row: []).pages}
    (entry,), (told,) = pages["cv.txt"].entries, pages["cv.txt"].outcomes
    assert (entry.verdict, told.outcome) == (verdict, outcome)
    assert (told.public_on is None and told.now_titled is None) == (outcome == "still nothing")
