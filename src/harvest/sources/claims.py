"""What authors say in passing about the fate of a paper: accepted somewhere, in a journal, withdrawn.

arXiv has no field for the first and no flag for the last; most conference papers are announced in the comment only.
"""

import re

from harvest.model import Stage
from harvest.sources.text import MONTHS, fold
from harvest.venues import short_venue

_CLAUSES = re.compile(r"\s*(?:;|\n|\s/\s|(?:(?<=[a-z)]{5})|(?<=\d{4})|(?<=[)”\"]))\.\s+(?=[A-Z(]))\s*")
_SAID = re.compile(
    r"(?:\b(accepted|to appear|appears?|appeared|appearing|to be (?:published|presented)|published|presented"
    r"|forthcoming)\b[^;]{0,60}?\b(?:at|in|to|by|on|for)\b:?\s+(?!publication\b|presentation\b|be\b|appear\b)"
    r"|\bin (?:the )?proceedings of\s+)(.{2,200})",
    re.IGNORECASE,
)
# About another paper, or not so.
_NOT = re.compile(
    r"\bversion of|\bnot\b|\bprevious|\bearlier\b|\bpreliminar|\bparts? of|\bpart(?:ly|ially)\b|\bextend"
    r"|\bextension of|\b(?:re)?submi|\bunder (?:review|revision)|\bin review|\breject|\bwithdraw|\bchallenge\b"
    r"|\bcompetition\b",
    re.IGNORECASE,
)
# How short_venue writes a venue that it knows; a month and a year are when, not where.
_MONTH = "|".join(month.capitalize() for month in MONTHS)
_BARE = re.compile(rf"(?!(?:{_MONTH})[a-z]* )[A-Z][A-Za-z]+ (?:19|20)\d\d(?: Workshop)?")
_LEAD = re.compile(r"^(?:the )?(?:(?:proceedings|proc\.?) (?:of )?(?:the )?)?", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:,\s*\d+ ?(?:pages?|pp|figures?|tables?)\b|https?://|htt?p|\(?arxiv|\bcode\b|\bkey ?words|\bproject page).*",
    re.IGNORECASE | re.DOTALL,
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"['’](\d\d)\b")
_WITHDRAWN = re.compile(
    r"^\W*(?:withdrawn|retracted)\b(?! from)"
    r"|\b(?:this|paper|article|manuscript|submission|preprint|work|it) (?:has been|have been|is|was|is being)"
    r" (?:\w+ )?(?:withdrawn|retracted)\b(?! from (?!arxiv))|:\s*withdrawn\b",
    re.IGNORECASE,
)


def acceptance(comment: str | None) -> tuple[Stage, str, int | None] | None:
    """What a comment claims: stage (accepted, published, workshop), venue as said, year of the venue.

    None when it claims nothing of the kind, or about another paper ("extended version of …"), or only a submission.
    """
    for clause in _CLAUSES.split(comment or ""):
        said = _SAID.search(clause[:600])
        if _NOT.search(clause[: said.start(2) if said else 600]):
            continue
        venue = _venue(said[2]) if said else _bare(clause)
        if venue:
            done = bool(said and (said[1] or "").lower().startswith(("published", "appeared")))
            workshop = re.search(r"workshop|@", venue, re.IGNORECASE)
            stage = Stage.WORKSHOP if workshop else Stage.PUBLISHED if done else Stage.ACCEPTED
            return stage, venue, year_of(venue)
    return None


def journal(reference: str | None) -> tuple[str, int | None] | None:
    """Venue as said and its year, from a journal reference; None when it only speaks of a submission."""
    if not reference or not reference.strip() or re.search(r"\bsubmi|\bunder review", reference, re.IGNORECASE):
        return None
    bracketed = re.findall(r"\(\s*(?:[A-Z][a-z]{2,8} )?((?:19|20)\d\d)\s*\)", reference[:1000])
    return fold(reference), int(bracketed[-1]) if bracketed else year_of(reference)


def is_withdrawn(comment: str | None, abstract: str | None) -> bool:
    """Whether arXiv's own copy is withdrawn: the comment says so, or the abstract begins with it."""
    return any(bool(_WITHDRAWN.search(fold(text)[:400])) for text in (comment or "", (abstract or "")[:120]))


def year_of(text: str) -> int | None:
    """The last year a venue names, such as 2023 of "ICST2023" or 2021 of "MET'21"."""
    years, short = _YEAR.findall(text[:1000]), _SHORT_YEAR.search(text[:1000])
    return int(years[-1]) if years else 2000 + int(short[1]) if short else None


def _venue(text: str) -> str | None:
    bare = _TAIL.sub("", fold(text)).strip(" .,:;\"'“”-")
    bare = _LEAD.sub("", bare, count=1)
    return (bare.rstrip(")") if bare.count(")") > bare.count("(") else bare) or None


def _bare(clause: str) -> str | None:
    """A comment may be no more than "ICLR 2024 (spotlight)", alone or between commas."""
    for piece in clause[:600].split(","):
        short = short_venue(piece)
        if short and len(piece.split()) <= 12 and _BARE.fullmatch(short):
            return fold(piece).strip(" .,:;\"'")
    return None
