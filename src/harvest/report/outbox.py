"""Mail that waits in a folder until a server takes it: at least once, and the same Message-ID if twice.

folder/NAME.eml waits · folder/NAME.json what became of its recipients so far · folder/sent/NAME.eml was taken.
A crash between the server's yes and the rename sends once more; mail programs know the copy by its Message-ID.
"""

import fcntl
import hashlib
import json
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path

from harvest.disk import sync_folder, write_whole
from harvest.errors import RunInProgress
from harvest.failpoints import failpoint
from harvest.report.wording import clean
from harvest.settings import Settings

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one waiting mail: sent, waiting (to be tried again) or refused (until asked)."""

    message_id: str
    recipient: str
    state: str
    reason: str = ""

    @property
    def accepted(self) -> bool:
        """A server took it."""
        return self.state == "sent"


Fates = dict[str, tuple[str, str]]  # recipient → state and reason


class _NoServer(Exception):
    """Nobody to talk to: no use in trying the other mails now."""


def put(folder: Path, message: EmailMessage) -> Path:
    """Let a mail wait, unless it is known already (waiting, refused or sent); returns where it is."""
    name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
    waiting, sent = folder / f"{name}.eml", folder / "sent" / f"{name}.eml"
    sent.parent.mkdir(parents=True, exist_ok=True)
    if sent.exists():
        return sent
    if not waiting.exists():
        write_whole(waiting, message.as_bytes(policy=SMTP))
    return waiting


def deliver(folder: Path, settings: Settings, *, refused_too: bool = False) -> list[Delivery]:
    """Send what waits, by SMTP as set; `refused_too` tries once more what a server refused for good.

    A server's faults are in the answer, never raised. Raises RunInProgress while another process delivers.
    """
    if not folder.is_dir():
        return []
    silence = "" if settings.smtp_host else "no mail server is set: set HARVEST_SMTP_HOST"
    deliveries: list[Delivery] = []
    with _alone(folder):
        for path in sorted(folder.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=SMTP)
            fates = _fates(path, mail, refused_too)
            pending = [recipient for recipient, (state, _) in fates.items() if state == "waiting"]
            try:
                fates |= {} if silence or not pending else _send(mail, pending, settings)
            except _NoServer as problem:
                silence = str(problem)
            fates |= dict.fromkeys(pending, ("waiting", silence)) if silence and pending else {}
            _settle(path, fates)
            message_id = str(mail["Message-ID"] or path.stem)
            deliveries += [
                Delivery(message_id=message_id, recipient=recipient, state=state, reason=reason)
                for recipient, (state, reason) in fates.items()
            ]
    return deliveries


def _fates(path: Path, mail: EmailMessage, refused_too: bool) -> Fates:
    """What is known of each recipient before trying; all wait at first."""
    recipients = [address for _, address in getaddresses([str(value) for value in mail.get_all("To", [])]) if address]
    if not recipients or not mail["From"]:
        return {"": ("refused", f"{path.name} is no mail: look at it, then remove it")}
    notes = path.with_suffix(".json")
    told = {who: (state, why) for who, (state, why) in json.loads(notes.read_bytes()).items()} if notes.exists() else {}
    keep = ("sent",) if refused_too else ("sent", "refused")
    return {who: told[who] if told.get(who, ("", ""))[0] in keep else ("waiting", "") for who in recipients}


def _send(mail: EmailMessage, recipients: Sequence[str], settings: Settings) -> Fates:
    """Offer one mail to the server: 2xx sent, 4xx or a broken line waiting, 5xx refused. Raises _NoServer."""
    client = _connect(settings)
    problems: Mapping[str, tuple[int, bytes | str]] = {}
    try:
        problems = client.send_message(mail, to_addrs=recipients)
    except smtplib.SMTPRecipientsRefused as problem:
        problems = problem.recipients
    except smtplib.SMTPResponseException as problem:
        problems = dict.fromkeys(recipients, (problem.smtp_code, problem.smtp_error))
    except smtplib.SMTPNotSupportedError as problem:
        problems = dict.fromkeys(recipients, (553, str(problem)))
    except (smtplib.SMTPException, OSError) as problem:
        problems = dict.fromkeys(recipients, (421, f"the line broke: {problem}"))
    finally:
        with suppress(smtplib.SMTPException, OSError):  # the mail's fate is known by now
            client.quit()
        client.close()
    failpoint("mail_accepted")
    return {who: _fate(*problems[who]) if who in problems else ("sent", "") for who in recipients}


def _fate(code: int, words: bytes | str) -> tuple[str, str]:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return ("refused" if code >= 500 else "waiting", clean(f"{code} {said}", 300))


def _connect(settings: Settings) -> smtplib.SMTP:
    """A greeted, encrypted (when set) and logged-in line. Port 465 speaks TLS from the first byte."""
    host, context = str(settings.smtp_host), ssl.create_default_context()
    client: smtplib.SMTP | None = None
    try:
        if settings.smtp_port == 465:
            client = smtplib.SMTP_SSL(host, settings.smtp_port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            client = smtplib.SMTP(host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
            if settings.smtp_starttls:
                client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if settings.smtp_user and settings.smtp_password:
            client.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (smtplib.SMTPException, OSError) as problem:
        if client:
            client.close()
        raise _NoServer(clean(f"{host}:{settings.smtp_port} cannot be used: {problem}", 300)) from problem
    return client


def _settle(path: Path, fates: Fates) -> None:
    """All sent: out of the way. Otherwise it stays, with a note of who has it and who refused it."""
    notes = path.with_suffix(".json")
    if all(state == "sent" for state, _ in fates.values()):
        path.replace(path.parent / "sent" / path.name)
        notes.unlink(missing_ok=True)
        sync_folder(path.parent / "sent")
        sync_folder(path.parent)
    elif any(state != "waiting" for state, _ in fates.values()):
        write_whole(notes, json.dumps(fates, ensure_ascii=False, indent=1).encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two processes that deliver at once would send everything twice."""
    (folder / "sent").mkdir(exist_ok=True)
    with (folder / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise RunInProgress(f"another process is sending the mails of {folder}: wait for it") from problem
        yield
