"""Histories of invented people's pages, in the styles in which such pages are written, and the changes they show."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvest.detect.doubt import is_cut
from harvest.errors import InputProblem
from harvest.reconcile.succession import Entry, renamed
from harvest.replay import replay

START = datetime(2023, 1, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Paper:
    """One entry of a list, as its owner writes it."""

    title: str
    authors: tuple[str, ...]
    where: str = "arXiv preprint, 2023"
    link: str = ""


ENGINE = Paper("Notes on the Analytical Engine", ("Ada Lovelace", "Charles Babbage"))
CARDS = Paper("Punched Cards Generalize Better than Levers", ("Ada Lovelace", "Mary Somerville", "Luigi Menabrea"))
TIDES = Paper("A Variational View of Tide Prediction", ("Mary Somerville", "Ada Lovelace"), "Under review, 2022")
LOOM = Paper("Weaving Algebraic Patterns with Jacquard Looms", ("Ada Lovelace", "Luigi Menabrea"), "JMLR, 2021")
BIRDS = Paper("Flight of Artificial Birds from First Principles", ("Ada Lovelace", "William King"), "ICML 2022")
MUSIC = Paper("Composing Elaborate Music by Machine", ("Ada Lovelace", "Charles Wheatstone"), "AISTATS 2020")


def hand_written(papers) -> str:
    """One paragraph an entry, lines broken by <br>."""
    entries = "\n".join(
        f"<li><p>{', '.join(one.authors)}.<br>\n<b>{one.title}</b>.<br>\n<i>{one.where}.</i>"
        + (f' <a href="{one.link}">[pdf]</a>' if one.link else "") + "</p></li>"
        for one in papers
    )  # fmt: skip
    return f"<html><body><h1>Ada</h1><h2>Publications</h2>\n<ul>{entries}</ul></body></html>"


def academic(papers) -> str:
    """Classes for title, authors and venue, as themes for Jekyll have them."""
    entries = "\n".join(
        f'<li><div class="row"><div class="col-sm-8"><div class="title">{one.title}</div>'
        f'<div class="author">{", ".join(one.authors)}</div><div class="periodical"><em>{one.where}</em></div>'
        + (f'<div class="links"><a href="{one.link}">arXiv</a></div>' if one.link else "") + "</div></div></li>"
        for one in papers
    )  # fmt: skip
    return (
        '<!DOCTYPE html><html><head><title>publications | Ada</title></head><body><div class="publications">'
        f"<h1>publications</h1><h2 class='bibliography'>2023</h2>"
        f"<ol class='bibliography'>{entries}</ol></div></body></html>"
    )


def numbered(papers) -> str:
    """Numbers, "with co-authors", and quotation marks."""
    entries = "\n".join(
        f"<p>[{number}] {', '.join(one.authors)}. &ldquo;{one.title}.&rdquo; {one.where}."
        + (f' <a href="{one.link}">arXiv</a>' if one.link else "") + "</p>"
        for number, one in enumerate(papers, 1)
    )  # fmt: skip
    return f"<html><body><h2>Publications</h2>\n{entries}\n<h2>Teaching</h2><p>None.</p></body></html>"


def source(papers) -> str:
    """What Jekyll makes the page from."""
    entries = "\n".join(
        f"{number}. {', '.join(one.authors)}. **{one.title}**. *{one.where}*."
        + (f" [[pdf]]({one.link}) \\| [code](https://example.org/code)" if one.link else "")
        for number, one in enumerate(papers, 1)
    )  # fmt: skip
    return f'---\nlayout: page\ntitle: "Publications"\n---\n{{% include head.html %}}\n\n{entries}\n\n[x]: y\n'


def bibliography(papers) -> str:
    """What jekyll-scholar makes the page from."""
    entries = "\n\n".join(
        f"@article{{key{number},\n  abbr={{Venue}},\n  author={{{' and '.join(one.authors)}}},\n"
        f"  title={{{one.title}}},\n  journal={{{one.where}}},\n"
        + (f"  arxiv={{{one.link.rpartition('/')[2]}}},\n" if one.link else "") + "  selected={true}\n}"
        for number, one in enumerate(papers)
    )  # fmt: skip
    return f"---\n---\n\n@string{{jmlr = {{Journal}}}}\n\n{entries}\n"


def vita(papers) -> str:
    """The layout text of a CV."""
    entries = "\n\n".join(
        f"[{number}] {', '.join(one.authors)}. {one.title}.\n    {one.where}." for number, one in enumerate(papers, 1)
    )
    return f"Ada Lovelace\n\nEDUCATION\nHome, 1815-1832\n\nPUBLICATIONS\n\n{entries}\n\nTEACHING\nNone\n"


@dataclass
class Site:
    """Captures of a site, a file each, and the events they show."""

    folder: Path
    write: object = hand_written
    events: list = field(default_factory=list)

    def capture(self, day: float, papers=None, page: str = "index.html", text: str | None = None) -> None:
        """What a page said on a day."""
        folder = self.folder / f"{START + timedelta(days=day):%Y%m%dT%H%M%SZ}"
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(self.write(papers) if text is None else text, encoding="utf-8")

    def replay(self, **given) -> list[tuple]:
        """(day, kind, first word of the title, before, after) of every event."""
        out = self.folder.parent / "events.jsonl"
        replay(self.folder, out, **given)
        self.events = [json.loads(line) for line in out.read_text().splitlines()]
        moments = [datetime.strptime(one["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for one in self.events]
        return [
            ((moment - START).days, one["kind"], one["title"].split()[0])
            for moment, one in zip(moments, self.events, strict=True)
        ]


@pytest.fixture
def site(tmp_path) -> Site:
    """An empty site."""
    return Site(tmp_path / "ada")


@pytest.mark.parametrize("style", [hand_written, academic, numbered])
def test_a_year_of_a_page_is_its_changes_each_once(site, style):
    """New, renamed, on arXiv, published, a co-author more, and gone for good."""
    site.write = style
    site.capture(0, [ENGINE, TIDES, LOOM])
    site.capture(30, [CARDS, ENGINE, TIDES, LOOM])
    renamed_cards = replace(CARDS, title="Why Punched Cards Generalize")
    site.capture(60, [renamed_cards, ENGINE, TIDES, LOOM])
    linked = replace(ENGINE, link="https://arxiv.org/abs/2303.00011")
    site.capture(90, [renamed_cards, linked, TIDES, LOOM])
    published = replace(linked, where="NeurIPS 2023")
    site.capture(120, [renamed_cards, published, TIDES, LOOM])
    more = replace(renamed_cards, authors=("Ada Lovelace", "Mary Somerville", "Luigi Menabrea", "Michael Faraday"))
    site.capture(150, [more, published, TIDES, LOOM])
    for day in (180, 190, 200):
        site.capture(day, [more, published, LOOM])
    assert site.replay() == [
        (30, "work_added", "Why"),
        (60, "title_changed", "Why"),
        (90, "arxiv_id_added", "Notes"),
        (120, "status_changed", "Notes"),
        (150, "authors_changed", "Why"),
        (180, "work_removed", "A"),
    ]


def test_what_does_not_change_the_record_is_no_change(site):
    """Other order, other numbers, other case, other spelling of a venue, another theme."""
    papers = [ENGINE, TIDES, LOOM, replace(BIRDS, where="International Conference on Machine Learning (ICML 2022)")]
    site.capture(0, papers)
    site.write = numbered
    site.capture(10, papers[::-1])
    shouted = [replace(one, title=one.title.upper()) for one in papers]
    site.capture(20, shouted)
    site.write = academic
    site.capture(
        30,
        [
            replace(BIRDS, where="Thirty-ninth International Conference on Machine Learning, ICML 2022"),
            LOOM,
            TIDES,
            ENGINE,
        ],
    )
    assert site.replay() == []


def carded(papers) -> str:
    """Blocks without a list: heading, names, and a venue that stands by itself; BibTeX and a link called "paper"."""
    entries = "\n".join(
        f"<div class='card'><h5>{one.title}</h5><p>{', '.join(one.authors)}</p><p><i>{one.where}</i></p>"
        + (f"<p><a href='{one.link}'>paper</a></p>" if one.link else "")
        + f"<pre>@article{{key,\n title={{{one.title}}},\n author={{{' and '.join(one.authors)}}}\n}}</pre></div>"
        for one in papers
    )  # fmt: skip
    return f"<html><body><h1>Ada</h1><h2>Publications</h2>\n{entries}\n<h2>Teaching</h2><p>None.</p></body></html>"


def test_a_status_that_stands_alone_below_the_names_is_no_heading(site):
    """It would take the entries below it out of the list, and their link with it."""
    site.write = carded
    waiting = [replace(one, where="Under review, 2023") for one in (ENGINE, CARDS)]
    site.capture(0, [*waiting, LOOM, BIRDS])
    linked = replace(ENGINE, where="Preprint, 2023", link="https://arxiv.org/abs/2303.00011")
    site.capture(30, [linked, waiting[1], LOOM, BIRDS])
    site.capture(60, [linked, waiting[1], TIDES, LOOM, BIRDS])
    assert site.replay() == [
        (30, "arxiv_id_added", "Notes"),
        (30, "status_changed", "Notes"),
        (60, "work_added", "A"),
    ]


def test_a_venue_that_is_abbreviated_or_mended_is_the_same_venue(site):
    """As indexes of mathematics write journals, with the journal's own short name or without; another word is news."""
    forms = ("Journal of the European Loom Society, 2024", "J. Eur. Loom Soc. (JELS), 2024")
    forms = (*forms, "Journal of the Europaen Loom Society, 2024", "Journal of the American Loom Society, 2024")
    forms = (*forms, "IEEE Transactions on Automatic Looms, 2024", "IEEE TAL, 2024")
    for day, where in enumerate(forms):
        site.capture(30 * day, [replace(ENGINE, where=where), TIDES, LOOM])
    assert site.replay() == [(90, "venue_changed", "Notes"), (120, "venue_changed", "Notes")]


def test_a_venue_by_its_short_name_is_the_same_venue(site):
    """Also one that no table of ours knows; another year is another venue."""
    forms = ("UAI 2022", "Conference on Uncertainty in Artificial Intelligence, 2022", "UAI 2023")
    forms = (*forms, "Proceedings of the Conference on Uncertainty in Artificial Intelligence (UAI), 2023")
    for day, where in enumerate(forms):
        site.capture(30 * day, [replace(ENGINE, where=where), TIDES, LOOM])
    assert site.replay() == [(60, "venue_changed", "Notes")]


def test_a_work_that_comes_when_a_like_one_has_long_gone_is_new(site):
    """Half the words of the title, the owner's own name and the year are what all works of one person share."""
    gone = Paper("Towards Scalable Looms in Textile Printing", ("Ada Lovelace", "William King"), "Preprint, 2023")
    new = Paper("Towards Latent Cards in Textile Printing", ("Ada Lovelace", "Michael Faraday", "Mary Somerville"))
    site.capture(0, [gone, ENGINE, TIDES, LOOM])
    for day in (30, 50, 70):
        site.capture(day, [ENGINE, TIDES, LOOM, MUSIC][: 3 + day // 50])
    site.capture(100, [new, ENGINE, TIDES, LOOM, MUSIC])
    assert site.replay() == [
        (30, "work_removed", "Towards"),
        (50, "work_added", "Composing"),
        (100, "work_added", "Towards"),
    ]


def test_two_pages_tell_one_story(site):
    """The page that changed is believed; the other catches up late, and goes on listing what the first hides."""
    old, new = [ENGINE, TIDES, LOOM], [replace(ENGINE, where="ICLR 2024"), TIDES, LOOM]
    for page in ("index.html", "papers.html"):
        site.capture(0, old, page)
    site.capture(20, new)
    site.capture(40, old, "papers.html")
    site.capture(60, new[:1])
    site.capture(80, new[:1])
    site.capture(100, new, "papers.html")
    assert site.replay() == [(20, "status_changed", "Notes")]
    assert (site.events[0]["before"], site.events[0]["after"]) == ("preprint", "published")


def test_a_page_that_starts_late_brings_nothing_but_what_nobody_knew(site):
    """Another language, older words: what it says first is no news."""
    site.capture(0, [ENGINE, TIDES, LOOM])
    site.capture(20, [replace(ENGINE, where="ICLR 2024"), TIDES, LOOM])
    site.capture(40, [ENGINE, replace(TIDES, where="arXiv preprint, 2022"), LOOM, MUSIC], "index_French.html")
    assert site.replay() == [(20, "status_changed", "Notes"), (40, "work_added", "Composing")]


def test_absence_is_believed_when_it_lasts_and_never_in_mass(site):
    """A slip that is mended, a page that is cut, a section that is hidden: nothing. One row dropped: one change."""
    papers = [ENGINE, CARDS, TIDES, LOOM, BIRDS, MUSIC]
    site.capture(0, papers)
    site.capture(10, papers[1:])
    site.capture(12, papers)
    whole = hand_written(papers)
    site.capture(20, text=whole[: len(whole) // 2])
    site.capture(21, text="<html><body><h1>502 Bad Gateway</h1></body></html>")
    for day in (30, 40, 50, 60):
        site.capture(day, papers[:3])
    for day in (70, 80, 90):
        site.capture(day, papers)
    for day in (100, 110, 120):
        site.capture(day, [ENGINE, TIDES, LOOM, BIRDS, MUSIC])
    for day in (130, 140):
        site.capture(day, papers)
    assert site.replay() == [(100, "work_removed", "Punched"), (130, "work_reappeared", "Punched")]


def test_the_first_of_what_was_an_empty_list_is_news(site):
    """Who had published nothing before has published now."""
    site.capture(0, [])
    site.capture(30, [ENGINE])
    assert site.replay() == [(30, "work_added", "Notes")]


def test_a_wrong_number_that_is_corrected_says_both(site):
    """The link led to somebody else's paper."""
    wrong, right = (replace(ENGINE, link=f"https://arxiv.org/abs/2303.0001{last}") for last in (1, 2))
    site.capture(0, [wrong, TIDES])
    site.capture(30, [right, TIDES])
    assert site.replay() == [(30, "arxiv_id_added", "Notes")]
    assert (site.events[0]["before"], site.events[0]["after"]) == ("2303.00011", "2303.00012")


def test_a_cv_is_read_from_its_text_and_its_announcements_come_true(site):
    """In preparation, submitted to, accepted: each is a step; the award that follows is one more."""
    site.write = vita
    plan = replace(CARDS, where="In preparation")
    first, second = [LOOM, BIRDS, plan], [LOOM, BIRDS, replace(CARDS, where="submitted to ICLR 2024")]
    site.capture(0, first, "cv.txt")
    (site.folder / f"{START:%Y%m%dT%H%M%SZ}" / "cv.pdf").write_bytes(b"%PDF-1.5 not read, for the text is there")
    site.capture(30, second, "cv.txt")
    site.capture(
        60,
        [*second[:2], replace(CARDS, where="International Conference on Learning Representations (ICLR 2024)")],
        "cv.txt",
    )
    site.capture(
        90,
        [
            *second[:2],
            replace(
                CARDS, where="International Conference on Learning Representations (ICLR 2024) (Spotlight, top 5%)"
            ),
        ],
        "cv.txt",
    )
    site.capture(
        95,
        [
            *second[:2],
            replace(
                CARDS, where="International Conference on Learning Representations (ICLR 2024) (Spotlight, top 4.8%)"
            ),
        ],
        "cv.txt",
    )
    assert site.replay(kind="cv") == [
        (30, "status_changed", "Punched"),
        (60, "status_changed", "Punched"),
        (90, "venue_changed", "Punched"),
    ]


def test_batches_and_repetitions_give_the_same_log(site, tmp_path):
    """What was replayed already adds nothing, and what follows goes on from it."""
    site.capture(0, [ENGINE, TIDES, LOOM])
    site.capture(30, [CARDS, ENGINE, TIDES, LOOM])
    batch = tmp_path / "batch" / "ada"
    batch.parent.mkdir()
    first = site.replay(home=tmp_path / "home")
    assert site.replay(home=tmp_path / "home") == first
    for day in (60, 70, 80):
        site.capture(day, [replace(CARDS, where="ICML 2023"), ENGINE, LOOM])
    onward = site.replay(home=tmp_path / "home")
    assert onward == site.replay()
    assert onward[: len(first)] == first
    assert sorted(kind for _, kind, _ in onward) == ["status_changed", "work_added", "work_removed"]


@pytest.mark.parametrize(
    "write, page", [(source, "_pages/publications.md"), (bibliography, "_bibliography/papers.bib")]
)
def test_what_a_site_is_made_from_tells_its_changes_as_its_pages_do(site, write, page):
    """The history of a site on GitHub is one of its sources, which lie in folders."""
    site.write = write
    site.capture(0, [ENGINE, TIDES, LOOM], page)
    site.capture(30, [CARDS, ENGINE, TIDES, LOOM], page)
    site.capture(60, [replace(CARDS, link="https://arxiv.org/abs/2303.00001"), ENGINE, TIDES, LOOM], page)
    for day in (90, 100, 110):
        site.capture(day, [replace(CARDS, link="https://arxiv.org/abs/2303.00001", where="ICML"), ENGINE, LOOM], page)
    assert site.replay(kind="homepage") == [
        (30, "work_added", "Punched"),
        (60, "arxiv_id_added", "Punched"),
        (90, "work_removed", "A"),
        (90, "status_changed", "Punched"),
    ]


def test_pages_of_one_name_in_two_folders_are_two_pages(site):
    """A page in another language, or of a course, has the name that the first has too."""
    site.capture(0, [ENGINE, TIDES, LOOM])
    site.capture(0, [ENGINE], "zh/index.html")
    for day in (30, 40, 50):
        site.capture(day, [ENGINE, TIDES, LOOM])
        site.capture(day, [ENGINE, CARDS], "zh/index.html")
    assert site.replay() == [(30, "work_added", "Punched")]


def test_several_sites_are_several_stories(site, tmp_path):
    """Co-authors list the same papers."""
    other = Site(tmp_path / "mary")
    for one in (site, other):
        one.capture(0, [TIDES, LOOM])
    site.capture(10, [CARDS, TIDES, LOOM])
    other.capture(20, [CARDS, TIDES, LOOM])
    out = tmp_path / "all.jsonl"
    done = replay(tmp_path, out)
    assert (done.sites, done.captures, done.events) == (2, 4, 2)


def test_a_folder_without_captures_is_told(tmp_path):
    """A wrong path must not look like a quiet year."""
    with pytest.raises(InputProblem, match="no captures"):
        replay(tmp_path, tmp_path / "out.jsonl")


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("notes on the engine", "notes on an engine", True),
        ("when do cards favor flat looms", "the alignment of cards and how it selects flat looms", True),
        ("tides of the channel", "poetry of numbers", False),
    ],
)
def test_an_entry_that_takes_anothers_place_is_the_same_when_it_speaks_of_the_same(before, after, same):
    """Two people of one project drop one plan and begin another."""
    team = ("lovelace a", "babbage c")
    stays = Entry("r0", "what stays", ("lovelace a",), False)
    found = renamed([stays, Entry("r1", before, team, False)], [stays, Entry("r2", after, team, False)])
    assert bool(found) is same


def test_two_of_a_large_team_are_not_that_team():
    """Owner and adviser stand in most works of a list."""
    stays, team = Entry("r0", "what stays", ("lovelace a",), False), tuple(f"{name} a" for name in "bcdefgh")
    old, new = Entry("r1", "cards for looms", team, False), Entry("r2", "tides and looms", team[:2], False)
    assert renamed([stays, old], [stays, new]) == []


def test_two_titles_that_stood_side_by_side_are_no_rename():
    """Part one and part two."""
    team = ("lovelace a", "babbage c")
    one, two = (
        Entry("r1", "weaving by machine part one", team, False),
        Entry("r2", "weaving by machine part two", team, False),
    )
    assert renamed([one], [two])
    assert renamed([one], [two], apart={frozenset((one.title, two.title))}) == []


@pytest.mark.parametrize(
    ("body", "before", "cut"),
    [
        (b"<html><ul><li>one</li></ul></html>", b"<html><ul><li>one</li><li>two</li></ul></html>", False),
        (b"<html><ul><li>one</li>", b"<html><ul><li>one</li><li>two</li></ul></html>", True),
        (b"PUBLICATIONS\n[1] One", b"PUBLICATIONS\n[1] One.\n[2] Two.\n", True),
        (b"<ul><li>no end tag", b"<ul><li>no end", False),
    ],
)  # fmt: skip
def test_a_page_that_stops_in_the_middle_is_known_by_the_one_before(body, before, cut):
    """Half a page is no page."""
    assert is_cut(body, before) is cut
