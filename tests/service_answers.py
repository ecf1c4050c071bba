"""Small invented answers of every service, as the service writes them; tests change what they are about."""

# ruff: noqa: E501 - answers stand as their services write them

import copy
import json
from datetime import UTC, datetime

from harvest.model import Answer

ORCID_ID = "0000-0001-5109-3700"


def answer(kind, body, url="saved"):
    """An answer of a kind; what is no bytes is written as JSON, and a text as UTF-8."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body)
    body = body if isinstance(body, bytes) else body.encode()
    return Answer(source=kind, url=url, body=body, received_at=datetime(2026, 5, 1, tzinfo=UTC), person_id="ada")


def changed(said, **fields):
    """A copy with other fields; None stays null, ... takes a field away."""
    made = copy.deepcopy(said) | fields
    return {name: value for name, value in made.items() if value is not ...}


CROSSREF_WORK = {
    "DOI": "10.1000/X.1", "type": "journal-article", "title": ["On <i>Engines</i> &amp; x<sup>2</sup>"],
    "container-title": ["Journal of Engines"], "is-referenced-by-count": 7, "URL": "https://doi.org/10.1000/x.1",
    "author": [
        {"given": "Ada", "family": "Lovelace", "ORCID": f"https://orcid.org/{ORCID_ID}", "sequence": "first"},
        {"name": "Mill Collaboration"},
    ],
    "published-print": {"date-parts": [[2026, 2, 3]]}, "issued": {"date-parts": [[2025, 12]]},
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We analyse <jats:italic>engines</jats:italic>.</jats:p>",
}  # fmt: skip
CROSSREF = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": CROSSREF_WORK}
CROSSREF_LIST = {
    "status": "ok", "message-type": "work-list",
    "message": {"total-results": 40, "next-cursor": "abc=", "items": [CROSSREF_WORK, {"DOI": "10.1000/x.2", "title": ["Mills"]}]},
}  # fmt: skip

DATACITE_ITEM = {
    "id": "10.48550/arxiv.2401.00001", "type": "dois",
    "attributes": {
        "doi": "10.48550/arxiv.2401.00001", "identifiers": [{"identifier": "2401.00001", "identifierType": "arXiv"}],
        "creators": [
            {"name": "Lovelace, Ada", "givenName": "Ada", "familyName": "Lovelace",
             "nameIdentifiers": [{"nameIdentifier": f"https://orcid.org/{ORCID_ID}"}]},
            {"name": "Mill Collaboration", "nameType": "Organizational"},
        ],
        "titles": [{"title": "Engines", "titleType": "TranslatedTitle"}, {"title": "Maschinen"}],
        "publisher": "arXiv", "publicationYear": 2024, "version": "2", "citationCount": 3,
        "dates": [
            {"date": "2024-01-01T10:00:00Z", "dateType": "Submitted", "dateInformation": "v1"},
            {"date": "2024-02-03T10:00:00Z", "dateType": "Submitted", "dateInformation": "v2"},
        ],
        "relatedIdentifiers": [
            {"relationType": "IsVersionOf", "relatedIdentifier": "10.1000/X.1", "relatedIdentifierType": "DOI"},
            {"relationType": "IsVersionOf", "relatedIdentifier": "10.1000/x.2", "relatedIdentifierType": "DOI"},
        ],
        "descriptions": [
            {"description": "We analyse engines.", "descriptionType": "Abstract"},
            {"description": "Accepted at ICML 2024", "descriptionType": "Other"},
        ],
        "subjects": [{"subject": "Machine Learning (cs.LG)", "subjectScheme": "arXiv"}, {"subject": "FOS: Mathematics"}],
        "types": {"resourceTypeGeneral": "Text"}, "url": "https://arxiv.org/abs/2401.00001",
    },
}  # fmt: skip
DATACITE = {"data": DATACITE_ITEM}
DATACITE_LIST = {
    "data": [DATACITE_ITEM], "meta": {"total": 30},
    "links": {"next": "https://api.datacite.org/dois?query=x&page%5Bcursor%5D=abc"},
}  # fmt: skip

S2_PAPER = {
    "paperId": "a1b2", "title": "Engines", "venue": "Journal of Engines", "year": 2026, "publicationDate": "2026-02-03",
    "externalIds": {"ArXiv": "2401.00001", "DOI": "10.1000/X.1", "DBLP": "journals/je/Ada26"}, "citationCount": 9,
    "influentialCitationCount": 2, "abstract": "We analyse engines.", "url": "https://www.semanticscholar.org/paper/a1b2",
    "authors": [{"authorId": "77", "name": "Ada Lovelace"}, {"authorId": None, "name": "Bob"}],
    "publicationVenue": None, "journal": {"name": "J. Engines"}, "fieldsOfStudy": ["Computer Science"],
}  # fmt: skip
S2_AUTHOR = {
    "authorId": "77", "name": "Ada Lovelace", "hIndex": 7, "citationCount": 345, "paperCount": 12, "homepage": None,
    "externalIds": {"DBLP": ["Ada Lovelace 0003"]}, "affiliations": ["Mill"], "papers": [S2_PAPER],
}  # fmt: skip
S2_LIST = {"total": 30, "offset": 0, "next": 2, "data": [S2_PAPER, {"citedPaper": {"paperId": None, "title": "Mills"}}]}

OPENALEX_WORK = {
    "id": "https://openalex.org/W5678", "title": "Engines", "doi": "https://doi.org/10.1000/X.1", "cited_by_count": 9,
    "publication_year": 2026, "authorships": [{"author": {"id": "https://openalex.org/A1234", "display_name": "Ada"}}],
    "primary_location": {"source": {"type": "journal", "display_name": "J"}, "version": "publishedVersion"},
}  # fmt: skip
OPENALEX = {"meta": {"count": 1, "next_cursor": "b"}, "results": [OPENALEX_WORK]}

ORCID_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<record:record xmlns:record="http://www.orcid.org/ns/record" xmlns:c="http://www.orcid.org/ns/common"
 xmlns:p="http://www.orcid.org/ns/person" xmlns:d="http://www.orcid.org/ns/personal-details"
 xmlns:e="http://www.orcid.org/ns/email" xmlns:o="http://www.orcid.org/ns/other-name"
 xmlns:a="http://www.orcid.org/ns/activities" xmlns:w="http://www.orcid.org/ns/work">
<c:orcid-identifier><c:path>{ORCID_ID}</c:path></c:orcid-identifier>
<p:person><p:name><d:given-names>Ada</d:given-names><d:family-name>Lovelace</d:family-name></p:name>
<o:other-names><o:other-name><o:content>A. King</o:content></o:other-name></o:other-names>
<e:emails><e:email><e:email>ada@example.org</e:email></e:email></e:emails></p:person>
<a:activities-summary><a:works><a:group><w:work-summary put-code="9">
<w:title><c:title>Engines</c:title></w:title>
<c:external-ids><c:external-id><c:external-id-type>doi</c:external-id-type><c:external-id-value>10.1000/X.1</c:external-id-value>
<c:external-id-relationship>self</c:external-id-relationship></c:external-id>
<c:external-id><c:external-id-type>doi</c:external-id-type><c:external-id-value>10.1000/proceedings</c:external-id-value>
<c:external-id-relationship>part-of</c:external-id-relationship></c:external-id>
<c:external-id><c:external-id-type>arxiv</c:external-id-type><c:external-id-value>2401.00001</c:external-id-value>
<c:external-id-relationship>self</c:external-id-relationship></c:external-id></c:external-ids>
<c:url>https://example.org/engines</c:url><w:type>conference-paper</w:type>
<c:publication-date><c:year>2026</c:year><c:month>02</c:month><c:day>03</c:day></c:publication-date>
<w:journal-title>Conference on Engines</w:journal-title></w:work-summary></a:group></a:works></a:activities-summary>
</record:record>"""
ORCID_JSON = {
    "orcid-identifier": {"path": ORCID_ID, "host": "orcid.org"},
    "person": {
        "name": {"given-names": {"value": "Ada"}, "family-name": {"value": "Lovelace"}},
        "other-names": {"other-name": [{"content": "A. King"}]}, "emails": {"email": [{"email": "ada@example.org"}]},
    },
    "activities-summary": {"works": {"group": [{"work-summary": [{
        "put-code": 9, "title": {"title": {"value": "Engines"}, "subtitle": None}, "type": "conference-paper",
        "external-ids": {"external-id": [
            {"external-id-type": "doi", "external-id-value": "10.1000/X.1", "external-id-relationship": "self"},
            {"external-id-type": "doi", "external-id-value": "10.1000/proceedings", "external-id-relationship": "part-of"},
            {"external-id-type": "arxiv", "external-id-value": "2401.00001", "external-id-relationship": "self"},
        ]},
        "publication-date": {"year": {"value": "2026"}, "month": {"value": "02"}, "day": {"value": "03"}},
        "journal-title": {"value": "Conference on Engines"}, "url": {"value": "https://example.org/engines"},
    }]}]}},
}  # fmt: skip


def oai(*records, verb="ListRecords", more=""):
    """An answer of OAI-PMH."""
    inside = "".join(records)
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><{verb}>{inside}{more}</{verb}></OAI-PMH>'


def oai_record(metadata, header="<setSpec>cs:cs:LG</setSpec>", id="oai:arXiv.org:2401.00001"):
    """One record in any format."""
    return f"<record><header><identifier>{id}</identifier>{header}</header><metadata>{metadata}</metadata></record>"


RAW = r"""<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2401.00001</id><submitter>Ada</submitter>
<version version="v1"><date>Mon, 01 Jan 2024 23:30:00 GMT</date><size>8kb</size></version>
<version version="v2"><date>Sat, 03 Feb 2024 10:00:00 GMT</date><size>9kb</size></version>
<title>Engines</title><authors>Ada Lovelace (Mill, England) and R. M\"uller ((1) Inn, (2) Mill)</authors>
<categories>cs.LG stat.ML</categories><comments>Accepted at ICML 2024</comments><doi>10.1000/X.1 10.1000/x.2</doi>
<abstract>  We analyse
engines.</abstract></arXivRaw>"""
PLAIN = r"""<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2401.00001</id><created>2024-01-01</created><updated>2024-02-03</updated>
<authors><author><keyname>M\"uller</keyname><forenames>R.</forenames><suffix>Jr</suffix></author><author><keyname>Mill Collaboration</keyname></author>
<author><keyname>:</keyname></author></authors><title>Engines</title><categories>cs.LG</categories><journal-ref>J. Engines 3 (2025) 1</journal-ref></arXiv>"""
DUBLIN = """<d:dc xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Engines</dc:title><dc:creator>Lovelace, Ada</dc:creator><dc:description>We analyse engines.</dc:description>
<dc:description>Comment: 5 pages</dc:description><dc:date>2024-01-01</dc:date><dc:date>2024-02-03</dc:date>
<dc:identifier>http://arxiv.org/abs/2401.00001</dc:identifier><dc:identifier>J. Engines 3 (2025) 1</dc:identifier>
<dc:identifier>doi:10.1000/X.1</dc:identifier></d:dc>"""

ABS_PAGE = r"""<!DOCTYPE html><html><head><title>[2401.00001v1] Engines</title>
<meta name="citation_title" content="On $\alpha$-Engines"/><meta name="citation_author" content="Lovelace, Ada"/>
<meta name="citation_arxiv_id" content="2401.00001"/><meta name="citation_abstract" content="We analyse engines."/></head><body>
<h1 class="title mathjax"><span class="descriptor">Title:</span>On α-Engines</h1>
<div class="authors"><span class="descriptor">Authors:</span><a href="/a">Ada Lovelace</a>, <a href="/b">Bob</a></div>
<table><tr><td class="tablecell label">Comments:</td><td class="tablecell comments">Code at <a href="https://example.org/x">this https URL</a></td></tr>
<tr><td class="tablecell label">Report&nbsp;number:</td><td class="tablecell jref">MILL-1</td></tr>
<tr><td class="tablecell label">Journal&nbsp;reference:</td><td class="tablecell jref">J. Engines 3 (2025) 1</td></tr>
<tr><td class="tablecell label">Subjects:</td><td class="tablecell subjects">Machine Learning (cs.LG); Methods (stat.ME)</td></tr>
<tr><td class="tablecell label"></td><td class="tablecell arxividv">(or <a href="x">arXiv:2401.00001v1</a> [cs.LG] for this version)</td></tr></table>
<div class="submission-history">From: Ada <strong>[v1]</strong> Mon, 1 Jan 2024 23:30:00 UTC (8 KB)<br/>
<strong><a href="/abs/2401.00001v2">[v2]</a></strong> Sat, 3 Feb 2024 10:00:00 UTC (0 KB) <em>(withdrawn)</em></div></body></html>"""
LIST_PAGE = """<html><body><div class='paging'>Total of 2 entries</div><dl id='articles'>
<dt><a href="/abs/2401.00001" title="Abstract">arXiv:2401.00001</a></dt><dd><div class='meta'>
<div class='list-title mathjax'><span class='descriptor'>Title:</span> Engines</div>
<div class='list-authors'><a href="x">Ada Lovelace</a></div>
<div class='list-subjects'><span>Subjects:</span> <span>Machine Learning (cs.LG)</span></div></div></dd></dl></body></html>"""
ABS_FILE = r"""------------------------------------------------------------------------------
\\
arXiv:2401.00001
From: Ada <ada@example.org>
Date: Mon, 1 Jan 2024 23:30:00 GMT   (8kb)
Date (revised v2): Sat, 3 Feb 2024 10:00:00 GMT   (0kb,I)

Title: Engines of all
  kinds
Authors: The Mill Collaboration: A. Lovelace, R. M\"uller, S. Smith, Jr.,
  P. K{\o}nig (750 additional authors not shown)
Categories: cs.LG stat.ML
Comments: 5 pages
DOI: 10.1000/X.1
\\
  We analyse
engines.
\\
"""

DBLP_PAGE = """<dblpperson name="Ada" pid="1/2" n="1"><person key="homepages/1/2"><author pid="1/2">Ada</author></person>
<r><article key="journals/je/Ada26" mdate="2026-01-01"><author pid="1/2">Ada</author><title>Engines.</title><year>2026</year>
<journal>J. Engines</journal><ee>https://doi.org/10.1000/x.1</ee></article></r></dblpperson>"""
DBLP_SEARCH = {"result": {"status": {"@code": "200"}, "hits": {"@total": "1", "hit": {"info": {
    "key": "conf/ce/Ada26", "title": "Engines &amp; Mills.", "authors": {"author": {"@pid": "1/2", "text": "Ada Lovelace 0003"}},
    "venue": "CE", "year": "2026", "type": "Conference and Workshop Papers"}}}}}  # fmt: skip
DBLP_SEARCH_XML = """<result><query>x</query><status code="200">OK</status><hits total="2" computed="2" sent="2" first="0">
<hit score="1"><info><authors><author pid="1/2">Ada Lovelace 0003</author><author pid="3/4">Bob</author></authors>
<title>Engines &amp;amp; <i>Mills</i>.</title><venue>CE</venue><year>2026</year><type>Conference and Workshop Papers</type>
<key>conf/ce/Ada26</key><ee>https://doi.org/10.1000/X.1</ee></info></hit>
<hit><info><author>Ada Lovelace 0003</author><url>https://dblp.org/pid/1/2</url><notes><note type="affiliation">Mill</note></notes></info></hit>
</hits></result>"""
DBLP_RDF = """@prefix dblp: <https://dblp.org/rdf/schema#> .

<https://dblp.org/rec/conf/ce/Ada26>
\tdblp:doi <https://doi.org/10.1000/X.1> ;
\tdblp:title "Engines \\"of\\" M\\u00fcller." ;
\tdblp:hasSignature [ dblp:signatureDblpName "Bob" ; dblp:signatureCreator <https://dblp.org/pid/3/4> ; dblp:signatureOrdinal 2 ;
\t\ta dblp:AuthorSignature ], [ dblp:signatureDblpName "Ada Lovelace 0003" ; dblp:signatureOrdinal 1 ] ;
\tdblp:publishedIn "CE" ; dblp:yearOfPublication "2026"^^<http://www.w3.org/2001/XMLSchema#gYear> ;
\ta dblp:Publication, dblp:Inproceedings .
"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">
<o:totalResults>1</o:totalResults><o:startIndex>0</o:startIndex><o:itemsPerPage>10</o:itemsPerPage>
<entry><id>http://arxiv.org/abs/2401.00001v2</id><title>Engines</title><updated>2024-02-03T10:00:00Z</updated>
<published>2024-01-01T10:00:00Z</published><author><name>Ada Lovelace</name></author><summary>We analyse.</summary>
<arxiv:comment>5 pages</arxiv:comment><arxiv:primary_category term="cs.LG"/></entry></feed>"""
AUTHOR_FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Ada Lovelace's articles on arXiv</title>
<link href="http://arxiv.org/a/lovelace_a_1.atom{form}" rel="self"/><entry><id>https://arxiv.org/abs/2401.00001</id>
<title>Engines</title><updated>2024-02-03T10:00:00+00:00</updated><published>2024-01-01T10:00:00+00:00</published>
<author><name>{names}</name></author><link title="pdf" href="https://arxiv.org/pdf/2401.00001v2" rel="alternate"/></entry></feed>"""
AUTHOR_JSON = {"entries": [{
    "id": "https://arxiv.org/abs/2401.00001", "title": "Engines", "authors": "Ada Lovelace, Bob", "comment": None,
    "summary": "We analyse.", "published": "2024-01-01T10:00:00+00:00", "updated": "2024-02-03T10:00:00+00:00",
    "categories": "Machine Learning (cs.LG)", "formats": {"pdf": "https://arxiv.org/pdf/2401.00001v2"}}]}  # fmt: skip

# One or more whole answers of each kind.
WHOLE = {
    "arxiv": [ATOM, AUTHOR_FEED.format(form="2", names="Ada Lovelace, Bob"), AUTHOR_JSON],
    "arxiv_oai": [
        oai(oai_record(RAW), oai_record(PLAIN), oai_record(DUBLIN), more="<resumptionToken>a%3D1</resumptionToken>")
    ],
    "arxiv_abs": [ABS_PAGE, LIST_PAGE, ABS_FILE],
    "crossref": [CROSSREF, CROSSREF_LIST],
    "datacite": [DATACITE, DATACITE_LIST],
    "dblp": [DBLP_PAGE, DBLP_SEARCH, DBLP_SEARCH_XML, DBLP_RDF],
    "openalex": [OPENALEX, OPENALEX_WORK],
    "orcid": [ORCID_XML, ORCID_JSON],
    "semantic_scholar": [S2_PAPER, S2_AUTHOR, S2_LIST, [None, S2_PAPER]],
}
