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

_HEAD = 5000
# The services' own shapes, by what only they write near the beginning. Tried in this order.
_SERVICES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for kind, pattern in (
        ("arxiv_oai", r"<OAI-PMH\b"),
        ("arxiv", r"<feed\b[^>]*>.{0,4000}arxiv\.org"),
        ("dblp", r"<(?:dblpperson|dblp|rdf:RDF)\b|<result>\s*<query|dblp\.(?:org|uni-trier\.de)/(?:rec|pid)/"),
        ("bibtex", r"^\s*(?:%[^\n]*\n\s*)*@[a-z]+\s*[{(]"),
        ("openalex", r"\"id\"\s*:\s*\"https://openalex\.org/|openalex\.org/[AW]\d"),
        ("datacite", r"\"type\"\s*:\s*\"dois\""),
        ("semantic_scholar", r"\"(?:paperId|authorId)\"\s*:"),
        ("crossref", r"\"message-type\"\s*:"),
        ("orcid", r"\"orcid-identifier\"\s*:"),
        ("arxiv_abs", r"<meta name=\"citation_arxiv_id\"|<h1 class=\"title mathjax\""),
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
    listed = any(section.kind == "publications" for section in sections_of(lines, page))
    if not listed and sum(1 for _ in author_lines(texts)) > max(1, len(texts) // 6):
        return "aitopics"
    return "homepage" if page else "cv" if listed else None
