"""A BibTeX file: every entry that can be read, and a remark for every one that cannot.

The record's line is the line of its "@". A name that DBLP numbers ("Ada Byron 0003") loses its number to
`author_keys`; a key of DBLP's ("DBLP:conf/icml/ByronL21") is its DBLP key.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

from harvest.identifiers import arxiv_id_of_dblp_key, find_arxiv_id, parse_arxiv_id, parse_dblp_key, parse_doi
from harvest.model import Answer, Contents, Record, Remark, Stage
from harvest.sources.text import fold, plain, text_of, unreadable, with_keys
from harvest.sources.venue import looks_like_venue, read_tail

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it complains of becomes a remark
_MOST = 50_000  # signs "@" in a file: ten times a large group's; broken ones cost the most time
_VENUES = ("journal", "journaltitle", "booktitle", "series", "school", "institution", "publisher", "howpublished")
_LINKS = ("url", "doi", "html", "pdf", "link", "paper", "preprint")
_STAGES = {
    "article": Stage.PUBLISHED, "inproceedings": Stage.PUBLISHED, "conference": Stage.PUBLISHED,
    "incollection": Stage.PUBLISHED, "inbook": Stage.PUBLISHED, "book": Stage.PUBLISHED, "proceedings": Stage.PUBLISHED,
    "phdthesis": Stage.PUBLISHED, "mastersthesis": Stage.PUBLISHED, "thesis": Stage.PUBLISHED,
    "techreport": Stage.PREPRINT, "report": Stage.PREPRINT,
}  # fmt: skip
_SPOKEN = ("inproceedings", "conference", "phdthesis", "mastersthesis", "thesis", "book")  # nowhere else, venue or not
_NOWHERE = (Stage.IN_PREPARATION, Stage.SUBMITTED)  # what some write for the venue: "Under review"
_PREPRINT = re.compile(r"ar\s?xiv|bio\s?rxiv|\bcorr\b|\bpreprint|ssrn", re.IGNORECASE)
# Marks at a name, as homepages that are made of such files show them; HTML that they show as it is.
_RAISED = re.compile(r"\\textsuperscript\s*\{[^{}]{0,30}\}|\$\s*\^[^$]{0,30}\$|\\d?dag(?:ger)?\b")
_MARKS = re.compile(r"[*∗†‡§¶^#]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_NUMBER = re.compile(r"\s+(0\d{3})$")


class BibTeX:
    """Reads a BibTeX file."""

    name = "bibtex"

    def read(self, answer: Answer) -> Contents:
        """Its entries, keyed by their titles. Raises UnreadableAnswer when it has none."""
        text = text_of(answer)
        records, remarks = records_of(text)
        if not records and not remarks:
            raise unreadable(answer, "no BibTeX entry such as '@article{key, title = {…}}' was found")
        return Contents(records=with_keys([replace(one, key="") for one in records]), remarks=tuple(remarks))


def records_of(text: str) -> tuple[list[Record], list[Remark]]:
    """The entries of a BibTeX file as records under their own keys, and what could not be read.

    For record files: `key` is the citation key, which a file may use twice; nothing is raised.
    """
    if text.count("@") > _MOST:
        return [], [Remark(kind="lost", explanation=f"more than {_MOST} entries: split the file")]
    library = parse_string(text, parse_stack=[])
    strings = {one.key.lower(): _value(str(one.value), {}) for one in library.strings}
    records: list[Record] = []
    remarks: list[Remark] = []
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if isinstance(entry, Entry):
            record = _record(entry, {field.key.lower(): _value(str(field.value), strings) for field in entry.fields})
            records += [record] if record else []
            remarks += [] if record else [_remark("not_understood", "this entry has no title", entry)]
        elif isinstance(block, ParsingFailedBlock):
            remarks.append(_remark("not_understood", "this entry is not whole: a brace or a comma is missing", block))
    return records, remarks


def _record(entry: Entry, fields: Mapping[str, str]) -> Record | None:
    title = _words(fields.get("title", "")).rstrip(".")
    if not re.search(r"\w", title):
        return None
    people, truncated = _people(fields.get("author") or fields.get("editor") or "")
    venue = next((_words(fields[name]) for name in _VENUES if fields.get(name)), None)
    venue = venue or next(filter(looks_like_venue, [_words(fields.get("abbr", ""))]), None)
    nowhere = venue and (_PREPRINT.search(venue) or read_tail(venue).stage in _NOWHERE)
    note = fold(" ".join(plain(fields.get(name, "")) for name in ("note", "pubstate", "addendum")))
    year = re.search(r"(?:19|20)\d\d", fields.get("year") or fields.get("date") or "")
    dblp_key = parse_dblp_key(entry.key)
    arxiv_id, version = _arxiv_id(fields, dblp_key) or (None, None)
    return Record(
        source="bibtex", key=entry.key, title=title, authors=tuple(name for name, _ in people),
        roles=("",) * len(people), author_keys=tuple(number for _, number in people), truncated=truncated,
        stage=_stage(entry.entry_type.lower(), venue, note, bool(arxiv_id)),
        venue=None if nowhere else venue, year=int(year[0]) if year else None,
        arxiv_id=arxiv_id, arxiv_version=version, doi=parse_doi(fields.get("doi", "") or fields.get("url", "")),
        dblp_key=dblp_key, url=fields.get("url") or None, abstract=plain(fields.get("abstract", "")) or None,
        comment=note or None, line=(entry.start_line or 0) + 1, quote=entry.raw or "",
    )  # fmt: skip


def _stage(kind: str, venue: str | None, note: str, on_arxiv: bool) -> Stage | None:
    """What a note says counts more than the type: "@article … note = {to appear}"."""
    said = read_tail(note).stage
    if said not in (None, Stage.PUBLISHED):
        return said
    told = read_tail(venue or "").stage
    if told in _NOWHERE:
        return told
    if venue and _PREPRINT.search(venue):
        return Stage.PREPRINT
    if venue and re.search("workshop", venue, re.IGNORECASE):
        return Stage.WORKSHOP
    return Stage.PREPRINT if on_arxiv and not venue and kind not in _SPOKEN else _STAGES.get(kind)


def _arxiv_id(fields: Mapping[str, str], dblp_key: str | None) -> tuple[str, int | None] | None:
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or ""
    own = parse_arxiv_id(fields.get("eprint", "")) if archive.lower() in ("", "arxiv") else None
    own = own or parse_arxiv_id(fields.get("arxiv", ""))
    said = (" ".join(("arXiv" * (name == "volume"), fields.get(name, ""))) for name in ("volume", *_VENUES, "note"))
    links = (parse_arxiv_id(fields.get(name, "")) for name in _LINKS if "arxiv" in fields.get(name, "").lower())
    known = arxiv_id_of_dblp_key(dblp_key or "")
    return own or next(filter(None, links), None) or next(filter(None, map(find_arxiv_id, said)), None) or (
        (known, None) if known else None
    )  # fmt: skip


def _people(listed: str) -> tuple[list[tuple[str, str]], bool]:
    """Names as "First Last", each with DBLP's number; and whether the list ends in "and others"."""
    names = [name for name in _apart(fold(listed), " and ") if name.strip()]
    people = []
    for name in names:
        parts = [_MARKS.sub("", _words(_RAISED.sub("", part))).replace("~", " ") for part in _apart(name, ",")]
        parts = [part for part in parts if part] or [""]
        whole = fold(" ".join([*parts[-1:], *parts[:1], *parts[1:-1]]) if len(parts) > 1 else parts[0])
        number = _NUMBER.search(whole)
        people.append((whole[: number.start()] if number else whole, number[1] if number else ""))
    cut = bool(people) and people[-1][0].lower() in ("others", "et al.", "et al")
    return people[:-1] if cut else people, cut


def _words(text: str) -> str:
    """A phrase without TeX and HTML."""
    return plain(unescape(_TAG.sub("", text)))


def _value(raw: str, strings: Mapping[str, str]) -> str:
    """A field's text: braces and quotes around it go, abbreviations are written out, pieces parted by # are joined."""
    return "".join(
        piece[1:-1] if piece[:1] in '{"' and len(piece) > 1 else strings.get(piece.lower(), piece)
        for piece in (part.strip() for part in _apart(raw, "#"))
    )


def _apart(text: str, sign: str) -> Iterator[str]:
    """The pieces between signs that stand outside braces and quotes."""
    start = depth = 0
    quoted = False
    for place, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        quoted ^= letter == '"' and not depth and sign == "#"
        if letter == sign[0] and depth <= 0 and not quoted and text.startswith(sign, place) and place >= start:
            yield text[start:place]
            start = place + len(sign)
    yield text[start:]


def _remark(kind: str, explanation: str, block: Entry | ParsingFailedBlock) -> Remark:
    return Remark(kind=kind, explanation=explanation, line=(block.start_line or 0) + 1, quote=(block.raw or "")[:1000])
