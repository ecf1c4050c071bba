"""Recognises the pages that services put in front of themselves: bot checks, sign-in pages, apologies.

They come with any status, 200 included, and are never solved or circumvented: they are named. The marks are
those of Anubis (https://anubis.techaro.lol), Cloudflare, Google's "unusual traffic" page, the common captcha
widgets and sign-in forms.
"""

import re
from html import unescape

from harvest.acquire.failed import Reply

_LOOK = 100_000  # bytes: such pages say what they are early
_SMALL = 20_000  # bytes: a page of this size with a captcha or a password field in it is about nothing else

# The machinery of a bot check: no page of a person or paper has these words in it by chance.
_MACHINERY = (
    ".within.website/x/", "anubis_challenge", "_cf_chl_opt", "cf-browser-verification", "cf_captcha_kind",
    "px-captcha", "_incapsula_resource", "ddos-guard/js-challenge", "awswafcookiedomainlist",
    "unusual traffic from your computer",
)  # fmt: skip
_PHRASES = (
    "not a bot", "are you a robot", "verify you are human", "verifying you are human", "checking your browser",
    "enable javascript and cookies to continue", "unusual traffic", "g-recaptcha", "h-captcha", "cf-turnstile",
    "challenges.cloudflare.com", "complete the security check", 'type="password"', "type='password'", "type=password",
)  # fmt: skip
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_TITLES = re.compile(
    r"just a moment|attention required|access denied|making sure .{0,20}not a bot|robot check|security check"
    r"|human verification|(?:please )?(?:sign|log)[ -]?in\b|before you continue|ddos-guard|captcha",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"[/.](?:log|sign)-?(?:in|on)\b|[/.](?:auth|sso|oauth2?|consent|captcha)\b", re.IGNORECASE)
_OWN_WORDS = (
    re.compile(r"<summary[^<>]{0,200}>([^<]{1,300})"),  # an Atom feed whose only entry is the error
    re.compile(r"\"message\"\s{0,9}:\s{0,9}\"([^\"]{1,300})"),
    re.compile(r"\"error\"\s{0,9}:\s{0,9}\"([^\"]{1,300})"),
    re.compile(r"<title[^<>]{0,200}>([^<]{1,300})", re.IGNORECASE),
)


def is_page(reply: Reply) -> bool:
    """Whether a reply is a web page, by what it is rather than by what it is called."""
    head = reply.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in head or head.startswith(b"<!doctype html"):
        return True
    data = head.startswith((b"{", b"[", b"<?xml", b"<feed", b"<dblp"))
    return "html" in reply.media_type and not data


def blocked(reply: Reply, *, pages: bool) -> str:
    """What stands in front of the service, in one sentence; "" when nothing does.

    Where pages are what is asked for, a word inside a page's own text is no mark.
    """
    if reply.status == 403:
        return "it refuses us (HTTP 403): ask by hand, or ask its keepers"
    if not is_page(reply):
        return ""
    text = unescape(reply.body[:_LOOK].decode("latin-1")).lower()
    title = _TITLE.search(text)
    marked = any(mark in text for mark in _MACHINERY) or bool(title and _TITLES.match(title[1].strip()))
    if not pages or len(reply.body) < _SMALL:
        marked = marked or any(phrase in text for phrase in _PHRASES)
    return "a bot check or sign-in page answered instead: fetch by hand and give it as a file" if marked else ""


def is_sign_in(url: str) -> bool:
    """Whether an address is that of a sign-in or consent page."""
    return bool(_SIGN_IN.search(url[:2000]))


def own_words(reply: Reply) -> str:
    """What a refusal says about itself, one line of at most 200 characters; "" when nothing short is found."""
    text = unescape(reply.body[:5000].decode("utf-8", "replace"))
    found = next((said for pattern in _OWN_WORDS if (said := pattern.search(text))), None)
    words = found[1] if found else "" if is_page(reply) or len(reply.body) > 500 else text
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())[:200]
