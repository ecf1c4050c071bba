"""An audit as plain text of at most 78 columns."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from harvest.report.audit_page import counts
from harvest.report.page import wrapped
from harvest.report.wording import clean, count, day, field_name, metric_name, source_name, value

Row = Mapping[str, Any]

_QUIET = ("confirmed", "unverifiable")  # told together: nothing is to be done about them
_TOLD = ("contradicted", "ambiguous", "stale", "unresolved")


def render_audit_text(audit: Row) -> str:
    """Plain text, one part for each document; what needs no attention is summed up."""
    lines = [line for page in audit["pages"] for line in (*_page(page), "")]
    until = f"{day(audit['known_until'])}"
    against = f"all that sources said up to {until}" if audit["network"] else f"the documents alone, up to {until}"
    return "\n".join([*lines, *wrapped(f"Compared with {against}.")]) + "\n"


def _page(page: Row) -> Iterator[str]:
    whose = f" {'of' if page['own'] else 'about'} {page['person']}" if page["person"] else ""
    yield from wrapped(f"{page['document']} · {source_name(page['kind'])}{whose}, {day(page['captured_at'])}")
    yield "=" * 78
    told = ", ".join(f"{many} {verdict}" for verdict, many in counts(page["entries"]))
    yield from wrapped(f"{count(len(page['entries']), 'entry')}: {told or 'none'}")
    yield from _dating(page["dating"])
    loud = [one for one in page["entries"] if one["verdict"] not in _QUIET or _open(one)]
    for entry in loud:
        yield from _entry(entry)
    yield from _quiet([one for one in page["entries"] if one not in loud])
    if page["findings"]:
        yield ""
    for finding in page["findings"]:
        place = f"line {finding['line']}: " if finding["line"] else ""
        yield from wrapped(f"{place}{field_name(finding['kind'])}: {finding['explanation']}", "! ")
    yield from _outcomes(page["outcomes"])
    yield from _numbers(page["numbers"])
    yield from _ledger(page)
    yield from _presence(page["presence"])


def _name(entry: Row) -> str:
    return f"[{entry['item']}]" if entry["item"] else f"line {entry['line']}"


def _open(entry: Row) -> list[Row]:
    """Fields that deserve a word beside the entry's own verdict."""
    return [
        one for one in entry["fields"] if one["verdict"] in _TOLD and one["explanation"] not in entry["explanation"]
    ]


def _entry(entry: Row) -> Iterator[str]:
    place = f", line {entry['line']}" if entry["item"] else ""
    yield ""
    yield from wrapped(f"{_name(entry)}{place} {entry['verdict'].upper()} — {entry['title']}")
    if entry["explanation"]:
        yield from wrapped(entry["explanation"], "    ")
    for one in _open(entry) if entry["whose"] not in ("not_theirs", "undecided") else ():
        yield from wrapped(f"{field_name(one['field'])} {one['verdict']}: {one['explanation']}", "  - ")


def _quiet(entries: Sequence[Row]) -> Iterator[str]:
    for verdict in _QUIET:
        names = [_name(entry) for entry in entries if entry["verdict"] == verdict]
        if names:
            yield ""
            plain = all(name.startswith("line ") for name in names)
            listed = ", ".join(name.removeprefix("line ") for name in names) if plain else ", ".join(names)
            yield from wrapped(f"{verdict}: {'lines ' if plain else ''}{listed}")


def _dating(dating: Row) -> Iterator[str]:
    if not dating["clues"]:
        return
    start = f"on or after {day(dating['not_before'])}" if dating["not_before"] else ""
    end = f"by {day(dating['not_after'])}" if dating["not_after"] else ""
    first = [
        next((one for one in dating["clues"] if one["bound"] == bound), None) for bound in ("not before", "not after")
    ]
    why = "; ".join(f"line {one['line']}: {one['explanation']}" for one in first if one)
    yield from wrapped(f"Written {' and '.join(filter(None, (start, end)))} ({why}).")
    if dating["agrees"] is False:
        yield from wrapped(f"The date it was given, {day(dating['given'])}, does not fit.", "! ")


def _outcomes(outcomes: Sequence[Row]) -> Iterator[str]:
    if outcomes:
        yield from ("", "Announced works")
    for one in outcomes:
        new = f": “{one['now_titled']}”" if one["now_titled"] and one["now_titled"] != one["title"] else ""
        where = f", {one['record_venue']}" if one["record_venue"] not in (None, "arXiv") else ""
        when = f" after {count(one['months'], 'month')}" if one["outcome"] == "still nothing" else ""
        sure = f" ({min(100 * one['confidence'], 99):.0f} % sure)" if one["confidence"] is not None else ""
        yield from wrapped(
            f"{_name(one)} {one['outcome']}{when}{new}{where}. {one['reason'][:1].upper()}{one['reason'][1:]}{sure}",
            "  ",
        )


def _numbers(numbers: Sequence[Row]) -> Iterator[str]:
    wrong = [one for one in numbers if one["sanity"] != "sane"]
    if wrong:
        yield ""
    for one in wrong:
        yield from wrapped(
            f"{metric_name(one['metric'])} {value(one['value'])} is {' and '.join(one['classes'])}: {one['reason']}",
            "! ",
        )


def _ledger(page: Row) -> Iterator[str]:
    ledger = page["ledger"]
    if page["own"]:
        return
    yield ""
    right = (
        f"; {100 * ledger['precision']:.0f} % of the decided rows are theirs" if ledger["precision"] is not None else ""
    )
    whole = f", {100 * ledger['recall']:.0f} % of what it should list is there" if ledger["recall"] is not None else ""
    yield from wrapped(f"{count(ledger['rows'], 'row')}, {count(ledger['works'], 'work')}{right}{whole}.")
    for lines in ledger["duplicates"]:
        yield from wrapped(f"one work twice: lines {' and '.join(map(str, lines))}", "  ")


def _presence(presence: Sequence[Row]) -> Iterator[str]:
    headings = {"document": "In it, not in the record", "record": "In the record, not in it"}
    for side, heading in headings.items():
        rows = sorted((one for one in presence if one["only_in"] == side), key=lambda one: one["cause"])
        if rows:
            yield from ("", heading)
        for cause, group in groupby(rows, key=lambda one: one["cause"]):
            own = list(group)
            titles = "; ".join(_name(one) if side == "document" else f"“{clean(one['title'], 60)}”" for one in own)
            yield from wrapped(f"{cause} ({len(own)}): {titles}", "  ")
