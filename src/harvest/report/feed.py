"""The changes of a digest as an Atom feed (RFC 4287)."""

import uuid
from datetime import datetime

from lxml import etree

from harvest.report.nouns import Digest, Item
from harvest.report.wording import clean, web_address

_ATOM = "http://www.w3.org/2005/Atom"


def render_feed(digest: Digest, self_url: str, limit: int = 500) -> bytes:
    """Every single change, newest first, each under an id that stays the same for ever; at most `limit`."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # the stubs forget None
    _add(feed, "title", f"Changes of {', '.join(digest.people) or 'nobody yet'}")
    _add(feed, "id", _urn("feed", self_url))
    _add(feed, "updated", _moment(digest.changes[0].at if digest.changes else digest.until))
    _add(etree.SubElement(feed, f"{{{_ATOM}}}author"), "name", "Harvest")
    if web_address(self_url):
        etree.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=self_url, type="application/atom+xml")
    for change in digest.changes[:limit]:
        _entry(feed, change)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _entry(feed: etree._Element, change: Item) -> None:
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    _add(entry, "title", change.sentence)
    _add(entry, "id", _urn("change", change.id))
    _add(entry, "updated", _moment(change.at))
    _add(entry, "published", _moment(change.at))
    url = web_address(change.url)
    if url:
        etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=url)
    etree.SubElement(entry, f"{{{_ATOM}}}category", term=clean(change.kind, 60))
    said = f" Says {change.source}." if change.source else ""
    said += f" It is {change.confidence}." if change.confidence else ""
    whose = f" Concerns {', '.join(change.people)}." if change.people else ""
    _add(entry, "content", f"{change.sentence}{said}{whose}")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = clean(text, 2000)


def _urn(what: str, key: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"harvest:{what}:{clean(key, 2000)}").urn


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
