"""arXiv by OAI-PMH (https://info.arxiv.org/help/oa/index.html): a day's changes of everybody's papers in few requests.

Formats arXiv, arXivRaw and oai_dc, of the old endpoint and of that of 2025, which differ: the new one's `created` is
the day of the newest version and its `updated` that of the record; its last page has no token at all. Records of
other repositories (oai_dc) are read under their own identifiers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from harvest.errors import UnreadableAnswer
from harvest.identifiers import parse_arxiv_id, parse_doi
from harvest.model import Answer, Contents, Person, Query, Record, Remark
from harvest.names import Name, compatible, parse
from harvest.sources.arxiv_paper import mail_day, names_in, paper, person_name
from harvest.sources.json_answer import day, year
from harvest.sources.refusal import apology, refused
from harvest.sources.source import Known
from harvest.sources.text import unreadable
from harvest.sources.xml_answer import all_said, children, local, said, words, xml_of

if TYPE_CHECKING:
    from lxml import etree

Read = tuple[Record, list[Remark]]

_LISTS = ("ListRecords", "GetRecord", "ListIdentifiers")
_OTHERS = ("Identify", "ListSets", "ListMetadataFormats")  # answers that speak of no paper
_VERSION = re.compile(r"v([0-9]{1,4})")
MANY = 100  # people: above it, a day's changes of all papers are fewer requests than a search by their names
_OVERLAP = timedelta(days=3)  # a window is asked again: records move while they are listed


class ArxivOai:
    """The daily net for many people; answers in three formats."""

    name = "arxiv_oai"
    pause = timedelta(seconds=3)  # shared with arXiv's other interfaces: https://info.arxiv.org/help/api/tou.html
    line = "arxiv"  # one connection for all of arXiv's interfaces
    hosts = ("oaipmh.arxiv.org", "export.arxiv.org")

    def ask(self, people: Sequence[Person], known: Known) -> Iterator[Query]:
        """All records changed since the last listing but one, and some days before it; nothing for few people.

        So all days are listed by two runs: a record that moves past the end of a page is not told by the first.
        """
        if len(people) > MANY and known.listed_until:
            since = known.listed_until - _OVERLAP
            params = (("verb", "ListRecords"), ("metadataPrefix", "arXivRaw"), ("from", since.isoformat()))
            yield Query(path="/oai", params=params, purpose="daily net")

    def read(self, answer: Answer) -> Contents:
        """One record per paper that is not deleted; an empty list is read as such, every other error is refused."""
        root = xml_of(answer, "arXiv")
        if local(root) == "record":
            return _contents(answer, [root], "GetRecord")
        if local(root) != "OAI-PMH":
            raise refused(answer, "this is XML, but no answer of OAI-PMH")
        for error in children(root, "error"):
            if error.get("code") == "noRecordsMatch":
                return Contents(total=0)
            raise apology(answer, "arXiv", f"{error.get('code', '')}: {words(error)}")
        for name in _LISTS:
            for listed in children(root, name):
                return _contents(answer, list(listed), name)
        for name in _OTHERS:
            if next(children(root, name), None) is not None:
                return Contents(remarks=(Remark(kind="about", explanation=f"{name}: it speaks of no paper"),))
        raise unreadable(answer, "an answer of OAI-PMH without records, headers or an error")

    def follow(self, contents: Sequence[Contents], known: Known) -> Iterator[Query]:
        """Nothing: further pages are named by the pages."""
        yield from ()


def concerning(contents: Contents, people: Sequence[Person], known: Known) -> Contents:
    """Of everybody's changes, those of papers that are known, or that name somebody who may be one of the people."""
    wanted: dict[str, list[Name]] = {}
    for name in (parse(name) for person in people for name in person.names):
        for word in {*name.family.split()[-1:], *name.given[:1]}:  # some write the family name first
            wanted.setdefault(word, []).append(name)
    kept = [
        one
        for one in contents.records
        if one.arxiv_id in known.arxiv_ids or one.truncated or any(_may_be(parse(name), wanted) for name in one.authors)
    ]
    return replace(contents, records=tuple(kept))


def _may_be(name: Name, wanted: Mapping[str, Sequence[Name]]) -> bool:
    near = (other for word in {*name.family.split()[-1:], *name.given[:1]} for other in wanted.get(word, ()))
    return any(compatible(name, other) in ("same", "compatible") for other in near)


def _contents(answer: Answer, listed: Sequence["etree._Element"], verb: str) -> Contents:
    records, remarks, lost = [], [], []
    for item in listed:
        if local(item) == "record":
            header = next(children(item, "header"), None)
            try:
                found = _record(answer, item, header)
            except UnreadableAnswer as problem:  # one of thousands must not hide the others
                lost.append(problem)
                remarks.append(
                    Remark(kind="not_understood", explanation=f"{said(header, 'identifier')}: {problem.reason}")
                )
                continue
        else:
            found, header = None, item if local(item) == "header" else None
        if found:
            records.append(found[0])
            remarks += found[1]
        elif header is not None and header.get("status") == "deleted":
            remarks.append(Remark(kind="deleted", explanation=f"{said(header, 'identifier')} is deleted"))
    if lost and not records:
        raise lost[0]
    token = next((one for one in listed if local(one) == "resumptionToken"), None)
    total = token.get("completeListSize", "") if token is not None else ""
    return Contents(
        records=tuple(records), remarks=tuple(remarks), next=_further(answer, token, verb),
        total=int(total) if total.isdecimal() and total.isascii() and len(total) < 10 else None,
    )  # fmt: skip


def _further(answer: Answer, token: "etree._Element | None", verb: str) -> tuple[Query, ...]:
    said = (token.text or "").strip() if token is not None else ""
    if not said or len(said) > 2000:
        return ()
    params = (("verb", verb), ("resumptionToken", said))
    return (Query(path="/oai", params=params, person_id=answer.person_id, purpose="next page"),)


def _record(answer: Answer, item: "etree._Element", header: "etree._Element | None") -> Read | None:
    """None for a deleted record. Raises UnreadableAnswer for one of which nothing is understood."""
    metadata = next((child for box in children(item, "metadata") for child in box), None)
    if metadata is None:
        if header is not None and header.get("status") == "deleted":
            return None
        raise unreadable(answer, "a record without metadata")
    readers = {"arXiv": _arxiv, "arXivOld": _arxiv, "arXivRaw": _raw, "dc": _dublin_core}
    reader = readers.get(local(metadata))
    if reader is None:
        raise unreadable(
            answer, f"a record in the format {local(metadata)[:40]!r}: arXiv, arXivRaw and oai_dc are read"
        )
    return reader(answer, metadata, header)


def _arxiv(answer: Answer, metadata: "etree._Element", header: "etree._Element | None") -> Read:
    id, title = _checked(answer, said(metadata, "id"), said(metadata, "title"))
    people = [_name(author) for box in children(metadata, "authors") for author in children(box, "author")]
    created, updated = day(said(metadata, "created")), day(said(metadata, "updated"))
    renewed = any(":" in one.partition(":")[2] for one in all_said(header, "setSpec"))  # "cs:cs:LG": since 2025
    return paper(
        id=id, version=None, title=title,
        authors=[name for name in people if name] or names_in(said(metadata, "authors")),
        day=created if renewed else updated or created, first=None if renewed and updated != created else created,
        **_common(metadata),
    )  # fmt: skip


def _raw(answer: Answer, metadata: "etree._Element", header: "etree._Element | None") -> Read:
    id, title = _checked(answer, said(metadata, "id"), said(metadata, "title"))
    numbered = ((_VERSION.fullmatch(one.get("version", "")), one) for one in children(metadata, "version"))
    versions = {int(found[1]): one for found, one in numbered if found}
    first, last = (versions[end(versions)] if versions else None for end in (min, max))
    return paper(
        id=id, version=max(versions, default=None), title=title, authors=names_in(said(metadata, "authors")),
        day=mail_day(said(last, "date")), first=mail_day(said(first, "date")),
        withdrawn="I" in said(last, "source_type"),
        **_common(metadata),
    )  # fmt: skip


class _Common(TypedDict):
    comment: str
    abstract: str
    doi: str
    reference: str
    categories: list[str]


def _common(metadata: "etree._Element") -> _Common:
    return {
        "comment": said(metadata, "comments"), "abstract": said(metadata, "abstract"), "doi": said(metadata, "doi"),
        "reference": said(metadata, "journal-ref"), "categories": said(metadata, "categories").split(),
    }  # fmt: skip


def _dublin_core(answer: Answer, metadata: "etree._Element", header: "etree._Element | None") -> Read:
    """Neither version nor marks on what is what: an identifier that is no address and no DOI is a journal reference."""
    titles, told = all_said(metadata, "title"), all_said(metadata, "identifier")
    names, dates = all_said(metadata, "creator"), sorted(filter(None, map(day, all_said(metadata, "date"))))
    of_header = said(header, "identifier")
    own = next(
        (found for one in [*told, of_header.removeprefix("oai:arXiv.org:")] if (found := parse_arxiv_id(one))), None
    )
    if not titles or not (own or of_header):
        raise unreadable(answer, "a record without a title or an identifier")
    described = all_said(metadata, "description")
    abstract = next((one for one in described if not one.startswith("Comment:")), "")
    comment = next((one.removeprefix("Comment:").strip() for one in described if one != abstract), "")
    dois = " ".join(one.removeprefix("doi:") for one in told if parse_doi(one))
    reference = next((one for one in told if not (parse_doi(one) or parse_arxiv_id(one) or "://" in one)), "")
    if own:
        return paper(
            id=own[0], version=own[1], title=titles[0], authors=[person_name(name) for name in names],
            comment=comment, abstract=abstract, reference=reference, doi=dois,
            day=dates[-1] if dates else None, first=dates[0] if dates else None,
        )  # fmt: skip
    links = [one for one in told if "://" in one]
    return Record(
        source=ArxivOai.name, key=of_header, title=titles[0], authors=tuple(names), abstract=abstract or None,
        year=next(filter(None, map(year, all_said(metadata, "date"))), None), published_on=dates[0] if dates else None,
        doi=parse_doi(dois), url=links[0] if links else None, comment=comment or None,
    ), []  # fmt: skip


def _checked(answer: Answer, id: str, title: str) -> tuple[str, str]:
    parsed = parse_arxiv_id(id)
    if not (parsed and title):
        raise unreadable(answer, f"a record without an arXiv id or a title ({id[:100]!r})")
    return parsed[0], title


def _name(author: "etree._Element") -> str:
    parts = (said(author, "forenames"), said(author, "keyname"), said(author, "suffix"))
    name = person_name(" ".join(part for part in parts if part))
    return name if any(letter.isalnum() for letter in name) else ""
