"""The words of a report: what kind of change becomes which sentence, and what text may leave the house."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from harvest.identifiers import parse_dblp_key
from harvest.names import person_key

Row = Mapping[str, Any]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOURCES = {
    "arxiv": "arXiv", "arxiv_oai": "arXiv", "arxiv_author": "arXiv", "arxiv_abs": "arXiv",
    "dblp": "DBLP", "openalex": "OpenAlex",
    "semantic_scholar": "Semantic Scholar", "datacite": "DataCite", "crossref": "Crossref", "orcid": "ORCID",
    "scholar_feed": "Scholar Feed", "aitopics": "AITopics", "cv": "CV", "arrow": "Arrow", "decision": "decisions.toml",
}  # fmt: skip
# Who wants to be named, with a link, where its data are shown: https://www.semanticscholar.org/product/api/license
CREDITS = {"semantic_scholar": ("Data from Semantic Scholar", "https://www.semanticscholar.org/product/api")}
_HOSTS = {"arxiv.org": "arXiv", "dblp.org": "DBLP", "openalex.org": "OpenAlex", "doi.org": "DOI"}
_HOSTS |= {"openreview.net": "OpenReview", "semanticscholar.org": "Semantic Scholar"}
# C0 and C1 controls, surrogates, non-characters and everything that turns the direction of writing.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+"
)
_EVIDENCE = re.compile(r"(?:(?:(?P<venue>.*) )?— )?(?P<source>[a-z_]+):(?: (?P<where>.*))?")
_STAGES = {
    "in_preparation": "in preparation", "preprint": "a preprint", "submitted": "under review",
    "workshop": "a workshop paper", "accepted": "accepted", "published": "published", "withdrawn": "withdrawn",
}  # fmt: skip
_VENUES = {"published": "is now published", "accepted": "has been accepted", "workshop": "is now a workshop paper"}
REASONED = ("attribution_changed", "works_merged", "works_split")  # their witness is a rule, their evidence a sentence
_ADVICE = {
    "impossible_metric": "The number is kept but never plotted. Only the service can correct it: report it there.",
    "contaminated_metric": "These totals are not used. Claim the profile, or ask the service to split it.",
    "implausible_metric": "Possible, but worth a look at the profile. It is not plotted until it moves.",
    "doubtful_metric": "Not used until the next reading confirms it.",
    "unmet_decision": "Look at that entry of decisions.toml: it names something that no record bears.",
    "foreign_row": "Ask the service to remove them, or claim the profile there; an ORCID helps.",
    "contradiction": "If the document is yours, correct this line.",
    "self_contradiction": "If the document is yours, correct it; otherwise tell the service.",
    "count_mismatch": "The page's own count and its rows disagree: look whether rows are missing.",
    "two_arxiv_ids": "Ask arXiv to join the two, and merge the entries where citations are counted.",
    "mass_removal": "If they are really gone, run harvest with --accept-shrink; else nothing is to be done.",
    "lost": "Give the original file, if you have it: the conversion lost this.",
    "name_cluster": "The page collects a name, not a person. Nothing on it counts without other evidence.",
}


def clean(text: object, most: int = 400) -> str:
    """One line without controls, surrogates or direction marks; at most so many characters."""
    line = " ".join(_HARMFUL.sub(" ", str(text)[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def web_address(text: object) -> str | None:
    """The address when it is plain http or https with a host and no user name; None otherwise."""
    address = str(text or "").strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    strange = re.search(r"[\s\"'<>\\`{}]", address) or _HARMFUL.search(address) or "@" in parts.netloc
    return None if strange or not host or parts.scheme not in ("http", "https") or len(address) > 2000 else address


def source_name(source: str) -> str:
    """How a source is called in a sentence."""
    return SOURCES.get(source, clean(source, 60).replace("_", " "))


def day(moment: datetime) -> str:
    """21 Nov 2026, whatever the locale."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def ago(age: timedelta) -> str:
    """How long ago, once it is worth saying."""
    return f", {age.days} days ago" if age >= timedelta(days=2) else ""


def count(number: int, noun: str) -> str:
    """ "1 work", "2 works", "3 entries"."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "es" if noun.endswith("s") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def listed(words: Sequence[str], most: int = 4) -> str:
    """ "a, b and c"; "a, b and 7 others"."""
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} others"]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def quoted(title: object) -> str:
    """A title between quotation marks."""
    return f"“{clean(title, 240)}”"


def document_name(document: str, source: str | None = None) -> str:
    """A page by its host and path, a file by its name and whose page it is."""
    if "://" in document:
        return clean(re.sub(r"^https?://(www\.)?|[?#].*$", "", document), 80)
    return clean(f"{source_name(source or '')} {document.rpartition('/')[2]}", 80)


def witness(evidence: str) -> tuple[str, str | None]:
    """Who says so and where: ("arXiv v2", "https://arxiv.org/abs/2401.01234v2")."""
    _, source, where = _staged(evidence)
    key = parse_dblp_key(where) if source == "dblp" else None
    url = f"https://dblp.org/rec/{key}" if key else web_address(where)
    if not url:
        return source_name(source) if source else document_name(where) if "/" in where else clean(where), None
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("export.").removeprefix("api.")
    version = re.search(r"arxiv\.org/abs/\S+?v(\d+)$", url)
    name = source_name(source) if source else _HOSTS.get(host, host)
    return (f"{name} v{version[1]}" if version else name), url


_VOICES = {"homepage": "the author's own page", "cv": "the author's own CV", "arxiv": "the authors, at arXiv"}


def sureness(confidence: str | None, witnesses: Sequence[str], kind: str) -> str:
    """How sure a change is and by whom, in words; empty when it is certain, or of before this was kept."""
    if confidence == "claimed":
        return f"claimed by {listed([_VOICES.get(one, source_name(one)) for one in witnesses]) or 'the author'}"
    if confidence == "open":
        return "undecided"
    if confidence != "likely":
        return ""
    if kind == "work_removed":
        return f"likely: missing again and again on {count(len(witnesses), 'page')}"
    if witnesses and not {*witnesses} - {"cv", "homepage"}:
        return "likely: the own pages of several of its authors say so"
    names = [] if kind in REASONED else [_VOICES.get(one, source_name(one)) for one in witnesses]
    return f"likely, by {count(len(names), 'witness')}: {listed(names)}" if names else "likely"


def _staged(evidence: str) -> tuple[str, str, str]:
    """Venue, source and place of "NeurIPS 2026 — dblp: conf/nips/L26"; what is not said is empty."""
    found = _EVIDENCE.fullmatch(clean(evidence, 2400))
    return (found["venue"] or "", found["source"], found["where"] or "") if found else ("", "", clean(evidence, 2400))


def advice(kind: str, subject_id: str, person_id: str | None) -> str:
    """What the reader could do about a finding."""
    if kind in ("undecided_row", "undecided_work"):
        whose = f"{person_id or 'PERSON'} work:{subject_id}"
        return clean(f"You can settle it: harvest decide theirs {whose}, or not-theirs.", 240)
    if kind == "undecided_link":
        return "You can settle it: harvest status shows the question's id; harvest decide ID yes, or no."
    return _ADVICE.get(kind, "")


def finding_sentence(explanation: str) -> str:
    """A finding as a sentence that ends."""
    said = clean(explanation, 600)
    if found := re.match(r"([a-z_]+) says ([a-z_]+) (?=\d)", said):
        said = f"{source_name(found[1])} says {metric_name(found[2])} {said[found.end() :]}"
        said = re.sub(r" ([\w-]{1,60} \d{1,12}) — \1(?= )", r" \1", said, count=1)  # the reason says the number again
    said = said[:1].upper() + said[1:]
    return said if said.rstrip("”").endswith((".", "?", "!", "…")) else f"{said}."


def since_when(settled: bool, settled_at: datetime, opened_at: datetime) -> str:
    """What there is to add to a finding that was told before."""
    return f"settled on {day(settled_at)}" if settled else f"open since {day(opened_at)}"


def finding_in_group(explanation: str) -> str:
    """A finding below the sentence of its group, which says already what the page is and what is wrong."""
    said = re.sub(r"” on the page of .{1,100}?: another person of this name — ", "”: ", explanation, count=1)
    return re.sub(r" — the page lists \d{1,6} works? of other people of this name, [^.]{1,80}\.", ".", said, count=1)


def finding_group(kind: str, where: str, number: int) -> str:
    """One sentence for several findings of one kind on one page."""
    if kind == "foreign_row":
        return f"{count(number, 'entry')} on {where} belong to other people of this name."
    if kind == "contaminated_metric":
        return f"{count(number, 'total')} on {where} include works of other people."
    return f"{where}: {clean(kind, 60).replace('_', ' ')}, {number:,} times."


_STATES = {
    "suspiciously_empty": "answered with nothing where there was something before; that is not believed",
    "blocked": "put a bot check or a login before its answer",
    "not_answered": "did not answer",
    "switched_off": "is switched off",
}


def silence(source: str, state: str, reason: str, last_good: str | None) -> str:
    """How a source did not answer, why, and how old its last good answer is."""
    why = f" ({clean(reason, 200).rstrip('.')})" if reason else ""
    stands = f"Its last good answer is of {last_good}, and still stands." if last_good else "It never answered yet."
    if state == "switched_off" and not last_good:
        stands = "It is not asked."
    return f"{source_name(source)} {_STATES.get(state, clean(state, 60))}{why}. {stands}"


def step(number: float) -> str:
    """How far a number moved: +27, −3; empty when it did not."""
    return f"{'+' if number > 0 else '−'}{value(abs(number))}" if number else ""


def value(number: float) -> str:
    """1,204; 3.5."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def movers_sentence(source: str, works: int, gained: int, lost: int) -> str:
    """Citations of works by one source's count, summed up."""
    steps = [f"{number:,} {word}" for number, word in ((gained, "more"), (lost, "fewer")) if number]
    return f"{clean(source, 60)} counts {' and '.join(steps)} citations of {count(works, 'work')}."


def change_sentence(change: Row) -> tuple[str, str]:
    """The section a change belongs to (added, published, renamed, corrected, numbers) and what is said of it."""
    return _SENTENCES.get(change["kind"], _other)(change)


def _title(change: Row) -> str:
    return quoted(change["title"] or "a work that is since part of another")


def _added(change: Row) -> tuple[str, str]:
    stage = change["stage"]
    what = {
        "preprint": "a preprint", "workshop": "a workshop paper", "published": "a published work",
        "submitted": "a work under review",
        "accepted": "an accepted work", "in_preparation": "in preparation", "withdrawn": "a withdrawn work",
    }.get(stage, "a work")  # fmt: skip
    at = f" at {clean(change['venue'], 120)}" if change["venue"] and stage in _VENUES else ""
    by = f" by {listed([clean(name, 60) for name in change['authors']])}" if change["authors"] else ""
    return "added", f"{quoted(change['title'] or change['after'])}, {what}{at}{by}."


def _renamed(change: Row) -> tuple[str, str]:
    return "renamed", f"{quoted(change['before'])} was renamed to {quoted(change['after'])}."


def _status(change: Row) -> tuple[str, str]:
    before, after = change["before"], change["after"]
    venue, source, _ = _staged(change["evidence"] or "")
    at = f" at {clean(venue, 120)}" if venue and after in _VENUES else ""
    if before == "published" and after in _STAGES:
        return "corrected", f"{_title(change)} is no longer listed as published, but as {_STAGES[after]}{at}."
    if after in _VENUES:  # only an index of the venue confirms; all others repeat what the author says
        says = {"cv": ", says the CV", "homepage": ", says the homepage", "arxiv": ", says its arXiv entry"}
        says["decision"] = ", as was decided"
        return "published", f"{_title(change)} {_VENUES[after]}{at}{says.get(source, '')}."
    if after == "withdrawn":
        return "corrected", f"{_title(change)} was withdrawn."
    was = f" (was {_STAGES.get(before, clean(before))})" if before else ""
    return "corrected", f"{_title(change)} is now {_STAGES.get(after, clean(after))}{was}."


def _confirmed(change: Row) -> tuple[str, str]:
    who, _ = witness(change["evidence"])
    return "published", f"{who} confirms {_title(change)} at {clean(change['after'], 120)}."


def _authors(change: Row) -> tuple[str, str]:
    old, new = ({person_key(name): name for name in clean(side, 4000).split(", ")} for side in _sides(change))
    joined = [name for key, name in new.items() if key not in old]
    left = [name for key, name in old.items() if key not in new]
    said = [f"{verb} {listed(names)}" for names, verb in ((joined, "added"), (left, "removed")) if names]
    order = f"their order changed, now {listed(list(new.values()), 8)}"
    return "corrected", f"Authors of {_title(change)}: {'; '.join(said) or order}."


def _sides(change: Row) -> tuple[object, object]:
    return change["before"] or "", change["after"] or ""


def _attribution(change: Row) -> tuple[str, str]:
    return "corrected", _counts(_title(change), 1, change["after"], clean(change["person"], 80))


def attributions(number: int, verdict: str, whose: str) -> str:
    """Several works whose verdict became the same for one person."""
    return _counts(count(number, "work"), number, verdict, whose)


def _counts(what: str, number: int, verdict: str, whose: str) -> str:
    if verdict == "undecided":
        return f"Whether {what} {'is' if number == 1 else 'are'} by {whose} is open again."
    verb = {(True, True): "now counts", (True, False): "now count", (False, True): "no longer counts"}
    said = verb.get((verdict == "theirs", number == 1), "no longer count")
    return f"{what} {said} as {'a work' if number == 1 else 'works'} of {whose}."


def _merged(change: Row) -> tuple[str, str]:
    return "corrected", f"Two entries turned out to be one work: {_title(change)}."


def _split(change: Row) -> tuple[str, str]:
    return "corrected", f"{_title(change)} turned out to be a work of its own."


def _number(change: Row) -> tuple[str, str]:
    what = metric_name(str(change["kind"]).removesuffix("_changed"))
    of = _title(change) if change["work_id"] else clean(change["title"], 80)
    before, after = _sides(change)
    why = f": {change['because']}" if change["because"] else ""
    return "numbers", clean(f"{source_name(change['source'])}: {what} of {of} went from {before} to {after}{why}.", 900)


def _removed(change: Row) -> tuple[str, str]:
    _, comma, cause = str(change.get("evidence") or "").partition("; ")
    of, why = _of(change), f"{comma and ', '}{cause}"
    if change.get("source"):
        return "corrected", clean(
            f"{_title(change)} is gone from {source_name(change['source'])}'s list{of}{why}.", 600
        )
    return "corrected", f"{_title(change)} is gone from every page{of} that listed it."


def _reappeared(change: Row) -> tuple[str, str]:
    on = f"{source_name(change['source'])}'s list" if change.get("source") else "a page"
    of = _of(change)
    return "corrected", f"{_title(change)} is listed again{f' on {on}{of}' if of else ''}."


def _of(change: Row) -> str:
    """Whose list it is: of a work of several, the others' may say otherwise."""
    return f" of {clean(change['person'], 80)}" if change.get("person") else ""


def _other(change: Row) -> tuple[str, str]:
    field, _, how = str(change["kind"]).rpartition("_")
    name = field_name(field)
    before, after = (clean(side or "none", 240) for side in _sides(change))
    if how == "added":
        return "corrected", f"{_title(change)} now has the {name} {after}."
    return "corrected", f"The {name} of {_title(change)} is now {after} (was {before})."


def field_name(field: str) -> str:
    """How a field of a work is called."""
    return {"doi": "DOI", "arxiv_id": "arXiv id"}.get(field, clean(field, 60).replace("_", " "))


def metric_name(metric: str) -> str:
    """How a number is called."""
    return {"h_index": "h-index", "i10_index": "i10-index", "ai_score": "AI score"}.get(
        metric, clean(metric, 60).replace("_", " ")
    )


_SENTENCES = {
    "work_added": _added, "work_removed": _removed, "work_reappeared": _reappeared, "title_changed": _renamed,
    "status_changed": _status, "release_confirmed": _confirmed, "authors_changed": _authors,
    "attribution_changed": _attribution, "works_merged": _merged, "works_split": _split,
    "citations_changed": _number, "h_index_changed": _number,
}  # fmt: skip
