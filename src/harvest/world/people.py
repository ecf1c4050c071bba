"""What the demo adds to the real people file, so that each person is found in the model."""

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
