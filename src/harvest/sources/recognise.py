"""What kind of document or answer this is, by its shape: for `harvest read` without `--as`."""

import re

from harvest.errors import UnreadableAnswer
from harvest.model import Answer
from harvest.sources.aitopics import author_lines
from harvest.sources.arrow import ROW as ARROW_ROW
from harvest.sources.scholar_feed import NUMBERS
from harvest.sources.scholar_feed import ROW as FEED_ROW
from harvest.sources.sections import sections_of
from harvest.sources.text import lines_of, text_of

_HEAD = 20_000
# The services' own shapes, by what only they write near the beginning. Tried in this order.
_SERVICES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("bibtex", r"\A\s*(?:%[^\n]*\n\s*)*@[a-z]+\s*[{(]"),
        ("arxiv_oai", r"<OAI-PMH\b"),
        ("arxiv", r"<feed\b[^>]*>[\s\S]{0,4000}?arxiv\.org"),
        ("arxiv_abs", r"<meta name=\"citation_arxiv_id\"|<h1 class=\"title mathjax\""),
        (
            "dblp",
            r"<(?:dblpperson|dblp)\b|<result>\s*<query|\"https?://dblp\.(?:org|uni-trier\.de)/(?:rec|pid|search)/",
        ),
        ("openalex", r"https://openalex\.org/[AW]\d|\"db_response_time_ms\""),
        ("datacite", r"\"type\"\s*:\s*\"dois\"|https://api\.datacite\.org/"),
        ("semantic_scholar", r"\"(?:paperId|authorId)\"\s*:"),
        ("crossref", r"\"message-type\"\s*:"),
        ("orcid", r"http://www\.orcid\.org/ns/|\"orcid-identifier\"\s*:"),
    )
)


def recognise(answer: Answer) -> str | None:
    """The kind, as `--as` names it: a service's answer, or a document; None when it is none that we read."""
    try:
        text = text_of(answer)
        service = next((kind for kind, shape in _SERVICES if shape.search(text[:_HEAD])), None)
        return service or (None if text.lstrip()[:1] in "{[" or text.lstrip()[:5] == "<?xml" else _document(answer))
    except UnreadableAnswer:
        return None


def _document(answer: Answer) -> str | None:
    lines, page = lines_of(answer)
    texts = [line.text.strip() for line in lines if line.text.strip()]
    short = [text for text in texts if len(text) < 120]
    if any(ARROW_ROW.fullmatch(text) for text in short):
        return "arrow"
    numbers = sum(any(said.fullmatch(text) for text in short[:80]) for said in NUMBERS.values())
    if numbers > 2 or sum(bool(FEED_ROW.fullmatch(text)) for text in short) > 1:
        return "scholar_feed"
    sections = sections_of(lines, page)
    listed = any(section.kind == "publications" for section in sections)
    if not listed and sum(1 for _ in author_lines(texts)) > max(1, len(texts) // 6):
        return "aitopics"
    vita = any(re.search(r"education|vitae", section.title, re.IGNORECASE) for section in sections)
    return "cv" if listed and vita and not page else "homepage" if listed or page else None
