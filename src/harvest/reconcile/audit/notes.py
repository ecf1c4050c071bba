"""Notes to those who keep a page: what is wrong, and what it should say. Nothing is sent."""

from collections.abc import Iterator, Sequence

from harvest.reconcile.audit.nouns import Entry, Page


def note(page: Page) -> str:
    """What is wrong on a page of others, row by row, as a letter to those who run it; "" when nothing is."""
    said = [*_wrong_rows(page), *_wrong_numbers(page)]
    if not said:
        return ""
    person = page.person or "the person of this page"
    head = f"# {page.document}: {person}\n\nAs captured on {page.captured_at:%Y-%m-%d}.\n\n"
    return head + "\n".join(f"- {sentence}" for sentence in said) + "\n"


def by_hand(page: Page, left: Sequence[str]) -> str:
    """What the corrected copy of a page of their own does not have, as its tags would be lost; "" when it has all."""
    if not left:
        return ""
    why = "To be changed by hand: a tag stands among the words, or they are not in the source as a reader sees them."
    return f"# {page.document}\n\n{why}\n\n" + "\n".join(f"- {one[:1].upper()}{one[1:]}." for one in left) + "\n"


def _wrong_rows(page: Page) -> Iterator[str]:
    titles = {entry.line or 0: f"“{entry.title}”" for entry in page.entries}
    why = {entry.line: entry.explanation for entry in page.entries}
    for line in page.ledger.foreign:
        other = f"another {page.person or 'person'}"
        yield f"Line {line}, {titles[line]}: by {other}, not to be listed here. Why: {why[line]}."
    for lines in page.ledger.duplicates:
        yield f"Lines {' and '.join(map(str, lines))}, {titles[lines[0]]}: one work, to be listed once."
    for entry in page.entries:
        said = [*_wrong_fields(entry)] if entry.whose != "not_theirs" else []
        yield from (f"Line {entry.line}, “{entry.title}”: {sentence}." for sentence in said)
    for title in page.ledger.missing:
        yield f"Missing: “{title}”."


def _wrong_fields(entry: Entry) -> Iterator[str]:
    if entry.verdict == "confirmed as a later version" and entry.known_as:
        yield f"now titled “{entry.known_as}”"
    for one in entry.fields:
        if one.reason == "shorter_here":
            yield f"the list of authors ends too early; it should say {one.record_says}"
        elif one.verdict == "contradicted":
            yield f"{one.field} {one.said}: {one.explanation}"


def _wrong_numbers(page: Page) -> Iterator[str]:
    for number in page.numbers:
        if number.sanity != "sane":
            said = f"{number.metric.replace('_', '-')} {number.value:g} is {' and '.join(number.classes)}"
            yield f"{said}: {number.reason}."
