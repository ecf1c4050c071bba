"""How fast the readers of services read, on one core: invented answers, as long as real ones.

    python benchmarks/parse.py [--size 2000]     records in each answer

Prints megabytes and records a second of processor time, the best of several readings.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from harvest.model import Answer
from harvest.sources import READERS

WANTED = {"dblp": "20 MB/s", "arxiv": "2,000 records/s"}
_ABSTRACT = "We analyse engines of brass and the mills that they drive, on days of rain as on days of sun. " * 12


def main() -> None:
    """Time every reader and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--times", type=int, default=15)
    given = parser.parse_args()
    for kind, make in ANSWERS.items():
        body = make(given.size).encode()
        seconds = min(_seconds(kind, body) for _ in range(given.times))
        speed = f"{len(body) / 1e6 / seconds:6.1f} MB/s {given.size / seconds:9,.0f} records/s"
        print(f"{kind:<17} {len(body) / 1e6:6.1f} MB  {speed}  {WANTED.get(kind, '')}")  # noqa: T201 - its output


def _seconds(kind: str, body: bytes) -> float:
    url = "https://export.arxiv.org/api/query?max_results=100000"
    answer = Answer(source=kind, url=url, body=body, received_at=datetime(2026, 1, 1, tzinfo=UTC))
    began = time.process_time()
    READERS[kind].read(answer)
    return time.process_time() - began


def _dblp(size: int) -> str:
    """A person's page: four authors a record, published in proceedings."""
    people = "".join(f'<author pid="{n}/{n}">Ada Lovelace {n:04}</author>\n' for n in range(1, 5))
    works = "".join(
        f'<r><inproceedings key="conf/ce/Ada{n}" mdate="2026-01-01">\n{people}'
        f"<title>Engines of brass, part {n}.</title>"
        f"\n<pages>{n}-{n + 9}</pages>\n<year>2026</year>\n<booktitle>Conference on Engines</booktitle>\n"
        f'<ee type="oa">https://doi.org/10.1000/CE.2026.{n}</ee>\n<ee>https://www.wikidata.org/entity/Q{n}</ee>\n'
        f"<crossref>conf/ce/2026</crossref>\n<url>db/conf/ce/ce2026.html#Ada{n}</url>\n</inproceedings>\n</r>\n"
        for n in range(size)
    )
    return f'<?xml version="1.0"?><dblpperson name="Ada" pid="1/1" n="{size}"><person key="x"/>{works}</dblpperson>'


def _arxiv(size: int) -> str:
    people = "".join(f"<author><name>Ada Lovelace {n}</name></author>" for n in range(5))
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2401.{n:05}v1</id><title>Engines {n}</title>"
        f"<updated>2024-02-03T10:00:00Z</updated><summary>{_ABSTRACT}</summary>"
        f"<published>2024-01-01T10:00:00Z</published>{people}"
        '<link href="https://arxiv.org/abs/x" rel="alternate"/><category term="cs.LG"/>'
        '<arxiv:comment>12 pages. Accepted at ICML 2024</arxiv:comment><arxiv:primary_category term="cs.LG"/></entry>'
        for n in range(size)
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom"><o:totalResults>0</o:totalResults><o:startIndex>0</o:startIndex>'
        f"<o:itemsPerPage>{size}</o:itemsPerPage>{entries}</feed>"
    )


def _arxiv_oai(size: int) -> str:
    records = "".join(
        f"<record><header><identifier>oai:arXiv.org:2401.{n:05}</identifier></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2401.{n:05}</id><version version="v1">'
        f"<date>Mon, 01 Jan 2024 10:00:00 GMT</date></version><title>Engines {n}</title>"
        f"<authors>A. B (Mill), C. D and E. F</authors><categories>cs.LG</categories>"
        f"<abstract>{_ABSTRACT}</abstract></arXivRaw></metadata></record>"
        for n in range(size)
    )
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{records}</ListRecords></OAI-PMH>'


def _openalex(size: int) -> str:
    people = [{"author": {"id": f"https://openalex.org/A{n + 1000}", "display_name": "Ada"}} for n in range(5)]
    works = [
        {"id": f"https://openalex.org/W{n + 1000}", "title": f"Engines {n}", "authorships": people, "cited_by_count": n}
        for n in range(size)
    ]
    return json.dumps({"meta": {"count": size}, "results": works})


def _semantic_scholar(size: int) -> str:
    people = [{"authorId": str(n), "name": "Ada Lovelace"} for n in range(5)]
    papers = [
        {"paperId": str(n), "title": f"Engines {n}", "authors": people, "abstract": _ABSTRACT, "citationCount": n}
        for n in range(size)
    ]
    return json.dumps({"total": size, "data": papers})


ANSWERS: dict[str, Callable[[int], str]] = {
    "dblp": _dblp, "arxiv": _arxiv, "arxiv_oai": _arxiv_oai, "openalex": _openalex,
    "semantic_scholar": _semantic_scholar,
}  # fmt: skip

if __name__ == "__main__":
    main()
