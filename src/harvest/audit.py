"""The ``harvest audit`` command: where the facts come from, and how the audit is told.

With a warehouse, the published copy is asked. A document that is not in it yet is read and compared in a copy that
is thrown away; without a warehouse, that copy holds the documents alone. Nothing is asked of any source, nothing
that is kept is changed.

``--format json`` is stable: ``{known_until, network, pages: [{document, kind, person_id, person, own, captured_at,
entries, findings, presence, outcomes, numbers, ledger, dating, corrections}]}``, every part as its noun in
``reconcile/audit/nouns.py`` says, corrections as ``{line, says, could_say}``; moments are ISO 8601, UTC.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from harvest import pipeline
from harvest.acquire.archive import Archive
from harvest.disk import read_named
from harvest.errors import HarvestError, InputProblem
from harvest.model import Answer, Document, Record
from harvest.names import compatible
from harvest.plan import Plan, read_plan
from harvest.reconcile.audit.ask import audit
from harvest.reconcile.audit.corrections import changes, corrected_markup, write_corrections
from harvest.reconcile.audit.dating import dating
from harvest.reconcile.audit.nouns import Audit, Entry, Page
from harvest.report.audit_page import render_audit
from harvest.report.audit_text import render_audit_text
from harvest.settings import Settings
from harvest.show import iso, messages
from harvest.sources import READERS, recognise
from harvest.sources.text import is_packed, lines_of, looks_like_html, text_of
from harvest.store.warehouse import published_path, reading

FORMATS = ("table", "json", "html")
_KEPT = """
select url, max(received_at) from answers
where document and (person_id is null or person_id in (select person_id from current_people))
group by url
"""
OWN = ("cv", "homepage", "bibtex")


def audited(
    settings: Settings,
    document: str | None = None,
    *,
    kind: str | None = None,
    person_id: str | None = None,
    captured_at: datetime | None = None,
    now: datetime,
) -> Audit:
    """The audit of one document (a file, or the name of one that is kept) or of all seed documents.

    Raises InputProblem for a document that is neither in the warehouse nor a file.
    """
    name, kept = Path(document).name if document else None, dict[str, datetime]()
    if published_path(settings.home).exists():
        with reading(settings.home) as db:
            kept = dict(db.execute(_KEPT).fetchall())
            if name is None or (name in kept and not _differs(db, document, name)):
                return audit(db, partial(_kept_lines, settings), name, partial(_kept_markup, settings))
    if person_id:
        read_plan(settings, [person_id])  # or there is no such person
    plan = read_plan(settings)
    fresh = None
    if document and (Path(document).is_file() or name not in {Path(one.path).name for one in plan.documents}):
        fresh = _document(Path(document), plan, kind, person_id, captured_at)
    if fresh and name in kept:  # it takes the place of the one that is kept
        newer = kept[name].replace(tzinfo=UTC) + timedelta(seconds=1)
        fresh = replace(fresh, captured_at=max(fresh.captured_at, newer))
    with _apart(settings) as elsewhere:
        others = tuple(one for one in plan.documents if not fresh or Path(one.path).name != name)
        plan = replace(plan, sources=(), documents=(*others, fresh) if fresh else others)
        pipeline.harvest(settings=elsewhere, plan=plan, now=max([now, *(one.captured_at for one in plan.documents)]))
        with reading(elsewhere.home) as db:
            return audit(db, partial(_kept_lines, elsewhere), name, partial(_kept_markup, elsewhere))


def tell_audit(
    settings: Settings,
    document: str | None,
    form: str,
    *,
    kind: str | None = None,
    person_id: str | None = None,
    captured_at: datetime | None = None,
    corrections: Path | None = None,
    now: datetime,
) -> None:
    """Print the audit as a table, JSON or HTML page; also write what would correct the documents, when asked."""
    if form not in FORMATS:
        raise InputProblem(f"no format {form!r} for an audit: known are {', '.join(FORMATS)}")
    found = audited(settings, document, kind=kind, person_id=person_id, captured_at=captured_at, now=now)
    if form == "json":
        sys.stdout.write(as_json(found) + "\n")
    else:
        render = render_audit if form == "html" else render_audit_text
        sys.stdout.write(render(_plain(found)))
    if corrections:
        for path in write_corrections(found, corrections):
            messages.print(f"wrote {path}", soft_wrap=True)


def as_json(found: Audit) -> str:
    """The audit as the docstring above says."""
    whole = _plain(found)
    for page in whole["pages"]:
        del page["lines"], page["markup"]
    return json.dumps(whole, ensure_ascii=False, indent=1, default=iso)


def _plain(found: Audit) -> dict[str, Any]:
    """The audit as dictionaries, each page with the lines that could be corrected."""
    whole = asdict(found)
    for page, plain in zip(found.pages, whole["pages"], strict=True):
        names = ("line", "says", "could_say")
        found_changes = _seen_changes(page) if page.markup else changes(page)
        plain["corrections"] = [dict(zip(names, change, strict=True)) for change in found_changes]
    return whole


def _seen_changes(page: Page) -> Iterator[tuple[int, str, str]]:
    """As `changes`, of a page: what a reader of its corrected source would see."""
    body = corrected_markup(page)[0].encode()
    new = dict(_lines(Answer(source=page.kind, url=page.document, body=body, received_at=page.captured_at)))
    yield from ((number, old, new.get(number, "")) for number, old in page.lines if new.get(number, "") != old)


def _differs(db: Any, document: str | None, name: str) -> bool:
    """Whether a file of a kept document's name says something else than what is kept."""
    path = Path(document or name)
    if not path.is_file():
        return False
    body = Answer(source="", url=name, body=path.read_bytes(), received_at=datetime.now(UTC))
    kept = db.execute("select 1 from answers where url = $url and sha256 = $hash", {"url": name, "hash": body.sha256})
    return not kept.fetchall()


@contextmanager
def _apart(settings: Settings) -> Iterator[Settings]:
    """A throw-away home that begins with the published copy, if there is one."""
    with tempfile.TemporaryDirectory(prefix="harvest-audit-") as folder:
        home = Path(folder)
        if published_path(settings.home).exists():
            shutil.copyfile(published_path(settings.home), published_path(home))
        yield settings.model_copy(update={"home": home})


def _document(
    path: Path, plan: Plan, kind: str | None, person_id: str | None, captured_at: datetime | None
) -> Document:
    """What is known of a file, its kind recognised and its person found by the name at its top."""
    if not path.exists():
        raise InputProblem(f"{path} is neither a file nor a document that is kept: check its name")
    given = next((one for one in plan.documents if Path(one.path).name == path.name), None)
    body, changed = read_named(path)
    kept = given.captured_at if given and Path(given.path).read_bytes() == body else None
    answer = Answer(source=kind or "", url=path.name, body=body, received_at=changed)
    kind = kind or (given.kind if given else recognise(answer))
    if not kind:
        raise InputProblem(f"the kind of {path} is not recognised: say it with --as, such as --as cv")
    whose = person_id or (given.person_id if given else _whose(answer, plan))
    moment = captured_at or kept or (_self_dated(replace(answer, source=kind)) if kind in OWN else answer.received_at)
    return Document(path=str(path), kind=kind, person_id=whose, captured_at=moment, own=kind in OWN)


def _self_dated(answer: Answer) -> datetime:
    """The day the file was changed; if its own words say that it is older, the first day that they allow.

    The first, not the last: of what became public in between, nobody can say that the document leaves it out.
    """
    try:
        records = READERS[answer.source].read(answer).records
        found = dating(_lines(answer), [_listed(one) for one in records], own=True, given=None)
    except HarvestError:
        return answer.received_at
    start, end = found.not_before, found.not_after
    if not end or answer.received_at.date() <= end or (start and start > end):
        return answer.received_at
    return datetime.combine(start or end, time(), UTC)


def _listed(record: Record) -> Entry:
    """A record as an entry that nobody has judged yet."""
    return Entry(
        line=record.line, item=record.item, quote=record.quote, title=record.title, work_id="", whose=None, verdict="",
        explanation="", fields=(), stage=record.stage, comment=record.comment, venue_year=record.venue_year,
        year=record.year, arxiv_id=record.arxiv_id,
    )  # fmt: skip


def _whose(answer: Answer, plan: Plan) -> str | None:
    """The one person whose name stands in one of the first lines."""
    try:
        top = [text.strip(" #*_\t") for _, text in _lines(answer)[:12]]
    except HarvestError:
        return None
    named = {
        person.id
        for person in plan.people
        for name in person.names
        for text in top
        if len(text) < 60 and compatible(name, text) == "same"
    }
    return named.pop() if len(named) == 1 else None


def _kept_lines(settings: Settings, row: Mapping[str, Any]) -> Sequence[tuple[int, str]]:
    """The lines of a kept document; none when the archive does not have it any more."""
    try:
        return _lines(_kept(settings, row))
    except HarvestError:
        return []


def _kept_markup(settings: Settings, row: Mapping[str, Any]) -> str:
    """The source of a kept document that is a page; "" for any other."""
    try:
        answer = _kept(settings, row)
        text = "" if is_packed(answer) else text_of(answer)
    except HarvestError:
        return ""
    return text if looks_like_html(text, answer.media_type) else ""


def _kept(settings: Settings, row: Mapping[str, Any]) -> Answer:
    body = Archive(settings.home / "archive").read(row["sha256"])
    moment = row["captured_at"].replace(tzinfo=UTC)
    return Answer(source=row["kind"], url=row["document"], body=body, received_at=moment)


def _lines(answer: Answer) -> list[tuple[int, str]]:
    """Numbered lines as a reader sees them; what a page's source has on one line is one."""
    lines, _ = lines_of(answer)
    found: dict[int, str] = {}
    for line in lines:
        found[line.number] = f"{found[line.number]} {line.text}" if line.number in found else line.text
    return sorted(found.items())
