"""``harvest decide``: what a human settles, checked against the warehouse and appended to decisions.toml.

Works are written down by names that outlive this warehouse (arXiv id, DOI, DBLP key, title) wherever such a name
means one work only. A decision is in force after the next run.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from harvest.errors import InputProblem
from harvest.identifiers import parse_arxiv_id, parse_dblp_key, parse_doi
from harvest.seeds import FIELDS, add_decision, decided_value, read_people
from harvest.settings import Settings
from harvest.store.warehouse import reading

USAGE = (
    "same LEFT RIGHT, different LEFT RIGHT, theirs PERSON WORK, not-theirs PERSON WORK, value WORK FIELD VALUE"
    " or QUESTION yes|no"
)
_WORK_ID = re.compile(r"w[0-9a-f]{12}")
_QUESTION_ID = re.compile(r"q[0-9a-f]{8}")

_MEANT = """
with recursive led as (  -- where a merged work's id points
    select $reference as reference
    union
    select 'work:' || other_id from led join redirects on 'work:' || work_id = reference and kind = 'merged'
)
select work_id, works.title, count(*) as records
from led
join referred on referred.reference = reference_key(led.reference)
join record_works using (record_id)
join works using (work_id)
group by all
order by work_id
"""

_NEAR = """
select reference, title
from (
    select reference, any_value(title) as title
    from referred
    join records using (record_id)
    where reference not like 'work:%' and split_part(reference, ':', 1) = split_part($reference, ':', 1)
    group by reference
)
order by jaro_winkler_similarity(reference, reference_key($reference)) desc, reference
limit 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a reference means now: works by id with their titles, and the name to write down."""

    reference: str
    works: dict[str, str]

    @property
    def title(self) -> str:
        """Of the first."""
        return next(iter(self.works.values()))


def decide(settings: Settings, words: Sequence[str], reason: str = "") -> str:
    """Write down what a human decided; returns a sentence about it. Raises InputProblem for what means nothing."""
    with reading(settings.home) as db:
        if _QUESTION_ID.fullmatch(words[0].lower()):
            words, reason = _answer(db, words, reason)
        entry, notes = _entry(db, settings, [words[0].replace("_", "-"), *words[1:]])
    if reason:
        entry["reason"] = " ".join(reason.split())
    plain = {name: value.removeprefix("title:") for name, value in entry.items()}
    said = " ".join(f"“{value}”" if " " in value else value for name, value in plain.items() if name != "reason")
    if not add_decision(settings.decisions, entry, notes):
        return f"{settings.decisions} says so already: {said}"
    return f"written to {settings.decisions}: {said}; in force after the next run"


def reference_of(text: str) -> str:
    """ "arxiv:2401.01234" from whatever names a work: an address, an identifier, a work's id, else a title."""
    bare = text.strip()
    scheme, _, rest = bare.partition(":")
    if scheme in ("title", "work") and rest.strip():
        return f"{scheme}:{rest.strip()}"
    if found := parse_arxiv_id(bare):
        return f"arxiv:{found[0]}"
    if doi := parse_doi(bare):
        return f"doi:{doi}"
    if key := parse_dblp_key(bare):
        return f"dblp:{key}"
    if scheme in ("arxiv", "doi", "dblp"):
        raise InputProblem(f"{text!r} is no such identifier: write arxiv:2401.01234, doi:10.1000/1 or dblp:conf/icml/X")
    return f"work:{bare}" if _WORK_ID.fullmatch(bare) else f"title:{bare}"


def _answer(db: DuckDBPyConnection, words: Sequence[str], reason: str) -> tuple[list[str], str]:
    """The decision that an answer to an open question is."""
    rows = db.execute(
        "select question, yes, no from open_questions where question_id = $id", {"id": words[0].lower()}
    ).fetchall()
    if not rows:
        raise InputProblem(f"no open question has the id {words[0]!r}: see `harvest status`")
    question, yes, no = rows[0]
    answers = {"yes": yes, "no": no}
    if len(words) != 2 or words[1] not in answers:
        raise InputProblem(f"answer {words[0]} with yes or no: {question}")
    if not answers[words[1]]:
        raise InputProblem(f"{words[1]!r} settles nothing here: decide it with {USAGE}. The question: {question}")
    return list(answers[words[1]]), reason or f"{words[1]}, to: {question}"


def _entry(db: DuckDBPyConnection, settings: Settings, words: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of the decision, and the titles of the works as comments."""
    match words:
        case ["same" | "different" as verdict, left, right]:
            return _pair(db, verdict, _meant(db, left), _meant(db, right))
        case ["theirs" | "not-theirs" as verdict, person, work]:
            _known_person(settings, person)
            meant = _one(_meant(db, work))
            fields = {"verdict": verdict.replace("-", "_"), "person": person, "work": meant.reference}
            return fields, {"work": meant.title}
        case ["value", work, field, *values] if values:
            if field not in FIELDS:
                raise InputProblem(f"no field {field!r} can be decided: known are {', '.join(FIELDS)}")
            meant = _one(_meant(db, work))
            fields = {"verdict": "value", "work": meant.reference, "field": field}
            fields["value"] = decided_value(field, " ".join(values))
            return fields, {"work": meant.title}
    raise InputProblem(f"decide what? Write {USAGE}")


def _pair(db: DuckDBPyConnection, verdict: str, left: Meant, right: Meant) -> tuple[dict[str, str], dict[str, str]]:
    if verdict == "different":
        left, right = _one(left), _one(right)
    apart = db.execute(
        "select count(*) from referred as one join referred as two on one.record_id <> two.record_id"
        " where one.reference = reference_key($left) and two.reference = reference_key($right)"
        " and one.record_id not in (select record_id from referred where reference = two.reference)"
        " and two.record_id not in (select record_id from referred where reference = one.reference)",
        {"left": left.reference, "right": right.reference},
    ).fetchall()[0][0]
    alike = left.reference == right.reference
    if alike or (verdict == "different" and not apart):
        within = db.execute(
            "select distinct reference from referred join record_works using (record_id)"
            " where work_id = $work and reference not like 'work:%' order by reference",
            {"work": next(iter(left.works))},
        ).fetchall()
        raise InputProblem(
            f"both are {left.reference}, “{left.title}”: name the two sides by what parts them, such as "
            + ", ".join(reference for (reference,) in within)
        )
    fields = {"verdict": verdict, "left": left.reference, "right": right.reference}
    return fields, {"left": left.title, "right": right.title}


def _meant(db: DuckDBPyConnection, text: str) -> Meant:
    """What a reference means; raises InputProblem with near matches when nothing bears it."""
    reference = reference_of(text)
    rows = db.execute(_MEANT, {"reference": reference}).fetchall()
    if not rows:
        near = db.execute(_NEAR, {"reference": reference}).fetchall()
        ids = reference.startswith("work:")
        listed = "; ".join(f"{_shown(one)} “{title}”" if not one.startswith("title:") else f"“{title}”"
                           for one, title in near)  # fmt: skip
        hint = 'its ids are in `harvest sql "select work_id, title from works"`' if ids else f"near are {listed}"
        raise InputProblem(f"nothing in the warehouse bears {reference!r}" + (f": {hint}" if ids or near else ""))
    if reference.startswith("work:"):
        named = db.execute("select reference from named_works where work_id = $work", {"work": rows[0][0]}).fetchall()
        reference = named[0][0]
    return Meant(reference=reference, works={work: title for work, title, _ in rows})


def _one(meant: Meant) -> Meant:
    if len(meant.works) > 1:
        listed = ", ".join(f"work:{work}" for work in meant.works)
        raise InputProblem(f"{meant.reference!r} means {len(meant.works)} works: say which of {listed}")
    return meant


def _shown(reference: str) -> str:
    return reference if len(reference) < 80 else reference[:79] + "…"


def _known_person(settings: Settings, person: str) -> None:
    people, _ = read_people(Path(settings.people))
    known = [one.id for one in people]
    if person not in known:
        near = difflib.get_close_matches(person, known, n=1, cutoff=0.5)
        hint = f"do you mean {near[0]}? " if near else ""
        raise InputProblem(f"no person {person!r} in {settings.people}: {hint}known are {', '.join(known)}")
