"""Why an answer is refused, in the words of what stands there instead: a bot check, an apology, half a page.

The marks of bot checks are those of Anubis (https://anubis.techaro.lol), Cloudflare and the common captcha
widgets. The fetcher looks for them in what it fetches; this looks for them in what somebody saved by hand.
"""

import re
from html import unescape

from harvest.errors import SourceBlocked, SourceError
from harvest.model import Answer
from harvest.sources.text import fold, unreadable

BIBTEX = re.compile(rb"@[A-Za-z]{3,20}\s*\{")  # what an answer in that form begins with
_LOOK = 100_000  # bytes: such pages say what they are early
_PAGE = re.compile(r"\A[\s\ufeff]*(?:<!--[^<>]{0,300}-->\s*)?(?:<!doctype html|<html)", re.IGNORECASE)
_TITLE = re.compile(r"<(?:title|h1)\b[^<>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_BOT = re.compile(
    r"\.within\.website/x/|anubis_challenge|_cf_chl_opt|cf-browser-verification|cf-turnstile|h-captcha|g-recaptcha"
    r"|not a bot\b|are you a robot|verify(?:ing)? (?:that )?you are human|checking your browser|unusual traffic"
    r"|enable javascript and cookies to continue|<title>\s*(?:just a moment|access denied|attention required)",
    re.IGNORECASE,
)
_ABSENT = re.compile(r"\bnot[ -]?found\b|\bdoes(?:n.t| not) exist\b|\bno record\b|idDoesNotExist", re.IGNORECASE)


def refused(answer: Answer, reason: str) -> SourceError:
    """The error for an answer that is not what it should be: blocked, or unreadable with what it says itself."""
    head = answer.body[:_LOOK].decode("utf-8", "replace")
    if not _PAGE.match(head):
        words = printable(head) if len(answer.body) < 300 else ""
        return unreadable(answer, f"{reason} (it says: {words!r})" if words else reason)
    title = _TITLE.search(head)
    if _BOT.search(head):
        reason = "a bot check or sign-in page answered instead: fetch by hand and give it as a file"
        return SourceBlocked(answer.source, answer.url, reason)
    return unreadable(answer, f"{reason} (a web page titled {printable(title[1]) if title else ''!r})")


def apology(answer: Answer, service: str, words: str) -> SourceError:
    """The error for an answer in which the service itself says that something is wrong, or not there."""
    said = printable(words)
    return unreadable(answer, f"{'not found: ' if _ABSENT.search(said) else ''}{service} says: {said or 'an error'}")


def printable(text: str) -> str:
    """One line of at most 200 characters, safe to show."""
    return fold("".join(letter if letter.isprintable() else " " for letter in unescape(text[:2000])))[:200]
