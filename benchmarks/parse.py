"""How fast the readers of services read, on one core: invented answers, as long as real ones, and a whole dump.

    python benchmarks/parse.py [--size 2000]         records in each answer
                               [--megabytes 300]     of the dump, unpacked

Prints megabytes and records a second of processor time, the best of several readings (the dump is read once, unpacking
and hashing included), and the most memory that this process ever had until the dump was read.
"""

import argparse
import gzip
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from harvest.acquire.packed import Packed
from harvest.model import Answer
from harvest.sources import READERS
from harvest.sources.dblp_dump import pages_in

WANTED = {"dblp": "20 MB/s", "arxiv": "2,000 records/s"}
_ABSTRACT = "We analyse engines of brass and the mills that they drive, on days of rain as on days of sun. " * 12


def main() -> None:
    """Time every reader and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--megabytes", type=int, default=300)
    given = parser.parse_args()
    print(_read_dump(given.megabytes))  # noqa: T201 - its output; first, while nothing else fills the memory
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


def _read_dump(megabytes: int) -> str:
    """A packed dump written to the disk, and read for three persons."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dblp.xml.gz"
        with gzip.open(path, "wb", 1) as file:
            size = sum(file.write(block) for block in _dump(megabytes))
        began = time.process_time()
        found = pages_in(Packed(path), ["1/0", "1/1", "1/2"])
        seconds = time.process_time() - began
    records = sum(page.count(b"<r>") for page in found.pages.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speed = f"{size / 1e6 / seconds:6.1f} MB/s {peak:9,.0f} MiB at most"
    return f"{'dblp dump':<17} {size / 1e6:6.1f} MB  {speed}  20 MB/s, 500 MiB ({records} records taken)"


def _dump(megabytes: int) -> Iterator[bytes]:
    """Of a hundred thousand people, among them the three, who have a record in every seven thousand."""
    yield b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE dblp SYSTEM "dblp.dtd">\n<dblp>\n'
    for part in range(megabytes * 2):
        numbers = range(part * 1000, (part + 1) * 1000)  # so many records are half a megabyte
        yield "".join(map(_dumped, numbers)).encode("latin-1")
    yield b"</dblp>\n"


def _dumped(n: int) -> str:
    """A homepage, as every fourth record is, or a work of four authors."""
    if n % 4 == 0:
        named = f"<author>M&uuml;ller Lovelace {n // 4 % 100_000:05}</author>\n<title>Home Page</title>\n"
        url = f"<url>https://orcid.org/0000-0000-{n % 10_000:04}-0000</url>\n"
        return f'<www mdate="2026-01-02" key="homepages/1/{n // 4 % 100_000}">\n{named}{url}</www>\n'
    firsts = n % 3 if n % 20_000 in (1, 2, 3) else 6 + n % 90_000
    people = "".join(f"<author>M&uuml;ller Lovelace {one:05}</author>\n" for one in range(firsts, firsts + 4))
    return _published(n, people)


def _published(n: int, people: str) -> str:
    """A work in proceedings, as a dump and a person's page have it."""
    return (
        f'<inproceedings mdate="2026-01-03" key="conf/ce/Ada{n}">\n{people}'
        f"<title>Engines of brass, and all the mills that they drive, part {n}.</title>\n<pages>{n}-{n + 9}</pages>\n"
        f"<year>2026</year>\n<booktitle>Conference on Engines</booktitle>\n"
        f'<ee type="oa">https://doi.org/10.1000/CE.2026.{n}</ee>\n<ee>https://www.wikidata.org/entity/Q{n}</ee>\n'
        f"<crossref>conf/ce/2026</crossref>\n<url>db/conf/ce/ce2026.html#Ada{n}</url>\n</inproceedings>\n"
    )


def _dblp(size: int) -> str:
    """A person's page: four authors a record, published in proceedings."""
    people = "".join(f'<author pid="{n}/{n}">Ada Lovelace {n:04}</author>\n' for n in range(1, 5))
    works = "".join(f"<r>{_published(n, people)}</r>\n" for n in range(size))
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
