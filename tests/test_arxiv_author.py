"""arXiv's lists of single authors, in whole runs: bound to a person, they settle whose the papers are."""

from dataclasses import replace

import pytest

from harvest import pipeline
from harvest.errors import InputProblem
from harvest.plan import Plan, read_plan
from harvest.seeds import read_people
from harvest.settings import read_settings
from harvest.sources import SOURCES
from harvest.store.warehouse import ask
from harvest.world import World, WorldServer, catalogue, demo_dates

NOW = demo_dates()[-1]
WHO = "mingze-wang"
"""Others bear the same name."""


def test_what_stands_on_a_list_of_their_own_is_theirs(tmp_path):
    """The search finds namesakes' papers too, and leaves most in doubt; the list binds, as a page of DBLP's does."""
    person = next(one for one in read_plan(read_settings()).people if one.id == WHO)
    person = replace(person, orcid=catalogue.people()[WHO]["orcid"], homepages=())
    with WorldServer(NOW) as world:
        settings = read_settings(home=tmp_path, pace=0, deadline_seconds=20, **world.settings())
        sources = tuple(one for one in SOURCES if one.name in ("arxiv", "arxiv_author"))
        summary = pipeline.harvest(settings=settings, plan=Plan(people=(person,), sources=sources), now=NOW)
    assert summary.exit_code == 0, summary.states
    rows = ask(tmp_path, "select distinct arxiv_id, verdict from current_attributions join record_works using (work_id)"
                         " join records using (record_id) where arxiv_id is not null")[1]  # fmt: skip
    theirs = {id for id, verdict in rows if verdict == "theirs"}
    mine = {work.arxiv_id for work in World(NOW).works_of(WHO) if World(NOW).current(work)}
    others = {id for id, _ in rows} - mine
    assert theirs >= mine
    assert others - theirs, "a namesake's papers are not bound by it"


def test_people_toml_has_a_place_for_the_author_id(tmp_path):
    """As arXiv gives it, "lovelace_a_1"; anything else is told at once."""
    file = tmp_path / "people.toml"
    file.write_text('[[person]]\nid = "ada"\nname = "Ada"\narxiv_author_id = "lovelace_a_1"\n')
    ((person,), _) = read_people(file)
    assert dict(person.more)["arxiv_author"] == "lovelace_a_1"
    file.write_text('[[person]]\nid = "ada"\nname = "Ada"\narxiv_author_id = "Ada Lovelace"\n')
    with pytest.raises(InputProblem, match="arxiv_author_id"):
        read_people(file)
