"""DBLP's person pages as XML: https://dblp.org/faq/How+to+use+the+dblp+search+API.html, CC0.

The pid is the identity; a name with a number is not (corrections change the numbers). A page marked
"disambiguation" is a bin of people nobody has told apart: nothing on it is believed to be anybody's.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import unescape

from lxml import etree

from harvest.identifiers import arxiv_id_of_dblp_key, parse_arxiv_id, parse_doi, parse_orcid, parse_pid
from harvest.model import Answer, Contents, Person, Query, Record, Remark, Stage
from harvest.sources.dblp_search import bare_name, bare_title, read_search, stage_of
from harvest.sources.source import Known
from harvest.sources.text import fold, unreadable

_KINDS = ("article", "inproceedings", "proceedings", "book", "incollection", "phdthesis", "mastersthesis", "data")
_OPENREVIEW = re.compile(r"^https?://openreview\.net/(?:forum|pdf)\?id=([\w-]{4,40})")


class Dblp:
    """The curated list of a person's works, preprints and proceedings side by side."""

    name = "dblp"
    pause = timedelta(seconds=2)  # its FAQ: "at least one or two seconds between two consecutive requests"
    hosts = ("dblp.org", "dblp.uni-trier.de", "dblp.dagstuhl.de")

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The page of everybody whose pid is known."""
        for person in people:
            if person.dblp_pid:
                yield Query(path=f"/pid/{person.dblp_pid}.xml", person_id=person.id, purpose="person page")

    def read(self, answer: Answer) -> Contents:
        """A person page, or single records. Raises UnreadableAnswer for anything else, and for a disambiguation page.

        Aliases, affiliations, ORCID and links of the person are remarks: they are about no work.
        """
        if answer.body.lstrip()[:1] == b"{":
            return read_search(answer)
        root = _root(answer)
        if root.tag == "dblp":
            return Contents(records=_records(answer, [root]))
        person = root.find("person")
        if person is not None and "disambiguation" in person.get("publtype", ""):
            reason = "DBLP's page of people not told apart: bind the person to a numbered pid of their own"
            raise unreadable(answer, reason)
        records, said = _records(answer, root.findall("r")), root.get("n", "")
        total = int(said) if re.fullmatch(r"[0-9]{1,8}", said) else None
        remarks = [*_about(answer, root), *(() if person is None else _person(person))]
        if total not in (None, len(records)):
            explanation = f"the page says that it has {total} records, and {len(records)} were read"
            remarks.append(Remark(kind="self_contradiction", explanation=explanation))
        return Contents(records=records, remarks=tuple(remarks), total=total)

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: a person page is whole."""
        yield from ()


def _root(answer: Answer) -> "etree._Element":
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(answer.body, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise unreadable(answer, "this is no whole XML: DBLP's answer was cut or is something else") from problem
    if root.tag not in ("dblpperson", "dblp"):
        raise unreadable(answer, "this is XML, but no person page and no record of DBLP's")
    return root


def _records(answer: Answer, boxes: Sequence["etree._Element"]) -> tuple[Record, ...]:
    return tuple(_record(answer, work) for box in boxes for work in box if work.tag in _KINDS)


def _record(answer: Answer, work: "etree._Element") -> Record:
    key, title = str(work.get("key", "")), bare_title(_said(work, "title") or "")
    if not (key and title):
        raise unreadable(answer, f"a record without a key or a title ({key[:100]!r})")
    people = [*work.findall("author"), *work.findall("editor")]
    links = [_text(element) for element in work.findall("ee")]
    venue = _said(work, "booktitle") or _said(work, "journal") or _said(work, "school") or _said(work, "publisher")
    stage = stage_of(str(work.tag), str(work.get("publtype", "")), venue)
    year = _said(work, "year")
    found = int(year) if year and re.fullmatch(r"[12]\d{3}", year) else None
    names = [bare_name(_text(person)) for person in people]
    roles = tuple("editor" if person.tag == "editor" else "" for person in people)
    return Record(
        source=Dblp.name, key=key, dblp_key=key, title=title, stage=stage, venue=venue, year=found,
        authors=tuple(name for name, _ in names), roles=roles if any(roles) else (),
        author_keys=tuple(
            parse_pid(person.get("pid", "")) or number for person, (_, number) in zip(people, names, strict=True)
        ),
        venue_year=found if work.tag == "inproceedings" else None,
        arxiv_id=_arxiv_id(work, key, links) if stage is not Stage.PUBLISHED else None,
        doi=next((doi for link in links if (doi := parse_doi(link))), None),
        openreview_id=next((match[1] for link in links if (match := _OPENREVIEW.match(link))), None),
        url=links[0] if links else f"https://dblp.org/rec/{key}",
    )  # fmt: skip


def _arxiv_id(work: "etree._Element", key: str, links: Sequence[str]) -> str | None:
    """From the key (since 2016), the volume "abs/1706.03762" (before), or a link."""
    if found := arxiv_id_of_dblp_key(key):
        return found
    volume = (_said(work, "volume") or "").removeprefix("abs/")
    said = [volume] if _said(work, "journal") == "CoRR" else []
    return next((parsed[0] for text in [*said, *links] if (parsed := parse_arxiv_id(text))), None)


def _said(work: "etree._Element", name: str) -> str | None:
    found = work.find(name)
    return (_text(found) or None) if found is not None else None


def _text(element: "etree._Element") -> str:
    """All words of an element. The dump's entities ("&uuml;") are named as HTML's are, and no others are resolved."""
    pieces = [str(element.text or "")]
    for child in element:
        pieces.append(unescape(str(child.text or "")) if isinstance(child, etree._Entity) else _text(child))
        pieces.append(str(child.tail or ""))
    return fold("".join(pieces)) if element.tag not in ("i", "sub", "sup", "tt") else "".join(pieces)


def _about(answer: Answer, root: "etree._Element") -> Iterator[Remark]:
    """What the page says about itself: that it moved, or that others bear the name."""
    asked = re.search(r"/pid/([^?#]{1,80})\.xml", answer.url)
    if asked and root.get("pid") and parse_pid(asked[1]) != root.get("pid"):
        yield Remark(kind="moved", explanation=f"DBLP has {asked[1]} as {root.get('pid')} now: put that in people.toml")
    homonyms = root.findall("homonyms/h")
    if homonyms:
        yield Remark(kind="homonyms", explanation=f"{len(homonyms)} other pages of DBLP's bear this name")


def _person(person: "etree._Element") -> Iterator[Remark]:
    """Other names, affiliations, ORCID and links: of this person only, never of the homonyms listed below."""
    for alias in person.findall("author")[1:]:
        yield Remark(kind="alias", explanation=bare_name(_text(alias))[0])
    for note in person.findall("note"):
        kind, when = note.get("type", "note"), note.get("label", "")
        yield Remark(kind=kind, explanation=f"{_text(note)} ({when})" if when else _text(note))
    for link in map(_text, person.findall("url")):
        orcid = parse_orcid(link) if "orcid.org" in link else None
        yield Remark(kind="orcid" if orcid else "link", explanation=orcid or link)
