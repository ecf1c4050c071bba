"""Every recorded answer of every service, read by its kind and compared with an independent reading, field by field.

The comparison knows the services' formats and none of the readers' helpers. What is no answer is refused by name.
"""

import csv
import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

import pytest
from lxml import etree
from lxml import html as lxml_html

from harvest.errors import UnreadableAnswer
from harvest.model import Answer
from harvest.sources import READERS, recognise

SHARED = Path(__file__).resolve().parents[2] / "shared"

RECORDINGS = SHARED / "recordings"
KINDS = {
    "arxiv_abs_files": "arxiv_abs", "arxiv_atom": "arxiv", "rendered_author_feed": "arxiv", "arxiv_html": "arxiv_abs",
    "arxiv_oai": "arxiv_oai", "rendered": "arxiv_oai", "oai_generic": "arxiv_oai", "crossref": "crossref",
    "datacite": "datacite", "dblp": "dblp", "openalex": "openalex", "orcid": "orcid",
    "semanticscholar": "semantic_scholar", "transcribed": "",
}  # fmt: skip
OURS = ("index.json", "index_abs.json", "index_list.json")  # about the recordings

# Of these, nothing may be believed; the reason says which.
REFUSED = {
    "id_abc_s0_m100.xml": "arXiv says: incorrect id format",
    "legacy2007_manual_error_http200.xml": "arXiv says: incorrect id format",
    "abs_error_": "arXiv says: Article", "abs_0704.0374_304_empty.txt": "empty",
    "dissemin_error_cannotDisseminateFormat.xml": "arXiv says: cannotDisseminateFormat",
    "error_badArgument": "arXiv says: badArgument", "badResumptionToken.xml": "arXiv says: badResumptionToken",
    "error_cannotDisseminateFormat.xml": "arXiv says: cannotDisseminateFormat",
    "error_idDoesNotExist.xml": "not found: ", "sickle_undefinedError.xml": "arXiv says: undefinedError",
    "sickle_ListRecordsBroken.xml": "no whole XML", "dblp_2016_CSrankings.dtd": "no whole XML",
    "_bad_request_0.txt": "not found: Crossref says", "_bad_id_warn_0.txt": "not found: Crossref says",
    "pqa_test_bulk_doi_search_11.txt": "not found: Crossref says", "client_requests_2.txt": "not found: Crossref says",
    "client_requests_5.txt": "not found: Crossref says", "client_requests_8.txt": "not found: Crossref says",
    "cursor_fails_cursor_value_0.json": "Crossref says: Cursor specified but it is invalid",
    "filters_not_allowed_with_dois_0.json": "Crossref says: This route does not support",
    "work_not-in-openalex_0.txt": "a web page titled '404 Not Found'",
    "pqa_test_does_openalex_work_": "no work, author or list",  # asked for other fields only
    "dns_test_not_found_": "not found: Semantic Scholar says", "dns_test_bad_query": "Semantic Scholar says: Unrecogn",
    "pqa_test_bad_dois_0.json": "not found: Semantic Scholar says", "pqa_test_bad_titles_1.json": "not found: Semantic",
    "dns_DatasetDiff.json": "no paper, author or list", "dns_Release.json": "no paper, author or list",
    "dns_test_get_release_0.json": "no paper, author or list", "dns_test_get_available": "a list without a paper",
}  # fmt: skip


def recordings():
    """Every file that is an answer of a service that we read."""
    for path in sorted(RECORDINGS.rglob("*.*")):
        kind = KINDS.get(path.parent.name)
        if kind is None or path.name in OURS or path.suffix == ".csv" or path.name.startswith("openreview"):
            continue
        kind = "arxiv_abs" if path.suffix == ".html" else kind
        yield pytest.param(path, kind or recognise(answer(path)), id=f"{path.parent.name}/{path.name}")


def answer(path, kind=""):
    return Answer(source=kind, url=path.name, body=path.read_bytes(), received_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.skipif(not SHARED.is_dir(), reason="no folder of recordings beside this checkout")
@pytest.mark.parametrize(("path", "kind"), recordings() if SHARED.is_dir() else [])
def test_a_recorded_answer_is_read_field_by_field_or_refused_by_name(path, kind):
    """No field is lost or invented between the bytes and the record."""
    reason = next((said for name, said in REFUSED.items() if name in path.name), None)
    if reason:
        with pytest.raises(UnreadableAnswer) as refused:
            READERS[kind].read(answer(path, kind))
        assert reason in refused.value.reason
        return
    said = READERS[kind].read(answer(path, kind))
    wanted = list(INDEPENDENT[kind](path))
    assert len(said.records) == len(wanted)
    for record, one in zip(said.records, wanted, strict=True):
        numbers = {reading.metric: reading.value for reading in said.readings if reading.key == record.key}
        for name, value in one.items():
            got = numbers.get(name) if name == "citations" else getattr(record, name.rstrip("~"))
            same = _letters if name.endswith("~") else _plain
            assert same(got) == same(value), (name, record.key)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("arxiv_429_rate_exceeded.txt", "Rate exceeded."),
        ("semanticscholar_429.json", "Too Many Requests"),
        ("crossref_429_2016.html", "429 Too Many Requests"),
        ("dblp_429_truncated.html", "429 Too Many Requests"),
        ("openreview_429_message_2026-08-05.txt", "surpassing the limit"),
    ],
)
def test_an_apology_is_refused_in_its_own_words_whoever_reads_it(shared, name, reason):
    """One that reads as "no papers" would make papers disappear."""
    path = shared / "recordings/transcribed/errors" / name
    for kind in set(KINDS.values()) - {""}:
        with pytest.raises(UnreadableAnswer) as refused:
            READERS[kind].read(answer(path, kind))
        own_words = {"json": "", "html": "web page"}.get(path.suffix[1:], reason)
        assert own_words in refused.value.reason
    assert recognise(answer(path)) is None


def test_published_dois_of_datacite_agree_with_the_derived_table(shared):
    """The table was made by somebody else from the same records."""
    folder = shared / "recordings/datacite"
    with (folder / "arxiv_related_doi_mapping_200.csv").open() as file:
        known = {row["doi"].lower(): row["related_doi"].lower() for row in csv.DictReader(file)}
    records = READERS["datacite"].read(answer(folder / "arxiv_dois_18.jsonl")).records
    checked = [record for record in records if record.key in known]
    assert len(checked) > 10
    for record in checked:
        assert record.doi == known[record.key] or known[record.key].split("/")[0] == record.doi.split("/")[0]


def test_metrics_of_an_author_are_readings(shared):
    """Numbers of the person stand without a key, and carry their source."""
    path = shared / "recordings/semanticscholar/dns_Author.json"
    said, plain = READERS["semantic_scholar"].read(answer(path)), json.loads(path.read_bytes())
    own = {(one.source, one.metric): one.value for one in said.readings if one.key is None}
    assert own == {
        ("semantic_scholar", "h_index"): plain["hIndex"],
        ("semantic_scholar", "citations"): plain["citationCount"],
        ("semantic_scholar", "papers"): plain["paperCount"],
    }


def test_totals_and_further_pages_are_as_said(shared):
    """How long a list is decides whether it is believed to be whole."""
    told = {
        "semanticscholar/dns_test_search_author_0.json": 59, "crossref/hab_test_cursor_0.json": 454,
        "openalex/dspace_openalex-publication-multiple.json": 42, "openalex/dspace_openalex-empty.json": 0,
        "datacite/dspace_dataCite-noResults.json": 0, "arxiv_oai/rendered/error_noRecordsMatch.xml": 0,
        "orcid/dspace_orcid-search.xml": 1, "arxiv_oai/ads_arxiv_multi_20230125.xml": 1090,
        "semanticscholar/dns_test_empty_paginated_results_0.json": 0, "crossref/pqa_test_bad_dois_1.json": 0,
    }  # fmt: skip
    for name, total in told.items():
        path = shared / "recordings" / name
        assert READERS[KINDS[path.parent.name]].read(answer(path)).total == total, name


def _plain(value):
    """Lists are compared as lists, texts by their words; what is empty is not said."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return (" ".join(value.split()) or None) if isinstance(value, str) else value


# Independent readings: one dict per record, only fields that the format has.


def _squeezed(element, path, names):
    return " ".join(element.xpath(f"string({path})", namespaces=names).split())


ATOM = {"a": "http://www.w3.org/2005/Atom", "x": "http://arxiv.org/schemas/atom"}


def _arxiv(path):
    if path.suffix == ".json":
        for one in json.loads(path.read_bytes())["entries"]:
            yield {
                "arxiv_id": one["id"].removeprefix("https://arxiv.org/abs/"), "title": one["title"],
                "authors": re.split(r", (?:and )?| and ", one["authors"]), "abstract": one["summary"],
                "comment": one.get("comment"), "doi": (one.get("doi") or "").lower().split(" ")[0],
                "arxiv_version": int(one["formats"]["pdf"].rpartition("v")[2]),
                "first_on": datetime.fromisoformat(one["published"]).date(),
                "published_on": datetime.fromisoformat(one["updated"]).date(),
            }  # fmt: skip
        return
    for one in etree.fromstring(path.read_bytes()).findall("a:entry", ATOM):
        addresses = [_squeezed(one, "a:id", ATOM), *one.xpath("a:link/@href", namespaces=ATOM)]
        version = next(found[1] for text in addresses if (found := re.search(r"v(\d+)$", text)))
        authors = [_squeezed(person, "a:name", ATOM) for person in one.findall("a:author", ATOM)]
        reference = _squeezed(one, "x:journal_ref", ATOM)
        wanted = {
            "arxiv_id": re.sub(r"^https?://arxiv.org/abs/|v\d+$", "", addresses[0]), "arxiv_version": int(version),
            "title": _squeezed(one, "a:title", ATOM), "abstract": _squeezed(one, "a:summary", ATOM),
            "authors": re.split(r", (?:and )?| and ", authors[0]) if path.suffix == ".atom2" else authors,
            "comment": _squeezed(one, "x:comment", ATOM), "doi": _squeezed(one, "x:doi", ATOM).lower().split(" ")[0],
            "first_on": datetime.fromisoformat(_squeezed(one, "a:published", ATOM)).astimezone(UTC).date(),
            "published_on": datetime.fromisoformat(_squeezed(one, "a:updated", ATOM)).astimezone(UTC).date(),
            "year": int(_squeezed(one, "a:published", ATOM)[:4]), "source": "arxiv",
        }  # fmt: skip
        yield wanted | ({"venue": reference} if reference else {})


def _letters(names):
    """Of names, only letters that carry no accent: some of arXiv's forms keep names in TeX."""
    return [_bare_letters(name) for name in names]


def _bare_letters(name):
    return re.sub(r"[^a-z]", "", re.sub(r"\\+[a-z]\{\w\}|\\+\W?\{?\\?\w|[^\x00-\x7f]", "", unescape(name)).lower())


def _raw_authors(text):
    """Names of a typed list, without what stands in brackets."""
    while re.search(r"\([^()]*\)", text):
        text = re.sub(r"\([^()]*\)", "", text)
    return [
        one for one in re.split(r",\s*(?:and\s)?|\sand\s|(?<=Collaboration):", " ".join(text.split())) if one.strip()
    ]


def _arxiv_oai(path):
    root = etree.fromstring(path.read_bytes())
    for record in root.xpath("descendant-or-self::*[local-name()='record'][*[local-name()='metadata']]"):
        (form,) = record.xpath("*[local-name()='metadata']/*")

        def all_of(name, form=form):
            return [" ".join("".join(one.itertext()).split()) for one in form.xpath(f"*[local-name()='{name}']")]

        def one_of(name):
            return next(iter(all_of(name)), "")

        wanted = {"title": one_of("title")}
        if etree.QName(form).localname == "dc":
            yield wanted | _dublin(record, all_of)
            continue
        wanted |= {
            "arxiv_id": one_of("id"), "abstract": one_of("abstract"), "comment": one_of("comments"),
            "doi": one_of("doi").lower().split(" ")[0], "categories": one_of("categories").split(),
        }  # fmt: skip
        if one_of("journal-ref"):
            wanted["venue"] = one_of("journal-ref")
        if etree.QName(form).localname == "arXivRaw":
            dates = [parsedate_to_datetime(one).date() for one in form.xpath("*/*[local-name()='date']/text()")]
            wanted |= {
                "arxiv_version": len(dates),
                "published_on": dates[-1],
                "first_on": dates[0],
                "year": dates[0].year,
            }
            yield wanted | {"authors~": _raw_authors(one_of("authors"))}
            continue
        people = form.xpath("*[local-name()='authors']/*")
        parts = ("forenames", "keyname", "suffix")
        said = [[person.xpath(f"string(*[local-name()='{part}'])") for part in parts] for person in people]
        names = [" ".join(filter(None, one)) for one in said]
        yield wanted | {"authors~": [name for name in names if name not in (":", "and")]}


def _dublin(record, all_of):
    own = [one for one in all_of("identifier") if "arxiv.org/abs/" in one]
    doi = next((one.removeprefix("doi:").lower() for one in all_of("identifier") if one.startswith("doi:")), None)
    wanted = {"authors~": all_of("creator"), "doi": doi, "year": int(min(all_of("date"))[:4])}
    if own:
        wanted["arxiv_id"] = own[0].partition("/abs/")[2]
        wanted["abstract"] = all_of("description")[0]
        wanted["comment"] = next((one.removeprefix("Comment: ") for one in all_of("description")[1:]), None)
    else:
        wanted["key"] = record.xpath("string(*/*[local-name()='identifier'])")
    return wanted


def _arxiv_abs(path):
    text = path.read_text("utf-8")
    if path.suffix == ".abs":
        _, head, abstract, _ = re.split(r"^\\\\\n", text, flags=re.MULTILINE)
        fields = dict(re.findall(r"^([\w-]+): (.*(?:\n  .*)*)", head, re.MULTILINE))
        dates = re.findall(r"^Date.*?: (.*?)   \(", head, re.MULTILINE)
        yield {
            "title": fields["Title"], "arxiv_id": re.search(r"arXiv:(\S+)", head)[1], "arxiv_version": len(dates),
            "abstract": abstract, "comment": fields.get("Comments"), "doi": (fields.get("DOI") or "").lower(),
            "published_on": parsedate_to_datetime(dates[-1]).date(), "first_on": parsedate_to_datetime(dates[0]).date(),
            "authors~": _raw_authors(fields["Authors"]), "categories": fields.get("Categories", "").split(),
        }  # fmt: skip
        return
    page = lxml_html.fromstring(text)
    metas = page.xpath("//meta[@name='citation_title']")
    for one in page.xpath("//dl[@id='articles']/dd"):
        yield {
            "title": one.xpath("string(.//*[contains(@class,'list-title')])").partition("Title:")[2],
            "authors": one.xpath(".//*[@class='list-authors']/a/text()"),
            "arxiv_id": one.getprevious().xpath(".//a[@title='Abstract']/@id")[0],
            "comment": one.xpath("string(.//*[contains(@class,'list-comments')])").partition("Comments:")[2],
        }  # fmt: skip
    if metas:

        def meta(name):
            return page.xpath(f"//meta[@name='citation_{name}']/@content")

        shown = page.xpath("//div[@class='authors']/a/text()")
        number = re.search(r"v(\d+)", page.xpath("string(//td[contains(@class,'arxividv')])"))
        history = page.xpath("string(//div[@class='submission-history'])")
        moments = [parsedate_to_datetime(one).date() for one in re.findall(r"\w{3}, \d+ \w{3} \d{4} [\d:]+", history)]
        yield {
            "title": meta("title")[0], "authors": shown, "arxiv_id": meta("arxiv_id")[0],
            "abstract": meta("abstract")[0],
            "doi": next(iter(meta("doi")), "").lower(), "arxiv_version": int(number[1]), "first_on": moments[0],
            "published_on": moments[int(number[1]) - 1], "truncated": "authors not shown" in text,
        }  # fmt: skip
        assert len(shown) == len(meta("author"))


def _day(text):
    return datetime.fromisoformat(text).date() if text else None


def _bare(text):
    return re.sub(r"<[^<>]*>", "", unescape(text or ""))


def _bibtex(path):
    text = path.read_text("utf-8")
    fields = dict(re.findall(r"(\w+)\s*=\s*\{(.*?)\}\s*[,}]", text, re.DOTALL))
    if "title" in fields:
        title = " ".join(re.sub(r"[{}]", "", fields["title"]).split())
        yield {"title": title.removesuffix("."), "doi": (fields.get("DOI") or fields.get("doi") or "").lower()}


def _crossref(path):
    if path.suffix == ".txt":
        yield from _bibtex(path)
        return
    message = json.loads(path.read_bytes())["message"]
    works = message.get("items", [message] if "title" in message else [])
    for work in works:
        people = work.get("author") or work.get("editor") or []
        dates = [work.get(name, {}).get("date-parts", [[None]])[0] for name in
                 ("published-print", "published-online", "issued", "published", "posted", "created")]  # fmt: skip
        parts = next((one for one in dates if one and one[0]), [None])
        yield {
            "key": work["DOI"].lower(), "doi": work["DOI"].lower(), "title": _bare(work["title"][0]),
            "authors": [" ".join(filter(None, (one.get("given"), one.get("family")))) or one["name"] for one in people],
            "year": parts[0], "citations": work.get("is-referenced-by-count"),
            "venue": next(iter(work.get("container-title") or []), None)
            or (work.get("institution") or [{}])[0].get("name") or work.get("event", {}).get("name"),
        }  # fmt: skip


def _datacite(path):
    text = path.read_text("utf-8")
    said = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)["data"]
    for one in said if isinstance(said, list) else [said]:
        about = one["attributes"]
        if "creators" not in about:  # as it was in 2018
            (author,) = about["author"]
            yield {"title": about["title"], "authors": [f"{author['given']} {author['family']}"], "doi": about["doi"],
                   "year": int(about["published"]), "venue": about["container-title"]}  # fmt: skip
            continue
        described = {each["descriptionType"]: each["description"] for each in about["descriptions"]}
        sent = {each["dateInformation"]: each["date"] for each in about["dates"] if each["dateType"] == "Submitted"}
        related = [each["relatedIdentifier"] for each in about["relatedIdentifiers"]]
        yield {
            "key": about["doi"], "arxiv_id": about["identifiers"][0]["identifier"],
            "title": about["titles"][0]["title"],
            "authors": [f"{each['givenName']} {each['familyName']}" for each in about["creators"]],
            "arxiv_version": int(about["version"]), "year": about["publicationYear"], "doi": next(iter(related), None),
            "abstract": unescape(described["Abstract"]), "comment": described.get("Other"),
            "citations": about["citationCount"],
            "first_on": datetime.fromisoformat(sent["v1"]).date(),
            "published_on": datetime.fromisoformat(sent[f"v{about['version']}"]).date(),
        }  # fmt: skip


def _dblp(path):
    if path.suffix == ".bib":
        yield from _bibtex(path)
        return
    if path.suffix == ".json":
        yield from _dblp_search(json.loads(path.read_bytes())["result"]["hits"]["hit"])
        return
    if path.suffix == ".ttl":
        yield from _dblp_turtle(path.read_text("utf-8"))
        return
    plain = re.sub(r"<[?!][^<>]*>", "", path.read_bytes().decode("latin-1"))  # letters where their names stood
    root = etree.fromstring(re.sub(r"&(?!amp|lt|gt|apos|quot)[a-z]+;", lambda name: unescape(name[0]), plain))
    for work in root.xpath("//*[@key][title]"):

        def text(name, work=work):
            return " ".join(work.xpath(f"string({name})").split())

        people = work.xpath("author")
        informal = text("journal") == "CoRR"
        dois = [link.split("doi.org/")[1].lower() for link in work.xpath("ee/text()") if "doi.org/" in link]
        yield {
            "key": work.get("key"), "title": text("title").removesuffix("."), "year": int(text("year")),
            "authors": [re.sub(r" \d{4}$", "", person.text) for person in people],
            "author_keys": [one.get("pid") or (re.findall(r" (\d{4})$", one.text) or [""])[0] for one in people],
            "venue": text("booktitle") or text("journal"),
            "doi": next((doi for doi in dois if "arxiv" not in doi), None),
            "arxiv_id": text("volume").removeprefix("abs/") if informal else None,
            "stage": "preprint" if informal else "published",
        }  # fmt: skip


def _dblp_search(hits):
    for hit in hits:
        info = hit["info"]
        found = info["authors"]["author"]
        people = [
            one if isinstance(one, str) else one["text"] for one in (found if isinstance(found, list) else [found])
        ]
        yield {
            "key": info["key"], "title": unescape(info["title"]).removesuffix("."), "year": int(info["year"]),
            "authors": [re.sub(r" \d{4}$", "", one) for one in people], "venue": info.get("venue"),
            "doi": (info.get("doi") or "").lower(),
        }  # fmt: skip


def _dblp_turtle(text):
    for block in re.split(r"\n\n(?=<https://dblp.org/rec/)", text)[1:]:

        def first(pattern, block=block):
            return next(iter(re.findall(pattern, block)), None)

        names = re.findall(r'signatureDblpName "(.*?)" ;[\s\S]*?signatureOrdinal (\d+)', block)
        yield {
            "key": first(r"<https://dblp.org/rec/(.*?)>"), "title": first(r'dblp:title "(.*?)" ;').removesuffix("."),
            "authors": [re.sub(r" \d{4}$", "", name) for name, _ in sorted(names, key=lambda one: int(one[1]))],
            "year": int(first(r'yearOfPublication "(\d+)"')), "venue": first(r'publishedIn "(.*?)" ;'),
            "doi": (first(r"dblp:doi <https://doi.org/(.*?)>") or "").lower(),
        }  # fmt: skip


def _openalex(path):
    for one in json.loads(path.read_bytes())["results"]:
        if "/W" in one["id"]:
            yield {
                "key": one["id"].split("/")[-1], "title": one["title"], "year": one.get("publication_year"),
                "authors": [each["author"]["display_name"] for each in one.get("authorships", [])],
                "author_keys": [each["author"]["id"].split("/")[-1] for each in one.get("authorships", [])],
                "doi": one["doi"].removeprefix("https://doi.org/") if "doi" in one else None,
                "published_on": _day(one.get("publication_date")),
                "citations": one.get("cited_by_count"),
                "venue": one["primary_location"]["source"]["display_name"] if "primary_location" in one else None,
            }  # fmt: skip


def _semantic_scholar(path):
    said = json.loads(path.read_bytes())
    around = said if isinstance(said, dict) else {}
    found = said if isinstance(said, list) else around.get("data", around.get("papers", [around]))
    for entry in found:
        one = entry and (entry.get("citedPaper") or entry)
        if not one or not one.get("title"):
            continue
        ids = one.get("externalIds") or {}
        doi = (ids.get("DOI") or "").lower()
        yield {
            "key": one["paperId"] or one["title"].casefold(), "title": one["title"], "year": one.get("year"),
            "authors": [each["name"] for each in one.get("authors") or []],
            "author_keys": [each["authorId"] for each in one.get("authors") or []],
            "doi": None if "arxiv" in doi else doi, "arxiv_id": ids.get("ArXiv"), "abstract": one.get("abstract"),
            "venue": one.get("venue") or (one.get("publicationVenue") or one.get("journal") or {}).get("name"),
            "citations": one.get("citationCount"),
            "published_on": _day(one.get("publicationDate")),
            "url": one.get("url"),
        }  # fmt: skip


def _orcid(path):
    names = {"w": "http://www.orcid.org/ns/work", "c": "http://www.orcid.org/ns/common"}
    for work in etree.fromstring(path.read_bytes()).iter(f"{{{names['w']}}}work-summary"):
        own = "c:external-ids/c:external-id[c:external-id-relationship='self'][c:external-id-type='doi']"
        yield {
            "key": work.get("path")[1:].replace("work/", ""), "title": _squeezed(work, "w:title/c:title", names),
            "doi": _squeezed(work, f"{own}/c:external-id-value", names).lower(),
            "venue": _squeezed(work, "w:journal-title", names),
            "year": int(_squeezed(work, "c:publication-date/c:year", names)), "url": _squeezed(work, "c:url", names),
        }  # fmt: skip


INDEPENDENT = {
    "arxiv": _arxiv, "arxiv_oai": _arxiv_oai, "arxiv_abs": _arxiv_abs, "crossref": _crossref, "datacite": _datacite,
    "dblp": _dblp, "openalex": _openalex, "orcid": _orcid, "semantic_scholar": _semantic_scholar,
}  # fmt: skip
