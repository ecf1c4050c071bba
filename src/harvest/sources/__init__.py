"""The sources and readers we have. A new one is one file here and its name in a tuple."""

from harvest.sources.aitopics import AiTopics
from harvest.sources.arrow import Arrow
from harvest.sources.arxiv import Arxiv
from harvest.sources.cv import Cv
from harvest.sources.dblp import Dblp
from harvest.sources.homepage_pages import HomepagePages
from harvest.sources.openalex import OpenAlex
from harvest.sources.recognise import recognise
from harvest.sources.scholar_feed_pages import ScholarFeedPages
from harvest.sources.source import Reader, Source

SOURCES: tuple[Source, ...] = (Arxiv(), Dblp(), OpenAlex(), ScholarFeedPages(), HomepagePages())

_DOCUMENTS: tuple[Reader, ...] = (Cv(), Arrow(), AiTopics())
READERS: dict[str, Reader] = {reader.name: reader for reader in (*SOURCES, *_DOCUMENTS)}

__all__ = ["READERS", "SOURCES", "Reader", "Source", "recognise"]
