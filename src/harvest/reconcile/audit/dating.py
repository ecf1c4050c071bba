"""When a document was written, by what it says itself, with the derivation."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from harvest.identifiers import find_arxiv_id
from harvest.reconcile.audit.nouns import Clue, Dating, Entry, Lines

_MONTH = re.compile(r"(?<![\d.])((?:19|20)\d\d)[./-](0?[1-9]|1[0-2])(?![\d])")
_PLANNED = re.compile(
    r"\b(?:expected|will|anticipated|to appear|upcoming|forthcoming|planned|graduat\w+)\b", re.IGNORECASE
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_NTH_YEAR = re.compile(
    rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<number>[1-7])(?:st|nd|rd|th))[- ]year"
    r"\s+(?:\w+\.?\s+){0,2}?(?:ph\.?\s?d|doctoral|graduate)",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[./-](?P<month>0?[1-9]|1[0-2]))?\s*[-–—~]+\s*(?:present|now|current|today|至今)",
    re.IGNORECASE,
)
_ARXIV_MONTH = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.")


def dating(lines: Lines, entries: Sequence[Entry], *, own: bool, given: date | None) -> Dating:
    """The bounds of when it was written. A page of others is as old as its newest row at least."""
    clues = [*_years(entries, own=own)]
    clues += [*_identifiers(lines), *_months(lines), *_nth_year(lines), *_announced(entries)] if own else _rows(entries)
    before = sorted((one for one in clues if one.bound == "not before"), key=lambda one: one.day, reverse=True)
    after = sorted((one for one in clues if one.bound == "not after"), key=lambda one: one.day)
    start, end = (found[0].day if found else None for found in (before, after))
    agrees = None if given is None or not clues else (not start or start <= given) and (not end or given <= end)
    return Dating(not_before=start, not_after=end, clues=(*before[:3], *after[:3]), given=given, agrees=agrees)


def _identifiers(lines: Lines) -> Iterator[Clue]:
    """The newest arXiv id: its first four digits are the year and month of submission."""
    named = [(found[0], line, text) for line, text in lines if (found := find_arxiv_id(text[:5000]))]
    dated = [(one, line, text) for one, line, text in named if _ARXIV_MONTH.match(one)]
    if dated:
        one, line, text = max(dated, key=lambda each: each[0])
        day = date(2000 + int(one[:2]), int(one[2:4]), 1)
        yield _clue("not before", day, line, text, f"its newest arXiv id, {one}, was given in {day:%B %Y}")


def _years(entries: Sequence[Entry], *, own: bool) -> Iterator[Clue]:
    """The newest year of an item. That of a venue alone says less: authors write of venues ahead of time."""
    dated = [(_from_year(one, own=own), one) for one in entries if one.year]
    if dated:
        day, entry = max(dated, key=lambda each: (each[0], -(each[1].line or 0)))
        ahead = day.month > 1
        why = f"an item is of {entry.year}"
        why = f"an item is at a venue of {entry.year}, told half a year ahead at most" if ahead else why
        yield _clue("not before", day, entry.line, entry.quote, why)


def _from_year(entry: Entry, *, own: bool) -> date:
    year = entry.year or 1
    return date(year - 1, 7, 1) if own and entry.venue_year == year else date(year, 1, 1)


def _months(lines: Lines) -> Iterator[Clue]:
    """The newest month that is written out, such as that of an award; not one that is only planned."""
    dated = [
        (date(int(found[1]), int(found[2]), 1), line, text)
        for line, text in lines
        if not _PLANNED.search(text[:5000])
        for found in _MONTH.finditer(text[:5000])
    ]
    if dated:
        day, line, text = max(dated, key=lambda each: each[0])
        yield _clue("not before", day, line, text, f"it speaks of {day:%B %Y}")


def _nth_year(lines: Lines) -> Iterator[Clue]:
    """ "A fourth-year Ph.D. candidate" who began in September 2021 writes between September 2024 and August 2025."""
    said = next(((line, text, found) for line, text in lines if (found := _NTH_YEAR.search(text[:5000]))), None)
    began = next((found for _, text in lines if (found := _SINCE.search(text[:5000]))), None)
    if not said or not began:
        return
    line, text, found = said
    nth = _ORDINALS.index(found["word"].lower()) + 1 if found["word"] else int(found["number"])
    year, month = int(began["year"]) + nth, int(began["month"] or 1)
    start = date(year - 1, month, 1)
    end = date(year, month, 1) - timedelta(days=1) if began["month"] else date(year, 12, 31)
    why = f"year {nth} of what began {began[0].split('-')[0].strip(' –—~')}"
    yield _clue("not before", start, line, text, why)
    yield _clue("not after", end, line, text, why)


def _announced(entries: Sequence[Entry]) -> Iterator[Clue]:
    """What it calls in preparation was not public yet."""
    dated = [(one.public_on, one) for one in entries if one.stage == "in_preparation" and one.public_on]
    if dated:
        day, entry = min(dated, key=lambda each: (each[0], each[1].line or 0))
        why = f"it says in preparation of what became public on {day:%Y-%m-%d}"
        yield _clue("not after", day, entry.line, entry.quote, why)


def _rows(entries: Sequence[Entry]) -> Iterator[Clue]:
    """The newest row of a page: by the row's own date, else by the day on which the work became public."""
    own_dates = [
        (date.fromisoformat(field.said), one) for one in entries for field in one.fields if field.field == "date"
    ]
    dated = own_dates or [(one.public_on, one) for one in entries if one.public_on]
    if dated:
        day, entry = max(dated, key=lambda each: (each[0], -(each[1].line or 0)))
        why = "its newest row is of that day" if own_dates else "its newest row became public that day, others say"
        yield _clue("not before", day, entry.line, entry.quote, why)


def _clue(bound: str, day: date, line: int | None, quote: str, explanation: str) -> Clue:
    return Clue(bound=bound, day=day, line=line, quote=" ".join(quote.split())[:200], explanation=explanation)
