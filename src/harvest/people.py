"""``harvest people``: list whom we follow, find identifiers by name, check those that are bound. Binds nobody."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rich.text import Text

from harvest.acquire.archive import Archive
from harvest.acquire.fetch import Fetcher
from harvest.errors import InputProblem, SourceError
from harvest.identifiers import parse_openalex_id, parse_orcid, parse_pid
from harvest.identify.find import Evidence, OnRecord, bears, on_record, weigh
from harvest.model import Contents, Outcome, Person, Query, Remark
from harvest.names import compatible, fold
from harvest.seeds import read_people
from harvest.settings import Settings
from harvest.show import messages, results, show
from harvest.sources import SOURCES
from harvest.sources.source import Known
from harvest.store.warehouse import ask, published_path

_MOST = 6  # candidates of one source that are looked at
_FIELDS = {"dblp": "dblp_pid", "openalex": "openalex_id", "orcid": "orcid"}
_SERVICES = {one.name: one for one in SOURCES}
_SEARCH = "search for a person"
_NONE = (400, 404, 410)  # that there is no such person is an answer
_PARSERS = {"dblp": parse_pid, "openalex": parse_openalex_id, "orcid": parse_orcid}

_WORKS = """
select distinct titles.title, works.authors, works.arxiv_id, works.doi, current_attributions.person_id
from works
join titles using (work_id)
left join current_attributions on current_attributions.work_id = works.work_id and verdict = 'theirs'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody whom a source knows under the name."""

    source: str
    id: str
    name: str
    note: str = ""
    evidence: Evidence = field(default_factory=Evidence)


class _Asking:
    """Questions of one command: every answer is archived, and silence is noted."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._settings, self._now = settings, now
        self._fetcher = Fetcher(settings, Archive(settings.home / "archive"))
        self.silent: dict[str, str] = {}  # source → why it did not answer

    def person(self, source: str, id: str) -> tuple[Contents | None, str]:
        """All that a source says of whoever has an identifier there, or None and why not."""
        field = {**_FIELDS, "scholar_feed": "scholar_feed_id"}.get(source)
        given: dict[str, Any] = {field: id} if field else {"homepages": (id,), "more": ((source, id),)}
        first, *others = _SERVICES[source].ask([Person(id="", name="", **given)], Known())
        contents, reason = self.read(source, first)
        for more in (self.read(source, one)[0] for one in others if contents):
            contents = replace(contents, records=contents.records + more.records) if contents and more else contents
        return contents, reason

    def read(self, source: str, query: Query) -> tuple[Contents | None, str]:
        """What a source says, or None and why not."""
        if reason := self._settings.switched_off(source):
            self.silent[source] = reason
            return None, reason
        service, query = _SERVICES[source], replace(query, person_id=None)
        answer = self._fetcher.fetch(service, self._settings.base_urls(source), query, received_at=self._now)
        if answer.outcome is not Outcome.ANSWERED:
            if query.purpose == _SEARCH or answer.status not in _NONE:
                self.silent[source] = f"{answer.outcome.value.replace('_', ' ')}: {answer.reason}"
            return None, answer.reason
        try:
            return service.read(answer), ""
        except SourceError as problem:
            return None, problem.reason


def tell_people(settings: Settings, form: str) -> None:
    """Whom people.toml names, bound to what, and how many works are theirs."""
    people, documents = read_people(settings.people)
    counts: dict[str, int] = {}
    if published_path(settings.home).exists():
        counts = dict(ask(settings.home, "select person_id, count(*) from publications group by person_id")[1])
    rows = [
        [one.id, one.name, ", ".join(f"{scheme} {id}" for scheme, id in bindings(one)) or "nothing: bind them",
         sum(document.person_id == one.id for document in documents), counts.get(one.id, 0)]
        for one in people
    ]  # fmt: skip
    show(["id", "name", "bound to", "documents", "works"], rows, form)


def bindings(person: Person) -> list[tuple[str, str]]:
    """(source, identifier) of everything that sources can be asked about."""
    given = [
        (source, getattr(person, name)) for source, name in (*_FIELDS.items(), ("scholar_feed", "scholar_feed_id"))
    ]
    return [
        *((source, id) for source, id in given if id),
        *((source, id) for source, id in person.more if source in _SERVICES),
        *(("homepage", page) for page in person.homepages),
    ]


def find(settings: Settings, name: str, affiliations: Sequence[str], homepages: Sequence[str], now: datetime) -> int:
    """Show who bears a name, and lines for people.toml; returns the exit code."""
    if not name.strip():
        raise InputProblem("whom? Give the name as papers print it")
    asking = _Asking(settings, now)
    person = next((one for one in _followed(settings) if bears(name, one.names)), None)
    names = (name, *(person.names if person else ()))
    home = (*affiliations, *(person.affiliations if person else ()))
    known = _on_record(settings, names, person)
    pages = [asking.person("homepage", page)[0] for page in homepages]
    own = [record for contents in pages if contents for record in contents.records]
    told = on_record([(one.title, one.authors, one.arxiv_id, one.doi) for one in own], names)
    known = OnRecord(works=known.works | told.works, coauthors=known.coauthors | told.coauthors)
    candidates = list(_candidates(asking, name, names, known, home))
    _tell_candidates(candidates, asking, known)
    results.print(_snippet(name, home, homepages, candidates, person), soft_wrap=True)
    return 3 if asking.silent else 0


def check(settings: Settings, person_ids: Sequence[str], now: datetime) -> int:
    """Say of every identifier whether it still is that person's; returns the exit code."""
    people = _followed(settings)
    if unknown := set(person_ids) - {one.id for one in people}:
        known = ", ".join(one.id for one in people)
        raise InputProblem(f"no person {min(unknown)!r} in {settings.people}: known are {known}")
    asking = _Asking(settings, now)
    rows = [
        [one.id, source, id, *_verified(asking, one, source, id, _on_record(settings, one.names, one))]
        for one in people
        if not person_ids or one.id in person_ids
        for source, id in _checked(one)
    ]
    show(["person", "source", "identifier", "verdict", "why"], rows, "table")
    if any(row[3] in ("wrong", "moved") for row in rows):
        return 1
    return 3 if asking.silent else 0


def _checked(person: Person) -> list[tuple[str, str]]:
    """What they are bound to, and the list that arXiv may keep for an ORCID."""
    bound = bindings(person)
    by_orcid = person.orcid and "arxiv_author" not in dict(bound)
    return [*bound, *([("arxiv_author", person.orcid)] if person.orcid and by_orcid else [])]


def _verified(asking: _Asking, person: Person, source: str, id: str, known: OnRecord) -> tuple[str, str]:
    """ok, none, moved, doubtful, wrong or not checked; and why."""
    contents, reason = asking.person(source, id)
    if contents is None:
        silent = source in asking.silent
        return ("not checked" if silent else "wrong"), reason
    for kind, verdict in (("moved", "moved"), ("no_list", "none")):
        if told := next((one.explanation for one in contents.remarks if one.kind == kind), ""):
            return verdict, told
    evidence = weigh(contents.records, person.names, known, _places(contents.remarks), person.affiliations)
    called = [one.explanation for one in contents.remarks if one.kind in ("name", "alias")]
    fits = any(bears(one, person.names) for one in called)
    if evidence.foreign and not fits:
        return "wrong", f"its works bear another name than {person.name}: {evidence.sentence()}"
    if other := next((one for one in called if not fits and _another(one, person)), ""):
        return "doubtful", f"it is called {other}, not {person.name}: {evidence.sentence()}"
    if evidence.shared or not known.works:
        return "ok", evidence.sentence()
    return "doubtful", f"no work of the record is on it: {evidence.sentence()}"


def _another(name: str, person: Person) -> bool:
    """Whether a name is certainly none of theirs; of one in another script nothing is known."""
    return all(compatible(name, one) == "different" for one in person.names)


def _candidates(
    asking: _Asking, name: str, names: Sequence[str], known: OnRecord, home: Sequence[str]
) -> Iterator[Candidate]:
    """Everybody whom the sources know under the name, with the evidence of their works."""
    for source, query in _searches(name):
        contents, _ = asking.read(source, query)
        remarks = [one for one in (contents.remarks if contents else ()) if one.kind == "candidate"]
        found = [one for remark in remarks if (one := _candidate(source, remark)) and bears(one.name, names)]
        if len(found) > _MOST:
            messages.print(f"{source}: {len(found)} bear the name; the first {_MOST} are looked at")
        for one in found[:_MOST]:
            page, reason = asking.person(source, one.id)
            page = page or Contents()
            evidence = weigh(page.records, names, known, [*_places(page.remarks), one.note], home)
            yield Candidate(source=source, id=one.id, name=one.name, note=one.note or reason, evidence=evidence)

    feed = f"{fold(name.rsplit(maxsplit=1)[-1])}_{fold(name)[0]}_1"  # made by authors who want one: https://arxiv.org/help/author_identifiers
    listed, _ = asking.person("arxiv_author", feed)
    if listed and listed.records:
        yield Candidate(source="arxiv", id=feed, name=name, evidence=weigh(listed.records, names, known))


def _searches(name: str) -> list[tuple[str, Query]]:
    given, _, family = name.strip().rpartition(" ")
    query = f'family-name:"{family}"' + (f' AND given-names:"{given}"' if given else "")
    asked = [
        ("dblp", "/search/author/api", {"q": name, "format": "xml", "h": "30", "c": "0"}),
        ("openalex", "/authors", {"search": name, "per-page": "25"}),
        ("orcid", "/v3.0/expanded-search/", {"q": query.replace("\\", " "), "rows": "20"}),
    ]
    return [(source, Query(path=path, params=tuple(params.items()), purpose=_SEARCH)) for source, path, params in asked]


def _candidate(source: str, remark: Remark) -> Candidate | None:
    """A reader says "NAME: ID, notes"."""
    name, _, rest = remark.explanation.partition(": ")
    first, _, note = rest.partition(", ")
    id = _PARSERS[source](first)
    bare = re.sub(r"\s+\d{4}$", "", name)
    return Candidate(source=source, id=id, name=bare, note=note) if id else None


def _places(remarks: Sequence[Remark]) -> list[str]:
    return [one.explanation for one in remarks if one.kind == "affiliation"]


def _followed(settings: Settings) -> tuple[Person, ...]:
    return read_people(settings.people)[0]


def _on_record(settings: Settings, names: Sequence[str], person: Person | None) -> OnRecord:
    """Their works in the warehouse; of a stranger, all works of the name."""
    if not published_path(settings.home).exists():
        return OnRecord()
    rows = ask(settings.home, _WORKS)[1]
    theirs = [row[:4] for row in rows if person and row[4] == person.id]
    named = [row[:4] for row in rows if any(bears(author, names) for author in row[1] or ())]
    return on_record([(title, authors or (), arxiv, doi) for title, authors, arxiv, doi in theirs or named], names)


def _tell_candidates(candidates: Sequence[Candidate], asking: _Asking, known: OnRecord) -> None:
    for source, reason in asking.silent.items():
        messages.print(f"{source}: {reason}", style="yellow", soft_wrap=True)
    if not known.works:
        messages.print("nothing is on record to compare with: run `harvest run` first, or give a --homepage")
    for one in sorted(candidates, key=lambda one: (one.source, -one.evidence.shared, one.id)):
        mark = "likely  " if one.evidence.likely else "in doubt"
        results.print(Text(f"{mark}  {one.source:<9} {one.id:<20} {one.name}"), soft_wrap=True)
        told = "; ".join(part for part in (one.evidence.sentence(), one.note) if part)
        results.print(Text(f"          {told}", style="dim"), soft_wrap=True)
    if not candidates:
        results.print("nobody of this name was found")


def _snippet(
    name: str, home: Sequence[str], homepages: Sequence[str], candidates: Sequence[Candidate], person: Person | None
) -> str:
    """Lines for people.toml. An identifier in doubt, or one of two likely ones, stands there as a comment."""
    id = person.id if person else re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "somebody"
    lines = ["", "# for people.toml" + (f", to {id}:" if person else ":"), ""]
    if not person:
        lines += ["[[person]]", f"id = {_quoted(id)}", f"name = {_quoted(name)}"]
        lines += [f"affiliations = [{', '.join(map(_quoted, dict.fromkeys(home)))}]"] if home else []
        lines += [f"homepages = [{', '.join(map(_quoted, homepages))}]"] if homepages else []
    for source, key in _FIELDS.items():
        mine = [one for one in candidates if one.source == source]
        likely = [one for one in mine if one.evidence.likely]
        sure = likely[0] if len(likely) == 1 else None
        lines += [f"{key} = {_quoted(sure.id)} # {_one_line(sure.evidence.sentence())}"] if sure else []
        lines += [f"# {key} = {_quoted(one.id)} # look first: {_one_line(one.evidence.sentence())}" for one in mine
                  if one is not sure and (not sure or one.evidence.shared)]  # fmt: skip
        lines += [f"# {key}: nobody found"] if not mine else []
    return "\n".join(lines)


def _one_line(text: str) -> str:
    """What a source says must not end a comment."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are valid there."""
    return json.dumps(text, ensure_ascii=False)
