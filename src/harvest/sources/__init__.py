"""The sources and readers we have. A new one is one file here and its name in a tuple."""

from harvest.sources.aitopics import AiTopics
from harvest.sources.arrow import Arrow
from harvest.sources.arxiv import Arxiv
from harvest.sources.arxiv_abs import ArxivAbs
from harvest.sources.arxiv_oai import ArxivOai
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
from harvest.sources.source import Reader, Source

SOURCES: tuple[Source, ...] = (Arxiv(), Dblp(), OpenAlex(), ScholarFeedPages(), HomepagePages())

# Read when somebody gives them as a file; never asked for by themselves.
_ANSWERS: tuple[Reader, ...] = (ArxivAbs(), ArxivOai(), Crossref(), DataCite(), Orcid(), SemanticScholar())
_DOCUMENTS: tuple[Reader, ...] = (Cv(), Arrow(), AiTopics(), BibTeX())
READERS: dict[str, Reader] = {reader.name: reader for reader in (*SOURCES, *_ANSWERS, *_DOCUMENTS)}

__all__ = ["READERS", "SOURCES", "Reader", "Source", "recognise"]
