"""What would correct a document: its own lines, rewritten in its own style; a BibTeX file; a note per page of others.

Nothing is sent anywhere. A line is changed only where the record says what it should be; what only the author can
know (whether "submitted" meant accepted) is changed to what the record supports, and the diff shows it.
"""

import codecs
import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harvest.reconcile.audit.bibtex import confirmed
from harvest.reconcile.audit.markup import Edit, read, rewritten
from harvest.reconcile.audit.notes import by_hand, note
from harvest.reconcile.audit.nouns import Audit, Entry, Page
from harvest.references import CLAIM, LONG, is_public, numbered, numbers_of

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PAGES = re.compile(r",?\s*(?<!\d)(?:pp?\.\s*)?\d{1,5}\s?[-–—]{1,2}\s?\d{1,5}(?![\d])")
_AWARD = re.compile(
    r",?\s*(?:spotlight|oral|poster|highlight|notable|best paper)\b[^().,;]{0,30}(?:\([^()]{0,30}\))?", re.IGNORECASE
)
_ARXIV_ID = re.compile(r"(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?")
_WAITING = re.compile(
    r"\b(?:under (?:review|submission|revision)|in submission|submitted)\b(?: (?:to|at|by|in) [^.;]{1,80}?)?"
    r"(?=[.;,]|$)[.;,]?\s*",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
_DONE = ("workshop", "accepted", "published")


def write_corrections(audit: Audit, folder: Path) -> list[Path]:
    """Writes, per document, what would correct it; per person one BibTeX file. Returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for page in audit.pages:
        stem = Path(page.document).stem or "document"
        old, new, left = _versions(page)
        if new != old:
            diff = difflib.unified_diff(old, new, page.document, f"{page.document} (corrected)", lineterm="", n=1)
            suffix, encoding = _suffix(page), _encoding(page.markup)
            written.append(_write(folder / f"{stem}.corrected{suffix}", "\n".join(new), encoding))
            written.append(_write(folder / f"{stem}.diff", "\n".join(diff) + "\n"))
        if said := by_hand(page, left) if page.own else note(page):
            written.append(_write(folder / f"{stem}.note.md", said))
        if page.own and (listed := confirmed(page)):
            written.append(_write(folder / f"{stem}.bib", listed))
    return written


def changes(page: Page) -> Iterator[tuple[int, str, str]]:
    """(line, what it says, what it could say) for every line of a text that the record corrects.

    None for pages of others, and for those whose lines are not the file's own (see `corrected_markup`).
    """
    if page.own and [number for number, _ in page.lines] == list(range(1, len(page.lines) + 1)):
        for (number, old), new in zip(page.lines, corrected(page), strict=True):
            if new != old:
                yield number, old, new


def corrected_markup(page: Page) -> tuple[str, list[str]]:
    """The source of a page of the person's own, corrected; and what could not be put in place, in sentences.

    Words are replaced one by one between the tags. Where a tag stands among words that must go, nothing is changed.
    """
    seen, edits, left = read(page.markup), list[Edit](), list[str]()
    entries = sorted((one for one in page.entries if one.line), key=lambda one: one.line or 0)
    begins: list[int] = []
    for entry in entries:
        start = max(seen.line(entry.line or 1), begins[-1] + 1 if begins else 0)
        found = seen.find(entry.title, start)
        begins.append(found.start() if found else start)
    places = [
        (begin, end, f"line {entry.line}, “{entry.title}”", swaps)
        for entry, begin, end in zip(entries, begins, [*begins[1:], None], strict=True)
        for swaps in [_swaps(entry, page.entries)[0]]
    ]
    places += [
        (seen.line(number), None, f"line {number}", [(text, new)])
        for (number, text), new in zip(page.lines, _counted(page), strict=True)
        if new != text
    ]
    for begin, end, where, swaps in places:
        for old, new in swaps:
            found = seen.find(old, begin, end)
            changed = seen.change(found, new) if found else None
            edits += changed or []
            if changed is None:
                left.append(f"{where}: “{old}” should be “{new}”")
    return rewritten(page.markup, edits), left


def _versions(page: Page) -> tuple[list[str], list[str], list[str]]:
    """The lines of a document's file as they are and as they should be, and what is left to do by hand."""
    if page.own and page.markup:
        new, left = corrected_markup(page)
        return page.markup.split("\n"), new.split("\n"), left
    if any(changes(page)):
        return [text for _, text in page.lines], corrected(page), []
    return [], [], []


def corrected(page: Page) -> list[str]:
    """The lines of a document of the person's own, with every line changed that the record corrects."""
    lines = dict(zip([number for number, _ in page.lines], _counted(page), strict=True))
    for entry in page.entries:
        text = entry.quote
        for old, new in _swaps(entry, page.entries)[0]:
            text = _swap(text, old, new)
        if text != entry.quote and entry.line:
            lines |= dict(enumerate(text.split("\n"), entry.line))
    return [lines[number] for number, _ in page.lines]


def _counted(page: Page) -> list[str]:
    """The lines of a document, its summary lines with the numbers that hold once its entries are corrected."""
    items = numbered(page.entries)
    stages = {number: _swaps(entry, page.entries)[1] for number, entry in items.items()}
    public = {number for number, stage in stages.items() if is_public(items[number], stage)}
    waiting = {number for number, stage in stages.items() if stage == "in_preparation"}
    return [_claims(text, public, waiting) for _, text in page.lines]


def _swaps(entry: Entry, others: Sequence[Entry]) -> tuple[list[tuple[str, str]], str | None]:
    """What in an entry should be what instead, and its stage then."""
    if entry.verdict in ("foreign", "unresolved", "confirmed", "unverifiable", "no public record"):
        return [], entry.stage
    swaps, stage = list[tuple[str, str]](), entry.stage
    verdicts = {one.field: one for one in entry.fields}
    title = verdicts.get("title")
    if entry.known_as and title and title.verdict in ("stale", "confirmed as a later version"):
        swaps.append((entry.title, entry.known_as))
    status, venue = verdicts.get("status"), verdicts.get("venue")
    if venue and venue.verdict == "contradicted" and venue.record_says and entry.comment:
        swaps.append((entry.comment, _moved(entry, venue.record_says)))
    elif status and status.verdict in ("stale", "ambiguous") and entry.comment:
        tail, stage = _tail(entry, others, status.record_says)
        swaps.append((entry.comment, tail))
    return [(old, new) for old, new in swaps if new != old], stage


def _swap(text: str, old: str, new: str) -> str:
    """A phrase in its place, however its words are spaced and broken; the number of lines stays."""
    words = [re.escape(word) for word in old.split()]
    found = re.search(r"[\s*_]{1,20}".join(words), text) if words else None
    if not found:
        return text
    return text[: found.start()] + new + text[found.end() :] + "\n" * found[0].count("\n")


def _moved(entry: Entry, venue: str) -> str:
    """The words after the title, at the year or venue that the record knows."""
    comment, year = entry.comment or "", _YEAR.search(venue)
    if entry.venue_short and entry.venue_short.split()[0] == venue.split(maxsplit=1)[0] and year:
        return re.sub(rf"(?<!\d){entry.venue_year}(?!\d)", year[0], comment)
    return _ended(f"{venue}. {entry.year or ''}")


def _ended(text: str) -> str:
    """With one full stop, whether its last part is there or not."""
    return text.strip(" .") + "."


def _tail(entry: Entry, others: Sequence[Entry], stage: str | None) -> tuple[str, str | None]:
    """What should stand after the title now, in the words that other entries of the document use for such a place."""
    comment = entry.comment or ""
    year = entry.year or (entry.public_on.year if entry.public_on else entry.record_year)
    if entry.stage == "in_preparation" and stage not in _DONE:
        stage = "preprint"  # it is public, under review or not
    if stage not in (*_DONE, "preprint"):
        return _WAITING.sub("", comment).strip() or comment, "preprint" if entry.arxiv_id else entry.stage
    preprint = _preprint(entry, others, year)
    if stage == "preprint":
        return preprint, stage
    pattern = _pattern(entry, others)
    if pattern and entry.record_venue and (at := _YEAR.search(entry.record_venue)):
        return _like(pattern, int(at[0]), year), stage
    said = entry.record_venue_said or entry.record_venue or "Published"
    place = said if _YEAR.search(said) else f"{said} {entry.record_year or ''}".strip()
    place = place.rstrip(".")
    return (f"{place}. {preprint}" if stage == "workshop" else _ended(f"{place}. {year or ''}")), stage


def _pattern(entry: Entry, others: Sequence[Entry]) -> Entry | None:
    """A sound entry at the same venue, one without an award if there is one, the newest."""
    family = (entry.record_venue or "").split(" ")
    sound = [
        one
        for one in others
        if one is not entry and one.comment and one.venue_short and one.venue_short.split(" ")[0] == family[0]
        and ("Workshop" in one.venue_short) == ("Workshop" in family)
        and one.stage in _DONE and one.verdict.startswith("confirmed")
    ]  # fmt: skip
    return min(sound, key=lambda one: (bool(_AWARD.search(one.comment or "")), -(one.year or 0)), default=None)


def _like(pattern: Entry, venue_year: int, year: int | None) -> str:
    """Another entry's words with these years, without its award and its pages."""
    text = _PAGES.sub("", _AWARD.sub("", pattern.comment or ""))
    years = list(_YEAR.finditer(text))
    for place in reversed(years):
        last = place is years[-1] and len(years) > 1
        text = text[: place.start()] + str((year if last else None) or venue_year) + text[place.end() :]
    return text


def _preprint(entry: Entry, others: Sequence[Entry], year: int | None) -> str:
    """A preprint as this document writes them."""
    one_id = entry.arxiv_id or entry.record_arxiv_id
    if entry.arxiv_id and entry.stage == "preprint" and entry.comment:
        return entry.comment
    pattern = next((one.comment for one in others if one.stage == "preprint" and one.arxiv_id and one.comment), None)
    if not pattern or not one_id:
        return f"arXiv preprint{f': {one_id}' if one_id else ''}, {year or ''}".strip(" ,") + "."
    text = _PAGES.sub("", _ARXIV_ID.sub("arXivId", pattern))
    return _YEAR.sub(str(year or ""), text).replace("arXivId", one_id)


def _claims(text: str, public: set[int], waiting: set[int]) -> str:
    """A summary line with the numbers that hold now."""

    def counted(found: re.Match[str]) -> str:
        what = found["what"].lower()
        right = waiting if what == "in preparation" else public
        if set(numbers_of(found["numbers"])) == right or not right:
            return found[0]
        return found[0].replace(found["numbers"], _runs(sorted(right), found["numbers"]), 1)

    return CLAIM.sub(counted, text) if len(text) <= LONG else text


def _runs(numbers: Sequence[int], style: str) -> str:
    """ "[1]~[15], [18]", with the sign that the document uses for "to"."""
    sign = re.search(r"\]\s*([~–—-])\s*\[", style)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"[{run[0]}]{sign[1] if sign else '~'}[{run[-1]}]" if len(run) > 1 else f"[{run[0]}]" for run in runs
    )


def _suffix(page: Page) -> str:
    """That of the document, when it is a text; a PDF's corrected text is a text."""
    if page.markup:
        return ".html"
    return suffix if (suffix := Path(page.document).suffix) in (".txt", ".md", ".tex", ".bib") else ".txt"


def _encoding(markup: str) -> str:
    """What a page says that it is written in, where that is known."""
    said = _CHARSET.search(markup[:4000])
    try:
        return codecs.lookup(said[1]).name if said else "utf-8"
    except LookupError:
        return "utf-8"


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    return path
