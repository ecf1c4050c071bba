"""Whom the demo follows, and what it adds so that each person is found in the model."""

from importlib.resources import files
from typing import Any

from harvest.world.catalogue import people


def bindings() -> dict[str, dict[str, Any]]:
    """Per person id: dblp_pid, openalex_id, scholar_feed_id (strings) and homepages (addresses)."""
    return {
        id: {
            "dblp_pid": person["dblp_pid"],
            "openalex_id": person["openalex_id"],
            "scholar_feed_id": str(person["scholar_feed"]["id"]),
            "homepages": tuple(person["homepages"]),
        }
        for id, person in people().items()
        if "scholar_feed" in person  # the homonyms are nobody we follow
    }


def seeds() -> dict[str, str]:
    """The settings that name the demo's own seeds: its people, and no decisions."""
    data = files("harvest.world") / "data"
    return {"people": str(data / "seeds_people.toml"), "decisions": str(data / "seeds_decisions.toml")}
