"""A digest as an e-mail: plain text and HTML, the same bytes and the same Message-ID however often it is made."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import css_inline

from harvest.errors import InputProblem
from harvest.model import fingerprint
from harvest.report.nouns import Digest
from harvest.report.page import render_mail, render_text
from harvest.report.wording import clean


def message(digest: Digest, *, sender: str, recipient: str, list_id: str = "harvest") -> EmailMessage:
    """The mail of one digest to one reader; raises InputProblem for an address that is none.

    Date is the digest's `until`; Message-ID is a hash of period, recipient and content.
    """
    origin, reader = _address(sender), _address(recipient)
    text = render_text(digest)
    html = css_inline.inline(render_mail(digest), load_remote_stylesheets=False)
    since = digest.since.isoformat() if digest.since else None
    identity = fingerprint(list_id, since, digest.until.isoformat(), reader.addr_spec, text, html)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = origin, reader
    mail["Subject"] = clean(f"Harvest: {digest.subject}", 120)
    mail["Date"] = digest.until
    mail["Message-ID"] = f"<{identity}@{origin.domain}>"
    mail["List-Id"] = f"<{re.sub(r'[^a-z0-9-]+', '-', list_id.lower())}.{origin.domain}>"
    mail["List-Unsubscribe"] = f"<mailto:{origin.addr_spec}?subject=unsubscribe>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")  # not every server takes eight bits
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{identity}")  # the default one is random
    return mail


def _address(text: str) -> Address:
    """ "Ada <ada@example.org>" in its parts."""
    name, spec = parseaddr(text)
    if not re.fullmatch(r"[^\s@<>\"(),:;\\]+@[A-Za-z0-9.-]+", spec) or text != clean(text, 320):
        raise InputProblem(f"{clean(text, 80)!r} is no e-mail address: mend it in people.toml or in mail_from")
    return Address(display_name=name, addr_spec=spec)
