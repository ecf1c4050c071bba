"""Telling: page, text and e-mail of what was noticed, each recipient's news once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from harvest.disk import write_whole
from harvest.model import Person
from harvest.report import outbox
from harvest.report.digest import digest
from harvest.report.mail import message
from harvest.report.outbox import Delivery
from harvest.report.page import render_page, render_text
from harvest.report.wording import count, listed
from harvest.settings import Settings
from harvest.store.hold import BELIEFS, held
from harvest.store.warehouse import reading

EVERYBODY = "*"  # who the page is for


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSummary:
    """What a report wrote and sent."""

    page: Path
    mails: tuple[Path, ...] = ()
    quiet: tuple[str, ...] = ()  # people for whom nothing changed: no e-mail
    sent: tuple[Delivery, ...] = ()
    empty: bool = False

    @property
    def exit_code(self) -> int:
        """0 when all that was to be sent was accepted, else 1."""
        return 0 if all(one.accepted for one in self.sent) else 1

    def as_markdown(self) -> str:
        """A short account for people."""
        said = [f"{'nothing changed' if self.empty else 'report'}: {self.page}"]
        said += [f"e-mail: {mail}" for mail in self.mails]
        said += [f"no e-mail for {name}: nothing changed" for name in self.quiet]
        fates: dict[tuple[bool, str], list[str]] = {}
        for one in self.sent:
            fates.setdefault((one.accepted, one.reason), []).append(one.recipient)
        for (accepted, reason), readers in fates.items():
            to = f"{count(len(readers), 'e-mail')} to {listed(list(dict.fromkeys(readers)), 20)}"
            said.append(f"{'sent' if accepted else 'not sent'}: {to}{f': {reason}' if reason else ''}")
        return "\n".join(said)


def report(
    *,
    settings: Settings,
    people: Sequence[Person],
    since: datetime | None = None,
    person_id: str | None = None,
    out: Path | None = None,
    send: bool = False,
) -> ReportSummary:
    """Page, text and e-mail of what was noticed since the last report, or of everything after `since`.

    Each recipient's last report is remembered, so a run that broke off before its report is told by the next.
    An e-mail that was written before, with the same news, is not written again. Sends only when asked to.
    """
    folder = settings.home / "reports"
    mails, quiet = [], []
    with reading(settings.home) as db, held(db, *BELIEFS, "changes"):
        told = {} if since else _told(folder)
        until = _newest_run(db)
        asked = f"-since-{since:%Y-%m-%d}" if since else ""
        whole = digest(db, person_id=person_id, until=until, since=since or _last_told(told, EVERYBODY, until))
        page = out or folder / f"{until:%Y-%m-%dT%H%M}{asked}.html"
        write_whole(page, render_page(whole).encode())
        write_whole(page.with_suffix(".txt"), render_text(whole).encode())
        for person in people:
            if person.email and person_id in (None, person.id):
                mine = digest(db, person_id=person.id, until=until, since=since or _last_told(told, person.id, until))
                if mine.is_empty:
                    quiet.append(person.name)
                    continue
                letter = message(mine, sender=settings.mail_from, recipient=person.email)
                mails.append(outbox.put(settings.home / "outbox", letter))
    if not since:
        reached = [one.id for one in people if person_id in (None, one.id)]
        _remember(folder, told, reached if person_id else [EVERYBODY, *reached], until)
    sent = outbox.deliver(settings.home / "outbox", settings) if send else []
    return ReportSummary(page=page, mails=tuple(mails), quiet=tuple(quiet), sent=tuple(sent), empty=whole.is_empty)


def _newest_run(db: DuckDBPyConnection) -> datetime:
    """The moment of the newest run."""
    newest = db.execute("select max(harvested_at) from runs").fetchall()[0][0]
    moment: datetime = newest.replace(tzinfo=UTC)
    return moment


def _told(folder: Path) -> dict[str, list[str]]:
    """Recipient → the moments up to which they were told, from reports/told.json."""
    path = folder / "told.json"
    told: dict[str, list[str]] = json.loads(path.read_text()) if path.exists() else {}
    return told


def _last_told(told: dict[str, list[str]], recipient: str, until: datetime) -> datetime | None:
    """Up to when a recipient was told before; a report that is written again covers what it covered first."""
    return max(
        (moment for moment in map(datetime.fromisoformat, told.get(recipient, ())) if moment < until), default=None
    )


def _remember(folder: Path, told: dict[str, list[str]], recipients: Sequence[str], until: datetime) -> None:
    """Note who was told."""
    for recipient in recipients:
        told[recipient] = sorted({*told.get(recipient, ()), until.isoformat()})
    write_whole(folder / "told.json", json.dumps(told, indent=1).encode())
