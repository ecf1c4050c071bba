"""One spelling for each identifier: arXiv id, DOI, DBLP key and pid, ORCID, OpenAlex id.

Every ``parse_…`` takes what people and services really write (URLs, prefixes, versions, stray case and
spaces) and returns the canonical form, or None when the text is not such an identifier.
"""

import re
from urllib.parse import unquote

_NEW_ARXIV = r"\d{4}\.\d{4,5}"
_OLD_ARXIV = r"[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7}"
# Not inside a DOI ("10.1000/5678.9012") nor inside a longer number.
_ARXIV = re.compile(rf"(?<![\d./])({_NEW_ARXIV}|{_OLD_ARXIV})(?:v(\d+))?(?![\d/]|\.\d)")
_ARXIV_PREFIX = re.compile(
    r"^\s*(?:(?:https?://)?(?:[\w.-]*\.)?arxiv\.org/(?:abs|pdf|html|format)/|arxiv\s*(?:preprint\s*)?:?\s*"
    r"|(?:https?://(?:dx\.)?doi\.org/)?10\.48550/arxiv\.)",
    re.IGNORECASE,
)
# A journal's item in angle brackets, and then "2.0.CO;2", is part of the DOI: ANSI/NISO Z39.56, until about 2000.
_DOI = re.compile(r"10\.\d{4,9}/(?:[^\s\"<>\0-\x1f]|<[^\s\"<>\0-\x1f]{1,60}>(?=\d\.\d\.[a-z]{2};))+", re.IGNORECASE)
# What a resolver is asked besides is no part of the DOI.
_ASKED = re.compile(r"(?<=doi\.org/10\.)([^\s?#]{1,300})[?#]\S*")
_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])")
_PID = re.compile(r"^(?:https?://dblp(?:\.org|\.uni-trier\.de|\.dagstuhl\.de)/pid/)?([a-z0-9]{1,3}/[\w-]+?)(?:\.\w+)?$")
_DBLP_KEY = re.compile(
    r"(?:^|/rec/|:)((?:conf|journals|books|phd|reference|series|tr|persons)/[\w-]+/[\w.-]+?)(?:\.(?:xml|html|bib))?$"
)
_OPENALEX = re.compile(r"\b([AW]\d{4,})\b", re.IGNORECASE)


def parse_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """("2410.11474", 2) from "https://arxiv.org/pdf/2410.11474v2.pdf"; the version is None when not said."""
    bare = _ARXIV_PREFIX.sub("", text.strip())
    found = _ARXIV.match(bare)
    if not found or bare[found.end() :] not in ("", ".pdf"):
        return None
    return found[1], int(found[2]) if found[2] else None


def find_arxiv_id(text: str) -> tuple[str, int | None] | None:
    """The first arXiv id that running text names as such ("arXiv preprint: 2206.03299, 1-32"), if any."""
    named = re.search(
        rf"ar\s?xiv(?:\.org)?(?:\s*preprint)?[\s:.,/]*(?:(?:abs|pdf|html|ar\s?xiv)[/:\s]*)?({_NEW_ARXIV}|{_OLD_ARXIV})(?:v(\d+))?(?!\d)",
        text,
        re.IGNORECASE,
    )
    return (named[1], int(named[2]) if named[2] else None) if named else None


def parse_doi(text: str) -> str | None:
    """Lower-case DOI without resolver or prefix. None for arXiv's own DOIs: those are arXiv ids."""
    plain = _ASKED.sub(r"\1", text)
    found = _DOI.search(unquote(plain) if "%" in plain else plain)
    if not found:
        return None
    doi = found[0].rstrip(".,;)").lower()
    return None if doi.startswith("10.48550/arxiv.") else doi


def parse_orcid(text: str) -> str | None:
    """The sixteen digits with dashes, X upper case, when the check digit is right (ISO 7064 mod 11-2)."""
    found = _ORCID.search(text)
    if not found:
        return None
    digits = found[1].upper().replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return found[1].upper() if digits[-1] == ("X" if check == 10 else str(check)) else None


def parse_pid(text: str) -> str | None:
    """A DBLP person id such as "95/7448-1" or "m/AndrewMcCallum", from itself or its page's address."""
    found = _PID.match(text.strip())
    return found[1] if found else None


def parse_dblp_key(text: str) -> str | None:
    """A DBLP record key such as "conf/icml/LiTE17", from itself or its page's address."""
    found = _DBLP_KEY.search(text.strip())
    return found[1] if found else None


def parse_openalex_id(text: str) -> str | None:
    """ "A5016721535" or "W1775749144", upper case, from itself or its address."""
    found = _OPENALEX.search(text)
    return found[1].upper() if found else None


def arxiv_id_of_dblp_key(key: str) -> str | None:
    """The arXiv id a CoRR key carries since 2016: journals/corr/abs-2508-04024 is 2508.04024."""
    found = re.fullmatch(r"journals/corr/abs-(\d{4})-(\d{4,5})", key)
    if found:
        return f"{found[1]}.{found[2]}"
    old = re.fullmatch(r"journals/corr/abs-([a-z]+(?:-[a-z]+)*)-(\d{7})", key)
    return f"{old[1]}/{old[2]}" if old else None
