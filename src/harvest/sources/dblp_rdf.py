"""DBLP's records as RDF in Turtle (https://dblp.org/rdf/): the part of that language which DBLP writes.

Publications with title, year, venue and signatures in order; persons and streams among them are passed over.
"""

import re
from collections.abc import Iterator

from harvest.identifiers import arxiv_id_of_dblp_key, parse_doi, parse_pid
from harvest.model import Answer, Contents, Record, Remark
from harvest.sources.dblp_search import bare_name, bare_title, stage_of
from harvest.sources.refusal import refused
from harvest.sources.text import fold, text_of

# A string, an address, a name, or a sign; an opening quote without an end is a token that nothing expects.
_TOKEN = re.compile(
    r'"((?:[^"\\\n]|\\.){0,20000})"(?:@[\w-]{1,20}|\^\^\S{1,100})?|<([^<>\s]{0,2000})>|([\w:.-]{0,200}[\w:-])|([;,.\[\]]|\S)'
)
_ESCAPE = re.compile(r'\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|["\\ntrbf\'])')
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_KINDS = {"Inproceedings": "inproceedings", "Article": "article", "Informal": "article"}

Values = dict[str, list[str]]


def read_rdf(answer: Answer) -> Contents:
    """One record per publication. Raises UnreadableAnswer for what is cut, and for anything else."""
    text = re.sub(r"(?m)^@prefix\s.*$", "", text_of(answer))
    records, remarks = [], []
    for subject, values, signed in _blocks(answer, text):
        key = subject.partition("dblp.org/rec/")[2]
        if key and values.get("title"):
            records.append(_record(key, values, signed))
        elif key:
            remarks.append(Remark(kind="not_understood", explanation=f"{key[:100]} has no title"))
    if not records and not remarks:
        raise refused(answer, "this is no publication of DBLP's in RDF")
    return Contents(records=tuple(records), remarks=tuple(remarks))


def _blocks(answer: Answer, text: str) -> Iterator[tuple[str, Values, list[Values]]]:
    """Subject, its values, and its signatures as authors and as editors, statement by statement."""
    subject, verb, outer = "", "", ""
    values: Values = {}
    inner: Values | None = None
    signed: list[Values] = []
    for found in _TOKEN.finditer(text):
        word, address, name, sign = found.groups()
        value = _unescaped(word) if word is not None else address if address is not None else name
        target = values if inner is None else inner
        if value is not None and not subject:
            subject = value
        elif value is not None and not verb:
            verb = value.partition(":")[2] or value
        elif value is not None:
            target.setdefault(verb, []).append(value)
        elif sign == "[" and subject and inner is None:
            inner, outer, verb = {}, verb, ""
        elif sign == "]" and inner is not None:
            signed += [inner | {"as": [outer]}] if outer == "hasSignature" else []
            inner, verb = None, outer
        elif sign == ";":
            verb = ""
        elif sign == "." and inner is None and subject:
            yield subject, values, signed
            subject, verb, values, signed = "", "", {}, []
        elif sign != ",":
            raise refused(answer, f"this is no RDF of DBLP's: {sign!r} stands where it cannot")
    if subject:
        raise refused(answer, "this is no whole RDF: DBLP's answer was cut")


def _record(key: str, values: Values, signed: list[Values]) -> Record:
    ordered = sorted(signed, key=lambda one: (_number(one, "signatureOrdinal"), _first(one, "signatureDblpName")))
    people = [
        (*bare_name(fold(_first(one, "signatureDblpName"))), parse_pid(_first(one, "signatureCreator")))
        for one in ordered
    ]
    kinds = [one.partition(":")[2] for one in values.get("a", [])]
    venue = fold(_first(values, "publishedIn")) or None
    tag = next((_KINDS[kind] for kind in kinds if kind in _KINDS), "")
    year = _number(values, "yearOfPublication") or None
    links = [*values.get("primaryDocumentPage", []), *values.get("documentPage", [])]
    informal = "informal" if "Informal" in kinds else "withdrawn" if "Withdrawn" in kinds else ""
    return Record(
        source="dblp", key=key, dblp_key=key, title=bare_title(fold(_first(values, "title"))),
        authors=tuple(name for name, _, _ in people), author_keys=tuple(pid or number for _, number, pid in people),
        stage=stage_of(tag, informal, venue), venue=venue, year=year,
        venue_year=year if tag == "inproceedings" else None,
        arxiv_id=arxiv_id_of_dblp_key(key), url=links[0] if links else f"https://dblp.org/rec/{key}",
        doi=next((doi for link in [*values.get("doi", []), *links] if (doi := parse_doi(link))), None),
    )  # fmt: skip


def _first(values: Values, name: str) -> str:
    return next(iter(values.get(name, [])), "")


def _number(values: Values, name: str) -> int:
    said = _first(values, name)
    return int(said) if re.fullmatch(r"[0-9]{1,6}", said) else 0


def _unescaped(word: str) -> str:
    if "\\" not in word:
        return word
    return _ESCAPE.sub(lambda found: _sign(found[1]), word).encode("utf-8", "replace").decode()


def _sign(escape: str) -> str:
    if escape[0] not in "uU":
        return _SIGNS.get(escape, escape)
    number = int(escape[1:], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
