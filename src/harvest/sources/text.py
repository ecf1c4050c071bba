"""From bytes to lines, from wrapped lines to one, and from marked-up phrases to plain ones.

Every reader of documents works on lines, whether the document was text, HTML, PDF or Word, so that one grammar
reads all of them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from lxml import etree

from harvest.errors import UnreadableAnswer
from harvest.model import Answer, Record, Remark
from harvest.sources.docx import docx_text
from harvest.sources.markdown import source_of_page
from harvest.sources.page import Line, page_lines
from harvest.sources.pdf import Converted, pdf_text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_HTML = re.compile(r"<!doctype html|<(?:html|body|head|table|div|p|li|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)
_CHARSET = re.compile(rb"charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s()<>\[\]\"]{1,300}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]{300,}")
_LONGEST, _MOST = 30_000, 10_000  # characters of a line, lines of a document: far above any page of a person
_DAY = re.compile(r"([A-Za-z]{3})[a-z]{0,6}\.?\s+(\d{1,2})(?:,\s*(\d{4}))?")


def lines_of(answer: Answer) -> tuple[list[Line], bool]:
    """The lines of a document, and whether it is HTML. Raises UnreadableAnswer when it is not a text."""
    text = text_of(answer)
    source = None if is_packed(answer) or "html" in answer.media_type else source_of_page(text)
    text = source if source is not None else text
    page = source is not None or (not is_packed(answer) and looks_like_html(text, answer.media_type))
    try:
        lines = page_lines(text) if page else _text_lines(text, converted(answer).links if is_packed(answer) else ())
    except (etree.LxmlError, ValueError) as problem:
        raise unreadable(answer, "the page cannot be read as HTML: fetch it again") from problem
    longest = max((len(line.text) for line in lines), default=0)
    if longest > _LONGEST or len(lines) > _MOST:
        raise unreadable(answer, "so many or so long lines are no page of one person: give the document itself")
    return lines, page


def _text_lines(text: str, links: Iterable[tuple[int, str]]) -> list[Line]:
    behind: defaultdict[int, list[str]] = defaultdict(list)
    for place, link in links:
        behind[place].append(link)
    lines = enumerate(text.split("\n", _MOST + 1), 1)
    return [
        Line(number=place, text=line, links=tuple(_LINK.findall(line)), behind=tuple(behind[place]))
        for place, line in lines
    ]


def is_packed(answer: Answer) -> bool:
    """Whether the document is a PDF or a Word file, whose text must be taken out first."""
    return answer.body[:1024].lstrip().startswith((b"%PDF", b"PK\x03\x04"))


def converted(answer: Answer) -> Converted:
    """Text and links of a packed document. Raises UnreadableAnswer when it has no text to give."""
    try:
        return docx_text(answer.body) if answer.body.lstrip()[:2] == b"PK" else pdf_text(answer.body)
    except ValueError as problem:
        raise unreadable(answer, str(problem)) from problem


def text_of(answer: Answer) -> str:
    """The characters of an answer, lines ended by a line feed. Raises UnreadableAnswer for anything but text."""
    text = converted(answer).text if is_packed(answer) else _characters(answer.body)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text)) > len(text) / 1000:
        raise unreadable(answer, "this is binary data, not a text: give the document as text or HTML")
    if not text.strip():
        raise unreadable(answer, "the document is empty: fetch it again")
    return _SPACES.sub(" " * 300, text)


def looks_like_html(text: str, media_type: str = "") -> bool:
    """Whether a document is a page, by what it was declared to be or by its first 4000 characters."""
    return "html" in media_type or bool(_HTML.search(text[:4000]))


def unreadable(answer: Answer, reason: str) -> UnreadableAnswer:
    """The error for an answer of which nothing is believed."""
    return UnreadableAnswer(answer.source, answer.url, reason)


def _characters(body: bytes) -> str:
    """UTF-8 unless a byte order mark or the page says otherwise; the last character may be cut in two."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if problem.start >= len(body) - 3:
            return body[: problem.start].decode("utf-8-sig")
    declared = _CHARSET.search(body[:4000])
    try:
        return body.decode(declared[1].decode("ascii") if declared else "cp1252", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def fold(text: str) -> str:
    """One space where there was any white space, none at the ends."""
    return " ".join(text.split())


# Markdown, and the HTML that converters leave inside it. Every repeat is bounded: the text may be hostile.
_MARKUP = (
    (re.compile(r"<su[bp]>([^<>]{0,20})</su[bp]>", re.IGNORECASE), r"\1"),
    (re.compile(r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>]{0,300})?/?>", re.IGNORECASE), ""),
    (re.compile(r"!?\[(\[?[^\[\]]{1,300}\]?)\]\([^()\s]{1,300}\)"), r"\1"),
    (re.compile(r"(?<!\\)\*\*|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)"), ""),
    (re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_,])([^*_\n]{1,300})(?<![\s\\])\1(?![\w*])"), r"\2"),
    (re.compile(r"\\([*_~\[\]#.()-])"), r"\1"),
)
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
            "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a"}  # fmt: skip
_ACCENT = re.compile(r"\{?\\([\"'`^~=.]|[cvuHkr](?=[\s{]))\s*\{?\\?([A-Za-z])\}?\}?")
_STYLES = "emph|text[a-z]*|math[a-z]+|operatorname|mbox|underline|url|href|it|em|bf|rm|tt|sc|sl|sf"
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ",
            "oe": "œ", "OE": "Œ", "i": "i", "j": "j", "dh": "ð", "th": "þ", "dj": "đ", "DJ": "Đ"}  # fmt: skip
_TEX = (
    (re.compile(r"\\cite[a-z]*\s*\{[^{}]{0,300}\}"), ""),
    (re.compile(rf"\\(?:{_STYLES})(?![A-Za-z])\s*"), ""),
    (re.compile(r"\\c([A-Z])(?![A-Za-z])"), r"\1"),  # \cO: how authors shorten \mathcal{O}
    (re.compile(r"``|''"), '"'),
    (re.compile(r"\$([^$]{1,300})\$"), r"\1"),
    (re.compile(rf"\\({'|'.join(_LETTERS)})(?![A-Za-z])\s?"), lambda found: _LETTERS[found[1]]),
    (re.compile(r"\\([%&$#_])"), r"\1"),
    (re.compile(r"\\(?:var)?([A-Za-z]+)"), lambda found: _symbol(found[1])),
    (re.compile(r"[{}]|\\[,;:! ]"), ""),
)


def unmarked(text: str) -> str:
    r"""Without Markdown and HTML: bold, links and escapes go; `<sup>†</sup>` and `\*` become the bare mark."""
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text


def plain(text: str) -> str:
    r"""A phrase without TeX, spaces folded: `{\em rate}`, `$\cO(L)$` become "rate", "O(L)"."""
    if any(sign in text for sign in ("\\", "$", "{", "``", "''")):
        text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2] + _ACCENTS[m[1]]), text)
        for pattern, instead in _TEX:
            text = pattern.sub(instead, text)
        text = text.replace("~", " ")
    return fold(text)


def _symbol(name: str) -> str:
    """The sign of a TeX command where Unicode has one of that name, else the command's name."""
    for full in (f"GREEK SMALL LETTER {name}", {"times": "MULTIPLICATION SIGN", "infty": "INFINITY"}.get(name, "")):
        try:
            return unicodedata.lookup(full)
        except KeyError:
            continue
    return name


_HYPHEN = re.compile(r"([^\W_][\w-]{0,40})-$")
_COINED = re.compile(r"(?:^|[.,:]\s)[A-Z][a-z]+-$")
_PREFIXES = frozenset(("self", "semi", "well", "one", "two", "three", "high", "low", "long", "short", "first"))


def join_lines(lines: Iterable[str], words: frozenset[str] = frozenset()) -> str:
    """One line from wrapped ones; a word parted at a hyphen is mended by what the document writes elsewhere.

    `words` are the document's words in small letters (`words_of`).
    """
    text = ""
    for line in map(fold, lines):
        parted = _HYPHEN.search(text[-60:])
        if not parted or not line[:1].isalnum():
            text = f"{text} {line}".strip()
        else:
            text = (text if _keeps_hyphen(text, parted[1], line.split()[0], words) else text[:-1]) + line
    return text


def words_of(lines: Iterable[Line]) -> frozenset[str]:
    """The words and compounds a document writes on one line, in small letters."""
    return frozenset(
        word for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])", line.text.casefold())
    )


def _keeps_hyphen(text: str, left: str, right: str, words: frozenset[str]) -> bool:
    """Typesetters part a word at a syllable, but a compound only at its own hyphen."""
    bare = re.split(r"[^\w-]", right)[0]
    if f"{left}-{bare}".casefold() in words or f"{left}{bare}".casefold() in words:
        return f"{left}-{bare}".casefold() in words
    if left[-1].isdigit() or right[0].isdigit():
        return True
    if right[0].isupper():  # "Pre-Training"; but a title that begins "Grad-" "Power:" coins one word
        return not (_COINED.search(text[-60:]) and re.fullmatch(r"[A-Z][a-z]+:", right))
    return "-" in left or "-" in bare or left.casefold() in _PREFIXES


def day_of(text: str, captured: date) -> date | None:
    """The day of "Jul 1, 2023" or "Mar 11". Without a year: the last such day up to the capture."""
    found = _DAY.fullmatch(text.strip())
    if not found or found[1].lower() not in MONTHS:
        return None
    month, day = MONTHS.index(found[1].lower()) + 1, int(found[2])
    years = [int(found[3])] if found[3] else [captured.year - back for back in range(5)]  # 29 February is rare
    days = [made for year in years if (made := _day(year, month, day))]
    return next((made for made in days if found[3] or made <= captured), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def count_mismatch(told: Iterable[tuple[int, int]], rows: int) -> list[Remark]:
    """A remark for every (count, line) a page tells of its rows that is not their number; none when they agree."""
    return [
        Remark(kind="count_mismatch", line=line, explanation=f"the page says {count} papers, {rows} rows were read")
        for count, line in told
        if count != rows
    ]


def title_key(title: str) -> str:
    """Letters and digits only, small, without accents: how a document's records are named."""
    bare = unicodedata.normalize("NFKD", title).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


def with_keys(records: Sequence[Record]) -> tuple[Record, ...]:
    """Records keyed by their titles. Of two with one title, the later-dated bears its date or arXiv id too.

    Two that say the same are one.
    """
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for record in dict.fromkeys(records):
        groups[title_key(record.title) or "untitled"].append(record)
    keys: dict[Record, str] = {}
    for key, group in groups.items():
        taken: set[str] = set()
        for record in sorted(group, key=lambda one: (_mark(one), one.line or 0)):
            names = (key, f"{key}-{_mark(record)}", *(f"{key}-{_mark(record)}-{n}" for n in range(2, len(group) + 2)))
            keys[record] = next(name for name in names if name not in taken)
            taken.add(keys[record])
    return tuple(replace(record, key=keys[record]) for record in dict.fromkeys(records))


def _mark(record: Record) -> str:
    dated = record.first_on.isoformat() if record.first_on else None
    return dated or record.arxiv_id or str(record.year or "again")
