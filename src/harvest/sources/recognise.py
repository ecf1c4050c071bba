"""What kind of document or answer this is, by its shape: for `harvest read` without `--as`."""

import re

from harvest.errors import UnreadableAnswer
from harvest.model import Answer
from harvest.sources.aitopics import author_lines
from harvest.sources.arrow import ROW as ARROW_ROW
from harvest.sources.scholar_feed import NUMBERS
from harvest.sources.scholar_feed import ROW as FEED_ROW
from harvest.sources.sections import sections_of
from harvest.sources.text import is_packed, lines_of, text_of

_HEAD = 20_000
_BIBTEX = (
    "article|book|booklet|comment|conference|dataset|in(?:book|collection|proceedings)|manual|mastersthesis|misc|online"
    "|phdthesis|preamble|proceedings|report|software|string|techreport|thesis|unpublished"
)
_VITA = re.compile(r"education|vit[ae]e?\b|\bcv\b|r[ée]sum[ée]|employment|appointments|简历|教育", re.IGNORECASE)
_WEB = re.compile(r"\b(?:news|about|home|contact|welcome|updates)\b|主页|关于|动态", re.IGNORECASE)
# The services' own shapes, by what only they write near the beginning. Tried in this order.
_SERVICES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("bibtex", rf"\A(?:[^<]{{0,4000}}\n)?\s*@(?:{_BIBTEX})\s*[{{(]"),
        ("arxiv_oai", r"<OAI-PMH\b|<header\b[^<>]{0,99}>\s{0,99}<identifier>oai:"),
        ("arxiv", r"<feed\b[^>]*>[\s\S]{0,4000}?arxiv\.org|\A\s*\{\s*\"entries\"\s*:\s*\["),
        (
            "arxiv_abs",
            r"<meta name=\"citation_arxiv_id\"|<h1 class=\"title mathjax\"|<dl id=['\"]articles['\"]"
            r"|\A\s*-{10,}\n\\\\\n(?:arXiv|Paper):"
            r"|<title>\s{0,99}(?:\[[^\[\]<>]{0,60}\] )?Article (?:identifier )?not ",
        ),
        (
            "dblp",
            r"<(?:dblpperson|dblp)\b|<result>\s*<query|\"https?://dblp\.(?:org|uni-trier\.de)/(?:rec|pid|search)/"
            r"|<https://dblp\.org/(?:rdf/schema#|rec/)|\"hits\"\s*:\s*\{\s*\"@total\"",
        ),
        ("openalex", r"https://openalex\.org/[AW]\d|\"db_response_time_ms\""),
        (
            "datacite",
            r"\"type\"\s*:\s*\"dois\"|https://api\.datacite\.org/|\"data-center-id\"\s*:|http://datacite\.org/schema/",
        ),
        (
            "semantic_scholar",
            r"\"(?:paperId|authorId|corpusId)\"\s*:|\A\s*\{\s*\"total\"\s*:\s*0\s*,\s*\"offset\"\s*:\s*0",
        ),
        ("crossref", r"\"(?:message-type|message-version|is-referenced-by-count|reference-count)\"\s*:"),
        ("orcid", r"http://www\.orcid\.org/ns/|\"(?:orcid-identifier|external-id-type)\"\s*:"),
    )
)
# A page that says in its title that it is none: "429 Too Many Requests".
_APOLOGY = re.compile(
    r"<(?:title|h1)\b[^<>]{0,99}>\s{0,99}(?:[45]\d\d\b|not found\b|too many requests|service unavailable)",
    re.IGNORECASE,
)


def recognise(answer: Answer) -> str | None:
    """The kind, as `--as` names it: a service's answer, or a document; None when it is none that we read."""
    try:
        text = text_of(answer)
        service = next((kind for kind, shape in _SERVICES if shape.search(text[:_HEAD])), None)
        nothing = text.lstrip()[:1] in "{[" or text.lstrip()[:5] == "<?xml" or _APOLOGY.search(text[:_HEAD])
        return service or (None if nothing else _document(answer))
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
    if page or not (listed or is_packed(answer)):
        return "homepage" if page else None
    web = any(_WEB.search(section.title) for section in sections)
    return "homepage" if web and not any(map(_VITA.search, [*texts[:5], *(one.title for one in sections)])) else "cv"
