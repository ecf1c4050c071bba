"""The buttons beside an entry: "[arXiv] [Code]", "pdf / slides", and what links and files are called."""

import re
from collections.abc import Sequence

from harvest.sources.text import fold
from harvest.sources.venue import AWARDS, looks_like_venue

_LABEL = (
    r"(?:arxiv|pdf|codes?|github|slides?|posters?|videos?|talk|project|pages?|website|papers?|bib(?:tex)?|links?|openreview"
    r"|hugging ?face|demo|data(?:sets?)?|post|blog|html|abs(?:tract)?|supp(?:lement\w*)?|doi|cite|twitter|media|models?"
    r"|version|知乎|proceedings|journal|full|extended|tl;?dr|threads?)"
)
_LABELS = rf"{_LABEL}(?:\s+{_LABEL}){{0,2}}"
BRACKETED = re.compile(rf"\s*[\[(]\s*{_LABELS}(?:\s*[,/|]\s*{_LABELS}){{0,8}}\s*[\])]", re.IGNORECASE)
# A button in Markdown with what parts it from the next: "[paper](https://…) | "
LINK_BUTTON = re.compile(
    rf"(?:[ \t]*[|/·•,])?[ \t]*\[?\[(?:\*\*)?{_LABELS}(?:\*\*)?\]\([^()\s]{{1,300}}\)(?:\])?", re.IGNORECASE
)
_SQUARE = re.compile(r"\s*\[\s*([^\[\]\n]{1,40}?)\s*\]")
_AWARDED = re.compile(rf"\b(?:{AWARDS})\b", re.IGNORECASE)
_RANK = re.compile(r"\W?CCF[- ]?[A-C]\W?")  # a badge at the right end of a title's line
_FILE = re.compile(r"[A-Z][\w /-]{2,40}: ?\S{1,80}\.(?:pdf|html?|zip|ps)")  # "Manuscript: loom.pdf"
LABEL_ROW = re.compile(rf"(?:{_LABEL}\b|[\s\[\]()/|,•·])++", re.IGNORECASE)
_BUTTONS = re.compile(rf"(?:\s{_LABELS}(?=\s*/))?(?:\s*[|/·•]\s*{_LABELS})+\s*$", re.IGNORECASE)


def unlabelled(part: str, marked: Sequence[str] = ()) -> str:
    """Without "[arXiv] [Code]", whose words belong to links, and without any linked words in square brackets."""
    part = part.replace("‘‘", "“").replace("’’", "”")
    part = part.removesuffix(next(filter(_RANK.fullmatch, marked), ""))
    part = fold(_SQUARE.sub(lambda found: " " if _is_button(found, marked) else found[0], BRACKETED.sub(" ", part)))
    cut = _BUTTONS.sub("", part)
    bare = cut if re.search(r"[^\W\d_]", cut) else part  # "2025 · arXiv" says where
    return (
        ""
        if LABEL_ROW.fullmatch(bare) or _FILE.fullmatch(bare) or not re.search(r"\w", bare)
        else re.sub(r"\s+([.,])$", r"\1", bare)
    )


def without_links(tail: str, marked: Sequence[str]) -> str:
    """Without the links at the end, "arXiv, code, slides", where words that tell more stand before them."""
    labels = [phrase for phrase in marked if LABEL_ROW.fullmatch(phrase)]
    while cut := next((tail.removesuffix(label).rstrip(" ,;|/") for label in labels if tail.endswith(label)), ""):
        if not re.search(r"[^\W\d_]", cut):
            break
        tail = cut
    return tail


def _is_button(found: re.Match[str], marked: Sequence[str]) -> bool:
    linked = found[1] in marked or found[0].strip() in marked
    return linked and not looks_like_venue(found[1]) and not _AWARDED.search(found[1])
