"""Works as BibTeX entries and as CSL-JSON items (https://docs.citationstyles.org/en/stable/specification.html).

Text becomes TeX: its special characters are escaped, accents written out, capitals that must stay protected. Formulas
between dollars are TeX already and stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harvest.names import fold

Work = Mapping[
    str, Any
]  # work_id, title, authors, authors_incomplete, stage, venue, year, arxiv_id, doi, dblp_key, key

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``",
    "”": "''", "ß": r"{\ss}", "ø": r"{\o}", "Ø": r"{\O}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}",
    "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}", "đ": r"{\dj}", "Đ": r"{\DJ}", "\u00a0": "~",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
}  # fmt: skip
_FORMULA = re.compile(r"(\$(?:[^$\\{}]|\\.|\{[^${}]*\})+\$)")
_CAPITALS = re.compile(r"[^\W_][A-Z]")  # behind another letter: a style would make it small
_PARTICLES = frozenset(("da", "de", "del", "della", "den", "der", "des", "di", "dos", "du", "la", "ter", "van", "von"))
_JOURNAL = re.compile(
    r"journal|transactions|letters|annals|review|bulletin|magazine|^(?:jmlr|tmlr|siam j|ieee trans|nature|science)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(("a", "an", "and", "are", "at", "by", "can", "do", "does", "for", "from", "how", "in", "is", "of",
                    "on", "or", "the", "to", "towards", "toward", "via", "what", "when", "why", "with"))  # fmt: skip


def bibtex(works: Sequence[Work]) -> str:
    """A BibTeX file, an entry a work, in the order given."""
    return "\n".join(_entry(work) for work in works)


def csl(works: Iterable[Work]) -> list[dict[str, Any]]:
    """CSL-JSON items, in the order given."""
    return [_item(work) for work in works]


def citation_keys(works: Iterable[Work]) -> dict[str, str]:
    """work_id → a key of family, year and first telling word of how the work was first seen: it stays when the work is
    renamed or published. Of works that would share one, the first seen has it plain. Needs first_… and first_seen_at.
    """
    taken: dict[str, str] = {}
    for work in sorted(works, key=lambda one: (one["first_seen_at"], one["work_id"])):
        authors = work["first_authors"] or work["authors"] or ("",)
        words = re.findall(r"[a-z0-9]+", fold(work["first_title"] or work["title"]))
        word = next((one for one in words if one not in _SMALL and len(one) > 1), "")
        family = re.sub(r"[^a-z]", "", fold(split_name(authors[0])[0])) or "work"
        plain = f"{family}{work['first_year'] or work['first_seen_at'].year}{word}"
        tries = [plain, *(f"{plain}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), f"{plain}{work['work_id']}"]
        taken[next(key for key in tries if key not in taken)] = work["work_id"]
    return {work_id: key for key, work_id in taken.items()}


def tex(text: str, *, title: bool = False) -> str:
    """Text as TeX. In a title, words whose capitals must stay ("DNA", "LoRA") are in braces."""
    pieces = _FORMULA.split(" ".join(text.split()))
    return "".join(
        piece if number % 2 else " ".join(_word(word, title) for word in piece.split(" "))
        for number, piece in enumerate(pieces)
    )


def split_name(name: str) -> tuple[str, str]:
    """Family and given name, each as written: ("van Gool", "Luc"). A name of one word is a family name."""
    family, comma, given = name.partition(",")
    if comma:
        return family.strip(), given.strip()
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[max(start, 0) :]), " ".join(words[: max(start, 0)])


def _word(word: str, title: bool) -> str:
    letters = "".join(_letter(letter) for letter in unicodedata.normalize("NFC", word) if letter.isprintable())
    return f"{{{letters}}}" if title and _CAPITALS.search(_bare(word)) else letters


def _bare(word: str) -> str:
    """Without accents, capitals as they are."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def _letter(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[0], parts[1:]
    if len(marks) != 1 or marks[0] not in _ACCENTS or not base.isascii():
        return letter
    dotless = {"i": r"\i", "j": r"\j"}.get(base, base)
    return f"{{\\{_ACCENTS[marks[0]]}{{{dotless}}}}}"


def _entry(work: Work) -> str:
    kind = {"article-journal": "article", "paper-conference": "inproceedings"}.get(_kind(work), "misc")
    place = {"article": "journal", "inproceedings": "booktitle"}.get(kind)
    names = [_person(name) for name in work["authors"] or ()] + ["others"] * bool(work["authors_incomplete"])
    fields = {
        "title": f"{tex(work['title'], title=True)}",
        "author": " and ".join(names),
        place or "howpublished": tex(_venue(work)) if place else _how(work),
        "year": str(work["year"] or ""),
        "eprint": work["arxiv_id"] or "",
        "archiveprefix": "arXiv" if work["arxiv_id"] else "",
        "doi": work["doi"] or "",
        "url": _address(work).replace("%", r"\%").replace("#", r"\#"),
        "note": tex(_note(work)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{work['key']},", *lines, "}", ""])


def _person(name: str) -> str:
    """ "Gool, Luc van" would lose the particle: "van Gool, Luc". A comma or "and" in a name would part it."""
    family, given = split_name(re.sub(r"\band\b", "&", name))
    shown = ", ".join(tex(part.replace(",", " ")) for part in (family, given) if part)
    return shown if given else f"{{{shown}}}"


def _item(work: Work) -> dict[str, Any]:
    people = [split_name(name) for name in work["authors"] or ()]
    fields = {
        "id": work["key"],
        "type": _kind(work),
        "title": work["title"],
        "author": [{"family": f, "given": g} if g else {"literal": f} for f, g in people],
        "issued": {"date-parts": [[work["year"]]]} if work["year"] else None,
        "container-title": _venue(work) if _kind(work).startswith(("article-", "paper")) else None,
        "publisher": "arXiv" if _kind(work) == "article" and work["arxiv_id"] else None,
        "number": f"arXiv:{work['arxiv_id']}" if work["arxiv_id"] else None,
        "DOI": work["doi"],
        "URL": _address(work),
        "note": _note(work),
    }
    return {name: value for name, value in fields.items() if value}


def _kind(work: Work) -> str:
    """The type in CSL's words."""
    if work["stage"] not in ("published", "accepted", "workshop") or not _venue(work):
        return "manuscript" if work["stage"] == "in_preparation" else "article"
    key = work["dblp_key"] or ""
    in_journal = key.startswith("journals/") and not key.startswith("journals/corr/")
    if work["stage"] != "workshop" and (in_journal or (not key.startswith("conf/") and _JOURNAL.search(_venue(work)))):
        return "article-journal"
    return "paper-conference"


def _venue(work: Work) -> str:
    """Without the year, which has a field of its own."""
    return re.sub(r"[\s,]*\(?\b(?:19|20)\d\d\b\)?$", "", work["venue"] or "").strip()


def _how(work: Work) -> str:
    return f"arXiv:{work['arxiv_id']}" if work["arxiv_id"] else ""


def _note(work: Work) -> str:
    return {"in_preparation": "In preparation", "submitted": "Under review", "accepted": "To appear",
            "withdrawn": "Withdrawn"}.get(work["stage"] or "", "")  # fmt: skip


def _address(work: Work) -> str:
    places = (
        ("doi", "https://doi.org/"),
        ("arxiv_id", "https://arxiv.org/abs/"),
        ("dblp_key", "https://dblp.org/rec/"),
    )
    return next((prefix + work[field] for field, prefix in places if work[field]), "")
