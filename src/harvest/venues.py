"""One spelling per venue, so that two sources' words for one event compare equal.

The table holds the names by which the field knows its own venues; a venue it does not know keeps its
own words. Acronyms follow the venues' own proceedings and DBLP's booktitles.
"""

import re

_VENUES: tuple[tuple[str, str], ...] = (
    ("NeurIPS", r"neurips|\bnips\b|neural information processing systems"),
    ("ICML", r"\bicml\b|international conference on machine learning"),
    ("ICLR", r"\biclr\b|international conference on learning representations"),
    ("AISTATS", r"\baistats\b|artificial intelligence and statistics"),
    ("COLT", r"\bcolt\b|conference on learning theory"),
    ("COLM", r"\bcolm\b|conference on language modell?ing"),
    ("ACPR", r"\bacpr\b|asian conference on pattern recognition"),
    ("AAAI", r"\baaai\b"),
    ("IJCAI", r"\bijcai\b|international joint conference on artificial intelligence"),
    ("IJCNN", r"\bijcnn\b|international joint conference on neural networks"),
    ("EMNLP", r"\bemnlp\b|empirical methods in natural language"),
    ("NAACL", r"\bnaacl\b|north american chapter"),
    ("ACL", r"\bacl\b|association for computational linguistics"),
    ("CVPR", r"\bcvpr\b|computer vision and pattern recognition"),
    ("ICCV", r"\biccv\b|international conference on computer vision"),
    ("ECCV", r"\beccv\b|european conference on computer vision"),
    ("SIGIR", r"\bsigir\b"),
    ("KDD", r"\bkdd\b|knowledge discovery and data mining"),
    ("ICASSP", r"\bicassp\b|acoustics, speech,? and signal"),
    ("JMLR", r"\bjmlr\b|j(?:ournal|\.)?\s+(?:of\s+)?mach(?:ine|\.)?\s+learn(?:ing|\.)?\s+res(?:earch|\.)?"),
    ("TMLR", r"\btmlr\b|transactions on machine learning research|trans\. mach\. learn\. res"),
    ("TPAMI", r"\btpami\b|pattern analysis and machine intelligence|trans\. pattern anal"),
    ("TGRS", r"\btgrs\b|trans(?:actions|\.) (?:on )?geosci(?:ence|\.)"),
    ("arXiv", r"\barxiv\b|\bcorr\b"),
)
_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _VENUES)
_WORKSHOP = re.compile(r"workshop|\bwksp?\b|@", re.IGNORECASE)
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")


def short_venue(text: str | None, year: int | None = None) -> str | None:
    """ "NeurIPS 2024" for any of its spellings; "NeurIPS 2023 Workshop" for any workshop of it.

    The year is the one given, or the one in the text. Journals keep no year: it is the volume's.
    """
    if not text or not text.strip():
        return None
    found = _YEAR.search(text)
    year = year or (int(found[1]) if found else None)
    name = next((name for name, pattern in _PATTERNS if pattern.search(text)), None)
    if name is None:
        own = " ".join(text.split()).strip(" .,;()")[:120]
        return own + ")" * (own.count("(") - own.count(")")) or None
    if name in ("arXiv", "JMLR", "TMLR", "TPAMI", "TGRS"):
        return name
    parts = [name, str(year) if year else "", "Workshop" if _WORKSHOP.search(text) else ""]
    return " ".join(part for part in parts if part)
