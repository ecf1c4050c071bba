"""The sections of a document: which headings announce publications, and which something else."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from harvest.model import Stage
from harvest.sources.authors import as_authors
from harvest.sources.labels import LABEL_ROW, unlabelled
from harvest.sources.listing import names_the_others
from harvest.sources.margins import unfolded
from harvest.sources.page import Line
from harvest.sources.text import fold, unmarked
from harvest.sources.venue import read_tail

Kind = Literal["publications", "other", "unknown"]

_SURE = r"publications?|preprints?|论文|预印本|发表|著作|学术成果"
_LISTED = re.compile(rf"\b(?:publications?|preprints?|papers?|manuscripts?|theses)\b|{_SURE}|文章", re.IGNORECASE)
# Words that announce publications when a heading has no others.
_WEAK = (
    r"(?:ph\.?d\.?|doctoral|master'?s|m\.?sc?\.?|b\.?sc?\.?)(?= thes| diss)"
    r"|selected|recent|published|accepted|to|appear|(?:non-?)?refereed|peer[- ]reviewed|journals?|conferences?"
    r"|workshops?|proceedings|articles?|works?|books?|chapters?|edited|volumes?|monographs?|original|forthcoming|working|archival"
    r"|scientific|scholarly|dissertations?|thesis|in|under|review|submission|submitted|preparation|press|progress"
    r"|technical|reports?|and|&|of|list|all|/|,|-|\d{4}"
)
_ALONE = re.compile(rf"(?:(?:{_WEAK})\s*){{1,8}}", re.IGNORECASE)
_SPEAKS = re.compile(
    r"article|published|accepted|appear|works\b|proceedings|journal|conference|workshop|submi|preparation|reports|under"
    r"|progress|books?\b|chapter|monograph|dissertation|thesis",
    re.IGNORECASE,
)
_OTHERS = (
    r"education|experiences?|employment|internships?|appointments?|positions?|services?|reviewer|reviewing|awards?"
    r"|hono(?:u)?rs?|scholarships?|fellowships?|grants?|funding|teaching|courses?|talks?|presentations?|invited|seminars?"
    r"|news|updates?|blogs?|posts?|notes?|interests?|about|bio(?:graphy)?|contacts?|skills?|software|projects?|students?"
    r"|group|members?|alumni|people|collaborators?|co-?authors?|activit(?:y|ies)|misc(?:ellane\w{1,6})?|links?|patents?"
    r"|media|languages?|references?|openings?|hobb(?:y|ies)|advis\w{1,6}|mentor\w{0,6}|editor\w{0,6}|committees?"
    r"|posters?|referee(?:ing|s)?|peer[- ]review(?!ed)|tutorials?|demonstrations?|coverage|boards?"
    r"|organi[sz]\w{1,6}|memberships?|transcripts?|home|cv|resume|vitae|summary|objective|qualifications?|travel"
)
_OTHER = re.compile(
    rf"\b(?:{_OTHERS})\b|教育|经历|获奖|奖项|荣誉|教学|服务|新闻|动态|兴趣|简介|关于|项目|学生|合作|报告|课程|联系|专利|招生",
    re.IGNORECASE,
)
# A line that is not marked as a heading is one only when it has no words but these.
_PLAIN = re.compile(
    rf"(?:(?:{_WEAK}|{_OTHERS}|publications?|preprints?|papers?|manuscripts?|theses|academic|professional|industr\w{{1,4}}"
    r"|research|work|other|additional|relevant|programming|computer|personal|university|community|undergraduate|graduate"
    r"|contributed|best|paper|international|national|domestic|job|market|program(?:me)?|ad|hoc|ph\.?d\.?|doctoral|master'?s"
    r"|keynotes?|plenary|public|open|source|attended|for|at"
    r"|leadership|volunteer\w{0,3}|outreach|history|background|information|training|me|my|full|latest|short|the|\+)"
    r"(?:[\s,&/:-]+|$)){1,8}|[\u3400-\u9fff]{2,8}",
    re.IGNORECASE,
)
_LISTS = re.compile(r"publications|preprints|papers|manuscripts", re.IGNORECASE)
_CITED = re.compile(r"references|bibliography", re.IGNORECASE)
_OUTLET = re.compile(r"book|chapter|conference|journal|proceedings|refereed|reviewed", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[（].{0,300}$")
_HEADED = re.compile(r"head|section|title", re.IGNORECASE)
_MARKDOWN = re.compile(r"\s{0,3}(#{1,6})\s+(\S.{0,200})")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*")
_DEGREE = re.compile(r"\b(?:Ph|M|B)\. ?(?:D|Sc|S|A)\.")
_GAP = re.compile(r"\S {3,}\S")
_YEAR = re.compile(r"[\s#*_–-]{0,4}(?:19|20)\d\d[\s:*_–-]{0,3}")  # not "2024." which ends an entry


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it."""

    kind: Kind
    title: str
    line: int  # of the heading; 1 before the first
    lines: tuple[Line, ...]
    years: tuple[Line, ...] = ()  # headings that are nothing but a year

    @property
    def stage(self) -> Stage | None:
        """What the heading alone says about every entry: "In preparation" does, "Publications & preprints" not."""
        several = re.search(r"publi|papers|&|/|,|\band\b", self.title, re.IGNORECASE)
        told = None if several else read_tail(self.title).stage
        return told if told is not Stage.PUBLISHED or _OUTLET.search(self.title) else None


def kind_of(heading: str, *, plain: bool = False) -> Kind:
    """What a heading announces; when it names two things, the first. `plain`: it may be no heading at all."""
    bare = re.sub(r"^(?:an?|the|my|our) ", "", _ASIDE.sub("", heading).strip(" :：.#*_=-–|"), flags=re.IGNORECASE)
    if plain and not _PLAIN.fullmatch(bare):
        return "unknown"
    listed, other = _LISTED.search(bare), _OTHER.search(bare)
    if listed and (not other or (listed.start() < other.start() and re.search(_SURE, bare, re.IGNORECASE))):
        return "publications"
    if other:
        return "other"
    return "publications" if _ALONE.fullmatch(bare) and _SPEAKS.search(bare) else "unknown"


def sections_of(lines: Sequence[Line], page: bool) -> list[Section]:
    """The sections in order. A heading of unknown kind below the level of "Publications" opens none."""
    lines = lines if page else unfolded(lines, lambda words: kind_of(words, plain=True) != "unknown")
    levels = _page_levels(lines) if page else _text_levels(lines)
    sections: list[Section] = []
    kind, title, start, level, body, years = "unknown", "", 1, 0, list[Line](), list[Line]()
    for line, found in zip(lines, levels, strict=True):
        heading = unmarked(line.text).strip(" #*") if found else ""
        below = kind == "publications" and found > level
        cited = below and page and _CITED.fullmatch(heading)  # in a CV they are people
        new = kind_of(heading, plain=below) if found and not cited else "unknown"
        year = bool(_YEAR.fullmatch(heading))
        if not found or year or (new == "unknown" and below):
            (years if year else body).append(line)  # a deeper heading may be a title
            continue
        sections.append(Section(kind, title, start, tuple(body), tuple(years)))  # type: ignore[arg-type]
        kind, title, start, level, body, years = new, fold(heading), line.number, found, [], []
    sections.append(Section(kind, title, start, tuple(body), tuple(years)))  # type: ignore[arg-type]
    return [section for section in sections if section.lines or section.kind == "publications"]


def _page_levels(lines: Sequence[Line]) -> list[int]:
    """Heading tags, and lines that are nothing but a section name, emphasised or of a class such as "title"."""
    alone = Counter(line.within[-1].number for line in lines if line.within)
    near = zip([None, *lines], lines, [*lines[1:], None], strict=False)
    named = [line for above, line, below in near if _is_section_name(line, above, below)]
    # Where one block holds the whole page, "Publications" in bold shows how its headings look.
    shown = {line.within[-1].number for line in named if line.text in line.marked and _sure(line.text)}
    heads = {
        id(line)
        for line in named
        if (alone[line.within[-1].number] == 1 and (line.text in line.marked or _HEADED.search(line.within[-1].kind)))
        or (line.within[-1].number in shown and line.text in line.marked)
    }
    titles = {id(line) for line, below in pairwise(lines) if line.level and _stands_over_names(line, below)}
    buttons = [id(line) for line in lines if line.level and _is_label(line)]
    menu = {id(line) for line in lines if line.linked and any(block.tag in ("li", "nav") for block in line.within)}
    titles |= menu | set(buttons if len(buttons) > 1 else ())
    return [0 if id(line) in titles else line.level or (6 if id(line) in heads else 0) for line in lines]


def _is_label(line: Line) -> bool:
    """Whether a heading is what an entry calls its links: "Paper" above an icon."""
    return bool(LABEL_ROW.fullmatch(line.text)) and any(not link.startswith("#") for link in line.links)


def _stands_over_names(line: Line, below: Line) -> bool:
    """Whether a heading is the title of an entry: its authors are right below."""
    who = as_authors(unlabelled(below.text, below.marked)) if kind_of(line.text, plain=True) == "unknown" else None
    return who is not None and (len(who.names) > 1 or who.truncated)


def _is_section_name(line: Line, above: Line | None, below: Line | None) -> bool:
    """Below an entry's authors, or above its title, "Under review" or "Preprint, 2021" is the status of the entry."""
    own = bool(line.within) and all(block.tag != "li" for block in line.within)
    said = own and not line.linked and len(line.text) < 60 and kind_of(line.text, plain=True) != "unknown"
    listed = (below and below.level) or (above and (as_authors(above.text) or names_the_others(above.text)))
    return said and not (listed and not _LISTS.search(line.text))


def _sure(heading: str) -> bool:
    return kind_of(heading, plain=True) == "publications" and bool(re.search(_SURE, heading, re.IGNORECASE))


def _text_levels(lines: Sequence[Line]) -> list[int]:
    """Markdown headings, underlined lines, lines in capitals, and section names that stand by themselves."""
    levels = []
    for place, line in enumerate(lines):
        after = lines[place + 1].text if place + 1 < len(lines) else ""
        hashes = _MARKDOWN.fullmatch(line.text)
        if hashes:
            levels.append(len(hashes[1]))
        elif _YEAR.fullmatch(line.text) and not _goes_on(lines[place - 1].text if place else "", after):
            levels.append(6)
        elif line.text.strip() and len(line.text) < 80 and len(after) < 200 and _UNDERLINE.fullmatch(after):
            levels.append(1)
        else:
            levels.append(3 if _stands_out(line.text, lines[place - 1].text if place else "", after) else 0)
    return levels


def _goes_on(before: str, after: str) -> bool:
    """Whether a year ends or dates the text around it."""
    return bool(before.strip() and after.strip()) or before.rstrip().endswith(",")


def _stands_out(text: str, before: str, after: str) -> bool:
    bare = _ASIDE.sub("", unmarked(text[:120])).strip(" \f\t:*")
    bare = _DEGREE.sub("PhD", bare)
    words = bare.split()
    if not 1 <= len(words) <= 6 or len(bare) > 60 or re.search(r"[\d:;.!?]", bare) or _GAP.search(text.strip()):
        return False
    if bare.isupper() and len(bare) > 4:
        return kind_of(bare) != "unknown" or len(words) > 1
    kind = kind_of(bare, plain=True)
    indented = len(text) - len(text.lstrip()) > 8
    if kind == "unknown" or not (words[0][0].isupper() or words[0][0] >= "\u3400") or indented or "," in bare:
        return False
    status = kind == "publications" and not _LISTS.search(bare)
    below = before.isupper() and kind_of(before, plain=True) == "unknown" and len(before.split()) < 4  # "RESEARCH"
    return not before.strip() or below or (not after.strip() and not status)  # "In submission" may end an entry
