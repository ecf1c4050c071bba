"""Dated captures on disk: which files there are, what kind of document each is, and what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from harvest.errors import InputProblem, SourceError
from harvest.model import Answer, Contents, Outcome
from harvest.sources import READERS, recognise

OWNER = "owner"  # whose pages they are is not known
MOMENT = "%Y%m%dT%H%M%SZ"  # how the folder of a capture is named
_FOLDER = re.compile(r"\d{8}T\d{6}Z")
_LIST = ".bib"  # what a site makes its list of, read as the list that it is
_PAGES = (".html", ".htm", _LIST)
_PAPERS = (".txt", ".md", ".pdf", ".docx")  # of one document in several forms the first is read
_DOCUMENTS = ("homepage", "cv")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a capture: where it lies, and the page it is a capture of."""

    path: Path
    page: str
    at: datetime
    kind: str = ""


def said_by(file: File) -> tuple[Answer, Contents]:
    """What a file says; one that cannot be read says nothing, and takes nothing back."""
    try:
        answer = _answer(file)
        if file.path.suffix.lower() != _LIST:
            return answer, READERS[file.kind].read(answer)
        told = READERS["bibtex"].read(answer)
        return answer, replace(told, records=tuple(replace(one, source=file.kind) for one in told.records))
    except SourceError as problem:
        return replace(_answer(file), outcome=Outcome.UNANSWERED, reason=problem.reason), Contents()


def _answer(file: File) -> Answer:
    try:
        body = file.path.read_bytes()
    except OSError as problem:
        raise InputProblem(f"{file.path} cannot be read: {problem.strerror}") from problem
    return Answer(source=file.kind, url=file.page, body=body, received_at=file.at, person_id=OWNER, own=True)


def sites_in(captures: Path) -> list[Path]:
    if not captures.is_dir():
        raise InputProblem(f"{captures} is no folder: name one that holds captures, such as 20260228T110000Z/")
    sites = [one for one in (captures, *sorted(captures.iterdir())) if one.is_dir() and any(_moments(one))]
    if not sites:
        raise InputProblem(f"no captures in {captures}: they are folders named like 20260228T110000Z")
    return sites


def _moments(site: Path) -> Iterator[Path]:
    return (one for one in sorted(site.iterdir()) if one.is_dir() and _FOLDER.fullmatch(one.name))


def files_of(site: Path) -> list[File]:
    """Every file that is read, in order of time; what kind of document a page is, its first capture that tells says."""
    files: list[File] = []
    kinds: dict[str, str] = {}
    for folder in _moments(site):
        at = datetime.strptime(folder.name, MOMENT).replace(tzinfo=UTC)
        there = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in there:
            suffix = path.suffix.lower()
            better = _PAPERS[: _PAPERS.index(suffix)] if suffix in _PAPERS else ()
            if suffix not in (*_PAGES, *_PAPERS) or any(path.with_suffix(other) in there for other in better):
                continue
            place = path.relative_to(folder)
            page = (place if suffix in _PAGES else place.with_suffix("")).as_posix()
            file = File(path, page, at)
            if page not in kinds and (told := _kind(file)):
                kinds[page] = told
            files.append(file)
    return [File(one.path, one.page, one.at, kinds[one.page]) for one in files if one.page in kinds]


def _kind(file: File) -> str | None:
    if file.path.suffix.lower() == _LIST:
        return "homepage"
    try:
        told = recognise(_answer(file))
    except SourceError:
        return None
    return told if told in _DOCUMENTS else None
