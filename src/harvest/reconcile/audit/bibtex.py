"""The confirmed entries of a document as BibTeX."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from harvest.names import fold, parse
from harvest.reconcile.audit.nouns import Entry

_SPECIAL = str.maketrans(
    {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": "", "}": "", "\\": "", "~": " "}
)
_SURE = ("confirmed", "confirmed as a later version", "stale", "contradicted", "ambiguous")
_JOURNAL = re.compile(r"journal|transactions|trans\.|annals|\bJMLR\b|\bTMLR\b|\bTPAMI\b|\bTGRS\b", re.IGNORECASE)


def bibtex(entries: Sequence[Entry]) -> str:
    """Entries that others confirm, each as the record has it; "" when there are none."""
    found = [entry for entry in entries if entry.verdict in _SURE and entry.whose != "not_theirs"]
    taken: Counter[str] = Counter()
    return "\n".join(_item(entry, taken) for entry in found)


def _item(entry: Entry, taken: Counter[str]) -> str:
    kind, fields = _kind(entry), dict(_fields(entry))
    key = _key(entry)
    taken[key] += 1
    name = key + ("" if taken[key] == 1 else chr(ord("a") + taken[key] - 1))
    body = "".join(f"  {field:<13} = {{{value}}},\n" for field, value in fields.items() if value)
    return f"@{kind}{{{name},\n{body}}}\n"


def _kind(entry: Entry) -> str:
    if entry.record_stage not in ("published", "accepted", "workshop"):
        return "misc"
    return "article" if _JOURNAL.search(entry.record_venue or "") else "inproceedings"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    venue, kind = entry.record_venue, _kind(entry)
    yield "title", "{" + (entry.known_as or entry.title).translate(_SPECIAL) + "}"
    yield "author", " and ".join(name.translate(_SPECIAL) for name in _authors(entry))
    if kind != "misc" and venue:
        yield "journal" if kind == "article" else "booktitle", venue.translate(_SPECIAL)
    year = entry.record_year or entry.year or (entry.public_on.year if entry.public_on else None)
    yield "year", str(year or "")
    yield "doi", entry.doi or ""
    arxiv_id = entry.record_arxiv_id or entry.arxiv_id
    if arxiv_id:
        yield "eprint", arxiv_id
        yield "archiveprefix", "arXiv"


def _authors(entry: Entry) -> list[str]:
    """The fullest list: the record's where the document's own is cut."""
    return [*entry.record_authors, *(["others"] if entry.record_authors_cut else [])]


def _key(entry: Entry) -> str:
    family = parse(entry.record_authors[0]).family if entry.record_authors else "anonymous"
    word = next((word for word in re.findall(r"[a-z]{4,}", fold(entry.known_as or entry.title))), "work")
    year = entry.record_year or entry.year or ""
    return re.sub(r"[^a-z0-9]", "", family) + str(year) + word
