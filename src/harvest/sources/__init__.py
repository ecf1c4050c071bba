"""The sources and readers we have. A new one is one file here and its name in a tuple."""

from collections.abc import Callable, Sequence

from harvest.model import Answer, Contents, Person, Query
from harvest.sources import arxiv, openalex
from harvest.sources.aitopics import AiTopics
from harvest.sources.arrow import Arrow
from harvest.sources.arxiv import Arxiv
from harvest.sources.arxiv_abs import ArxivAbs
from harvest.sources.arxiv_author import ArxivAuthor
from harvest.sources.arxiv_oai import ArxivOai, concerning
from harvest.sources.bibtex import BibTeX
from harvest.sources.crossref import Crossref
from harvest.sources.cv import Cv
from harvest.sources.datacite import DataCite
from harvest.sources.dblp import Dblp
from harvest.sources.homepage_pages import HomepagePages
from harvest.sources.openalex import OpenAlex
from harvest.sources.orcid import Orcid
from harvest.sources.recognise import recognise
from harvest.sources.scholar_feed_pages import ScholarFeedPages
from harvest.sources.semantic_scholar import SemanticScholar
from harvest.sources.source import Known, Reader, Source

SOURCES: tuple[Source, ...] = (
    Arxiv(), ArxivOai(), ArxivAuthor(), Dblp(), OpenAlex(), ScholarFeedPages(), HomepagePages(), SemanticScholar(),
    Orcid(), Crossref(), DataCite(),
)  # fmt: skip

# Lists that can be left where they say nothing new any more: the next page, from those so far.
ONWARD: dict[str, Callable[[Answer, Sequence[Contents], Known], tuple[Query, ...]]] = {
    "arxiv": arxiv.onward, "openalex": openalex.onward,
}  # fmt: skip
# Lists of everybody's papers, of which only some are kept.
CONCERNING: dict[str, Callable[[Contents, Sequence[Person], Known], Contents]] = {"arxiv_oai": concerning}

# Asked only in a run in which another one did not answer, and then about what is known already.
SPARES: dict[str, str] = {"datacite": "arxiv"}

# Read when somebody gives them as a file; never asked for by themselves.
_ANSWERS: tuple[Reader, ...] = (ArxivAbs(),)
_DOCUMENTS: tuple[Reader, ...] = (Cv(), Arrow(), AiTopics(), BibTeX())
READERS: dict[str, Reader] = {reader.name: reader for reader in (*SOURCES, *_ANSWERS, *_DOCUMENTS)}

__all__ = ["CONCERNING", "ONWARD", "READERS", "SOURCES", "SPARES", "Reader", "Source", "recognise"]
