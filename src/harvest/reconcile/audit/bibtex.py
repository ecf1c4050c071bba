"""The confirmed entries of a document as BibTeX."""

from typing import Any

from harvest.bibliography import bibtex, citation_keys
from harvest.reconcile.audit.nouns import Entry, Page

_SURE = ("confirmed", "confirmed as a later version", "stale", "contradicted", "ambiguous")


def confirmed(page: Page) -> str:
    """Works that others confirm, each once and as the record has it; "" when there are none."""
    sure = [one for one in page.entries if one.verdict in _SURE and one.whose != "not_theirs"]
    works = {one.work_id: _work(one, page) for one in sure}
    keys = citation_keys(works.values())
    return bibtex([work | {"key": keys[work_id]} for work_id, work in works.items()])


def _work(entry: Entry, page: Page) -> dict[str, Any]:
    title = entry.known_as or entry.title
    year = entry.record_year or entry.year or (entry.public_on.year if entry.public_on else None)
    return {
        "work_id": entry.work_id,
        "title": title, "authors": entry.record_authors, "authors_incomplete": entry.record_authors_cut, "year": year,
        "first_title": title, "first_authors": entry.record_authors, "first_year": year,
        "first_seen_at": page.captured_at,
        "stage": entry.record_stage, "venue": entry.record_venue, "doi": entry.doi, "dblp_key": None,
        "arxiv_id": entry.record_arxiv_id or entry.arxiv_id,
    }  # fmt: skip
