"""The Markdown source of a site's page as the page it becomes, every line kept where it was.

What the site's generator would fill in (front matter, Liquid tags, attribute lists) says nothing here.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt

_FRONT = re.compile(r"\s*(-{3}|\+{3})[ \t]*\n((?:.{0,2000}\n){0,200}?)\1[ \t]*(?:\n|\Z)")
_TITLE = re.compile(
    r"^title[ \t]*[:=][ \t]*[\"']?(.{0,40}\b(?:publications?|preprints?|papers?)\b.{0,40}?)[\"']?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# Liquid tags, attribute lists, footnotes, emoji by name, what is struck out, and notes to oneself.
_FILLED = re.compile(
    r"\{\{[^{}\n]{0,300}\}\}|\{%[^%\n]{0,300}%\}|\{:[^{}\n]{0,200}\}|^\[\^\w{1,20}\]:.{0,2000}|\[\^\w{1,20}\]"
    r"|(?<!\S):\w{2,30}:|~~[^~\n]{1,300}~~|^\[//\]: ?#.{0,2000}",
    re.MULTILINE,
)
_YEAR = re.compile(r"^\*\*((?:19|20)\d\d)\*\*[ \t:]*$", re.MULTILINE)  # in bold, as a heading
_BARE_LINK = re.compile(r"(?<![\w(<>\[\"'=/])https?://[^\s<>()\[\]\"']{1,300}[\w/]")
_TARGET = re.compile(r"\]\([^()\s]{1,300}\)")
_MARK = re.compile(r"\]\([^()\s]|^ {0,9}(?:#{1,6}|[-*+]|\d{1,3}[.)])[ \t]+\S|\*\*\S", re.MULTILINE)
_TAG = re.compile(r"<(?:p|div|li|t[rd]|h[1-6]|a)\b", re.IGNORECASE)
_DOCUMENT = re.compile(r"\s*<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_CAREER = r"(?:education|experiences?|employment|appointments|curriculum vitae|cv|r[ée]sum[ée])"
_VITA = re.compile(
    rf"^(?:[#*_ ]{{1,8}}.{{0,40}}\b{_CAREER}\b|(?:\w{{1,20}} ){{0,2}}{_CAREER}[ \t:]*$)", re.IGNORECASE | re.MULTILINE
)
_BEGINS = re.compile(r"\s*(?:[>|#<]|[-*+=]+(?:\s|$)|\d{1,3}[.)]\s|$)")
_LABEL = re.compile(r"\s*\[[A-Z]{0,3}\d{1,3}\]\s")  # "[3] Ada Byron"
_LARGEST = 500_000  # characters: far above any page of a person
_A_FEW = 3  # links: fewer stand in any text
_COLUMNS = 110  # no editor wraps later
_FULL = 0.85  # of the width
_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")


def source_of_page(text: str) -> str | None:
    """The HTML of a page from its source; None for what is none, such as a CV that a converter wrote."""
    front = _FRONT.match(text)
    body = _titled(front[0]) + text[front.end() :] if front else text
    if len(text) > _LARGEST or _DOCUMENT.match(body) or not (front or _is_linked(body)):
        return None
    body = _YEAR.sub(r"#### \1", _FILLED.sub("", _without_comments(body)))
    if len(_TAG.findall(body)) > len(_MARK.findall(body)):
        return body  # a page in HTML, with front matter
    return "".join(_rendered("\n".join(_broken(_BARE_LINK.sub(r"<\g<0>>", body).split("\n")))))


def _titled(front: str) -> str:
    """What front matter shows: the heading of a list that has no other."""
    title = _TITLE.search(front)
    before = front[: title.start()].count("\n") if title else 0
    return "\n" * before + (f"<h1>{title[1]}</h1>" if title else "") + "\n" * (front.count("\n") - before)


def _is_linked(text: str) -> bool:
    return len(_TARGET.findall(text)) >= _A_FEW and not _VITA.search(text)


def _without_comments(text: str) -> str:
    """The lines of a comment stay, empty."""
    first, *rest = text.split("<!--")
    ends = (piece.partition("-->") for piece in rest)
    return first + "".join("\n" * comment.count("\n") + after for comment, _, after in ends)


def _broken(lines: list[str]) -> Iterator[str]:
    """With a break at the end of every line that was not wrapped: some generators break there, and authors mean it."""
    inner = sorted(len(above) for above, below in pairwise(lines) if above.strip() and not _BEGINS.match(below))
    width = inner[len(inner) * 4 // 5] if inner else 0  # a long address may stand out
    wrapped = width <= _COLUMNS and len(inner) > 2 and 2 * sum(length > _FULL * width for length in inner) > len(inner)
    for above, below in pairwise([*lines, ""]):
        room = not wrapped or len(above) + len(below.split(" ", 1)[0]) < _FULL * width
        ended = (
            (room or _LABEL.match(below))
            and above.count("[") <= above.count("]")
            and not above.endswith((",", "-", "\\"))
        )
        yield above + "  " if above.strip() and ended and not _BEGINS.match(below) else above


def _rendered(text: str) -> Iterator[str]:
    """The pieces of the page; the line feeds are those of the source, so that lines keep their numbers."""
    line = 0
    known: dict[str, object] = {}
    for token in _PARSER.parse(text, known):
        piece = _PARSER.renderer.render([token], _PARSER.options, known)
        if token.type not in ("inline", "html_block", "fence"):
            piece = piece.replace("\n", "")
        before = max(0, token.map[0] - line) if token.map and token.nesting >= 0 else 0
        line += before + piece.count("\n")
        yield "\n" * before + piece
