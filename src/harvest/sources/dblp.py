"""DBLP's person pages as XML: https://dblp.org/faq/How+to+use+the+dblp+search+API.html, CC0.

The pid is the identity; a name with a number is not (corrections change the numbers). A page marked
"disambiguation" is a bin of people nobody has told apart: nothing on it is believed to be anybody's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from harvest.identifiers import parse_orcid, parse_pid
from harvest.model import Answer, Contents, Person, Query, Remark
from harvest.sources.bibtex import BibTeX
from harvest.sources.dblp_dump import File, is_dump, pages_in
from harvest.sources.dblp_rdf import read_rdf
from harvest.sources.dblp_record import records_in, words
from harvest.sources.dblp_search import bare_name, read_search, read_search_xml
from harvest.sources.refusal import BIBTEX, refused
from harvest.sources.source import Known
from harvest.sources.text import unreadable
from harvest.sources.xml_answer import xml_of

if TYPE_CHECKING:
    from lxml import etree


class Dblp:
    """The curated list of a person's works, preprints and proceedings side by side."""

    name = "dblp"
    pause = timedelta(seconds=2)  # its FAQ: "at least one or two seconds between two consecutive requests"
    hosts = ("dblp.org", "dblp.uni-trier.de", "dblp.dagstuhl.de")
    asks_by = "dblp_pid"

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """The page of everybody whose pid is known."""
        for person in people:
            if person.dblp_pid:
                yield Query(path=f"/pid/{person.dblp_pid}.xml", person_id=person.id, purpose="person page")

    def is_dump(self, head: bytes) -> bool:
        """Whether a file that begins so is the whole dump, which answers many questions at once."""
        return is_dump(head)

    def from_dump(self, file: File, queries: Sequence[Query]) -> tuple[Mapping[Query, bytes], str]:
        """The pages that such a file has for these questions, and the day of its newest change, "" when not said.

        Raises InputProblem for a dump that is cut or damaged.
        """
        asked = {query: query.path.removeprefix("/pid/").removesuffix(".xml") for query in queries}
        pages, newest = pages_in(file, set(asked.values()))
        return {query: pages[pid] for query, pid in asked.items() if pid in pages}, newest

    def read(self, answer: Answer) -> Contents:
        """A person page, records, a search, RDF. Raises UnreadableAnswer for all else, and for a disambiguation page.

        Aliases, affiliations, ORCID and links of the person are remarks: they are about no work.
        """
        head = answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
        if BIBTEX.match(head):
            return BibTeX().read(answer)
        if head.startswith(b"{"):
            return read_search(answer)
        if head.startswith((b"@prefix", b"<https://dblp.org/")):
            return read_rdf(answer)
        root = xml_of(answer, "DBLP", doctype=True)
        if root.tag == "result":
            return read_search_xml(answer, root)
        if root.tag not in ("dblpperson", "dblp"):
            raise refused(answer, "this is XML, but no person page and no record of DBLP's")
        if root.tag == "dblp":
            return Contents(records=tuple(records_in(answer, root)))
        person = root.find("person")
        if person is not None and "disambiguation" in person.get("publtype", ""):
            reason = "DBLP's page of people not told apart: bind the person to a numbered pid of their own"
            raise unreadable(answer, reason)
        records = tuple(record for box in root.findall("r") for record in records_in(answer, box))
        said = root.get("n", "")
        total = int(said) if re.fullmatch(r"[0-9]{1,8}", said) else None
        if total is None and not records and person is None:
            raise unreadable(answer, "a person page without a person, records or their number: not believed")
        remarks = [*_about(answer, root), *(() if person is None else _person(person))]
        if total not in (None, len(records)):
            explanation = f"the page says that it has {total} records, and {len(records)} were read"
            remarks.append(Remark(kind="self_contradiction", explanation=explanation))
        return Contents(records=records, remarks=tuple(remarks), total=total)

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: a person page is whole."""
        yield from ()


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
    for target in person.findall("crossref"):
        yield Remark(
            kind="moved", explanation=f"DBLP has this person as {words(target).removeprefix('homepages/')} now"
        )
    for alias in person.findall("author")[1:]:
        yield Remark(kind="alias", explanation=bare_name(words(alias))[0])
    for note in person.findall("note"):
        kind, when = note.get("type", "note"), note.get("label", "")
        yield Remark(kind=kind, explanation=f"{words(note)} ({when})" if when else words(note))
    for link in map(words, person.findall("url")):
        orcid = parse_orcid(link) if "orcid.org" in link else None
        yield Remark(kind="orcid" if orcid else "link", explanation=orcid or link)
