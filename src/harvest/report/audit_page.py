"""An audit as one self-contained page: the document on the left with marks in its lines, what to think of it beside.

No script, nothing fetched. Takes the plain form of an audit (dictionaries, lists, dates), as `harvest audit` makes it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from harvest.report.page import environment
from harvest.report.wording import clean, field_name, finding_sentence, metric_name, source_name, value

Row = Mapping[str, Any]
Pieces = tuple[tuple[Markup, str], ...]  # of a line, each with its verdict, "" for none

# In the order of urgency; what each means is said in the page's legend.
VERDICTS = {
    "contradicted": "a witness says otherwise",
    "ambiguous": "it can be read in two ways",
    "stale": "true once, or long overdue",
    "foreign": "another person's work",
    "unresolved": "the evidence does not decide",
    "no public record": "nobody else speaks of it",
    "unverifiable": "nothing read so far could tell",
    "confirmed as a later version": "known under another title",
    "confirmed": "others say the same",
}
_MARKED = ("contradicted", "ambiguous", "stale", "unresolved", "confirmed as a later version")
_LONGEST = 1200  # characters of a line that are shown: abstracts say nothing to an audit
_WHOLE = ("status", "award", "pages")  # what the document says of them is not its own wording


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a document, and what is said beside them."""

    lines: tuple[tuple[int, Pieces], ...]  # by number
    entries: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Nothing is said of these lines."""
        return not self.entries and not self.findings


def render_audit(audit: Row) -> str:
    """One HTML page of all documents of an audit."""
    made = environment()
    made.filters |= {
        "slug": slug,
        "bare": field_name,
        "witnesses": witnesses,
        "sentence": sentence,
        "proposals": proposals,
    }
    pages = [
        {
            "page": page,
            "blocks": list(blocks(page)),
            "counts": counts(page["entries"]),
            "could_say": {one["line"]: one["could_say"] for one in page["corrections"]},
        }
        for page in audit["pages"]
    ]
    return made.get_template("audit.html.j2").render(audit=audit, pages=pages, verdicts=VERDICTS, marked=_MARKED)


def counts(entries: Sequence[Row]) -> list[tuple[str, int]]:
    """Verdicts and how many entries bear each, the urgent ones first."""
    many = Counter(entry["verdict"] for entry in entries)
    return [(verdict, many[verdict]) for verdict in VERDICTS if many[verdict]]


def sentence(text: str) -> str:
    """With a capital and a full stop; "arXiv" keeps its small letter."""
    return text[:1] + finding_sentence(text)[1:] if text.startswith("arXiv") else finding_sentence(text)


def slug(text: str) -> str:
    """A class name: "no public record" is "no-public-record"."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def blocks(page: Row) -> Iterator[Block]:
    """The document cut at its entries and findings, in reading order."""
    lines = dict(page["lines"]) or _from_quotes(page["entries"])
    entries = {entry["line"]: entry for entry in page["entries"] if entry["line"]}
    findings: dict[int, list[Row]] = {}
    for finding in (*page["findings"], *_doubtful(page["numbers"])):
        findings.setdefault(finding["line"] or min(lines, default=1), []).append(finding)
    owner = {number: start for start, entry in entries.items() for number in _span(entry)}
    runs: list[list[int]] = []
    said_before = False
    for number in sorted(lines):
        begins = owner.get(number, number if number in findings else 0)
        if begins == number or bool(begins) != said_before or not runs:
            runs.append([])
        runs[-1].append(number)
        said_before = bool(begins)
    for run in runs:
        yield from _block(run, lines, entries, findings)


def proposals(block: Block, could_say: Mapping[int, str]) -> dict[int, list[str]]:
    """What lines could say instead, below the last of each run of lines that change together."""
    found: dict[int, list[str]] = {}
    run: list[str] = []
    numbers = [number for number, _ in block.lines]
    for number, following in zip(numbers, [*numbers[1:], 0], strict=True):
        if number in could_say:
            run.append(could_say[number])
            if following not in could_say:
                found[number] = [text for text in run if text.strip()] or ["(nothing)"]
                run = []
    return found


def _doubtful(numbers: Sequence[Row]) -> Iterator[Row]:
    """Numbers that cannot be, as findings on their lines."""
    for one in numbers:
        if one["sanity"] != "sane":
            severity = "error" if one["sanity"] == "impossible" else "warning"
            said = f"{metric_name(one['metric'])} {value(one['value'])}: {one['reason']}"
            yield {"kind": " and ".join(one["classes"]), "severity": severity, "line": one["line"], "explanation": said}


def _block(
    run: Sequence[int], lines: Mapping[int, str], entries: Mapping[int, Row], findings: Mapping[int, Sequence[Row]]
) -> Iterator[Block]:
    """What a run of lines says, if it is not blank, and what is said of it."""
    if any(lines[number].strip() for number in run):
        entry = [entries[number] for number in run if number in entries]
        told = [one for number in run for one in findings.get(number, ())]
        yield Block(tuple(_marks([(number, lines[number]) for number in run], entry)), tuple(entry), tuple(told))


def _span(entry: Row) -> range:
    return range(entry["line"], entry["line"] + entry["quote"].count("\n") + 1)


def _from_quotes(entries: Sequence[Row]) -> dict[int, str]:
    """When the document itself is not at hand: the lines that its entries quote."""
    return {
        entry["line"] + place: text
        for entry in entries
        if entry["line"]
        for place, text in enumerate(entry["quote"].split("\n"))
    }


def _marks(lines: Sequence[tuple[int, str]], entries: Sequence[Row]) -> Iterator[tuple[int, Pieces]]:
    """Each line in pieces, those in question with their verdict."""
    text = "\n".join(line for _, line in lines)
    spans = sorted(_found(text, entries))
    start = 0
    for number, line in lines:
        end = start + len(line)
        pieces, at = [], start
        for begins, ends, verdict in spans:
            left, right = max(begins, at), min(ends, end)
            if left < right:
                pieces += [(text[at:left], ""), (text[left:right], verdict)]
                at = right
        pieces.append((text[at:end], ""))
        if line.strip():
            yield number, tuple((_harmless(piece), verdict) for piece, verdict in pieces if piece)
        start = end + 1


def _found(text: str, entries: Sequence[Row]) -> Iterator[tuple[int, int, str]]:
    for entry in entries:
        for one in entry["fields"]:
            if one["verdict"] in _MARKED:
                said = entry["comment"] if one["field"] in _WHOLE else one["said"]
                place = flexible(said or "").search(text) if said else None
                if place:
                    yield place.start(), place.end(), one["verdict"]
        if entry["verdict"] in ("foreign", "no public record") or entry["whose"] == "undecided":
            place = flexible(entry["title"]).search(text)
            if place:
                yield place.start(), place.end(), entry["verdict"]


def flexible(text: str) -> re.Pattern[str]:
    """Finds a phrase however its words are spaced, broken over lines or marked up."""
    words = [re.escape(word) for word in text.split()[:60]]
    return re.compile(r"[\s*_-]{1,20}".join(words) if words else r"(?!)")


def _harmless(text: str) -> Markup:
    """A piece of a line as HTML, with the space before and after it that parts it from its neighbours."""
    before, after = (" " * end.isspace() for end in (text[:1], text[-1:]))
    return escape(f"{before}{clean(text, _LONGEST)}{after}")


def witnesses(one: Row) -> list[tuple[str, str, str, str]]:
    """(name, address, what it says, stance) of a field's witnesses, each source's best first, at most six."""
    seen: dict[str, tuple[str, str, str, str]] = {}
    for witness in one["witnesses"]:
        seen.setdefault(
            f"{witness['source']} {witness['stance']}",
            (source_name(witness["source"]), witness["url"], clean(witness["says"], 160), witness["stance"]),
        )
    return list(seen.values())[:6]
