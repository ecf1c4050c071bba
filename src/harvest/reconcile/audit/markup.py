"""Words put in place in the source of a page: what a reader sees changes, its tags stay as they are."""

import html
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TAG = re.compile(r"<(!--|[!?]|/?[a-zA-Z][a-zA-Z0-9]*)")
_ENTITY = re.compile(r"&(?:#\w{1,8}|[a-zA-Z]\w{1,30});")
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub",
    "sup", "u",
))  # fmt: skip
_UNSEEN = ("script", "style")
_APART = r"\s{1,500}"  # between two words, with the indent of a new line


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What to write in place of a stretch of the source; equal ends insert."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The letters that a reader of a page sees, and where in its source each begins and ends."""

    source: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def line(self, number: int) -> int:
        """The place of the first letter on or after a line of the source, from 1."""
        begins = 0
        for _ in range(number - 1):
            begins = self.source.find("\n", begins) + 1 or len(self.source)
        return bisect_left(self.starts, begins)

    def find(self, phrase: str, start: int, end: int | None = None) -> re.Match[str] | None:
        """Where a phrase stands, however its words are spaced."""
        words = [re.escape(word) for word in phrase.split()]
        return re.compile(_APART.join(words)).search(self.text, start, end or len(self.text)) if words else None

    def change(self, found: re.Match[str], phrase: str) -> list[Edit] | None:
        """What makes another phrase of the one that was found, word by word; None where a tag would be lost."""
        new, old = phrase.split(), list(re.finditer(r"\S+", found[0]))
        starts = [self.starts[found.start() + word.start()] for word in old]
        ends = [self.ends[found.start() + word.end() - 1] for word in old]
        steps = SequenceMatcher(None, [word[0] for word in old], new, autojunk=False).get_opcodes()
        edits = []
        for what, first, last, since, until in steps:
            words = " ".join(new[since:until])
            start, end = (ends[first - 1] if first else starts[0]), ends[last - 1]
            if what == "equal":
                continue
            if what == "replace":
                start = starts[first]
            elif what == "insert":
                end, words = start, f" {words}" if first else f"{words} "
            elif not first:
                end = starts[last]
            if "<" in self.source[start:end]:
                return None
            words = html.escape(words, quote=False) + "\n" * self.source.count("\n", start, end)
            edits.append(Edit(start=start, end=end, words=words))
        return edits


def read(source: str) -> Seen:
    """The letters of a page; a tag that parts lines is a space, comments and scripts are nothing."""
    letters = list(_letters(source))
    return Seen(
        source=source,
        text="".join(letter for letter, _, _ in letters),
        starts=[start for _, start, _ in letters],
        ends=[end for _, _, end in letters],
    )


def rewritten(source: str, edits: Sequence[Edit]) -> str:
    """The source with all edits; of two that meet, the first counts."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start >= at:
            pieces += [source[at : edit.start], edit.words]
            at = edit.end
    return "".join([*pieces, source[at:]])


def _letters(source: str) -> Iterator[tuple[str, int, int]]:
    at, small = 0, source.lower()
    while at < len(source):
        tag = _TAG.match(source, at) if source[at] == "<" else None
        entity = _ENTITY.match(source, at) if source[at] == "&" else None
        end = _tag_end(small, at, tag[1].lower()) if tag else entity.end() if entity else at + 1
        said = html.unescape(entity[0]) if entity else source[at]
        if tag:
            said = "" if tag[1].lower().removeprefix("/") in (*_INLINE, "!--") else " "
        yield from ((letter, at, end) for letter in said)
        at = end


def _tag_end(small: str, at: int, name: str) -> int:
    """Where a tag ends, a comment, or a script with all that is in it; what does not end ends with the page."""
    sign = "-->" if name == "!--" else ">"
    begins = small.find(f"</{name}", at) if name in _UNSEEN else at
    end = small.find(sign, begins) if begins >= 0 else -1
    return end + len(sign) if end >= 0 else len(small)
