"""The text of a PDF, read by a child process that a hostile file can only kill, never stall or fill."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_CHILD = Path(__file__).with_name("pdf_child.py")
_SECONDS = 5
_LARGEST = 30_000_000  # bytes: a CV with photographs has a few million


@dataclass(frozen=True, slots=True)
class Converted:
    """A document as text in layout."""

    text: str
    links: tuple[tuple[int, str], ...] = ()  # (line from 1, address)
    lost: str = ""  # one sentence, when not all of it was read


@lru_cache(maxsize=4)  # to recognise a document is to read it once already
def pdf_text(body: bytes) -> Converted:
    """Text and links of a PDF; raises ValueError with a sentence when there is none to be had."""
    if len(body) > _LARGEST:
        raise ValueError(f"a PDF of {len(body) // 1_000_000} MB is no document of one person: give a smaller one")
    command = [sys.executable, "-I", str(_CHILD)]
    try:
        child = subprocess.run(command, input=body, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as problem:
        raise ValueError("this PDF takes too long to read: print it to a new PDF, or give its text") from problem
    if child.returncode:
        raise ValueError("this PDF is too large or damaged to be read: print it to a new PDF, or give its text")
    told = json.loads(child.stdout)
    if "problem" in told:
        locked = "password" in told["problem"].lower()
        trouble = "is locked with a password" if locked else "is damaged or cut off"
        raise ValueError(f"this PDF {trouble}: give an open and whole copy, or its text")
    if not told["text"].strip():
        raise ValueError("this PDF holds no text, only pictures: give one that is not scanned, or its text")
    lost = f"only the first {told['read']} of {told['pages']} pages were read" if told["read"] < told["pages"] else ""
    return Converted(told["text"], tuple((line, link) for line, link in told["links"]), lost)
