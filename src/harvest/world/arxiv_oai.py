"""arXiv's OAI-PMH of 2025 (https://info.arxiv.org/help/oa/index.html): the records changed since a day, in arXivRaw.

A token is a day and a number of records to skip, over a list that moves while it is read: so records can be lost.
The last page has no token, errors have status 200, and nothing is ever called deleted.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import parse_qsl, quote, unquote, urlencode

from harvest.world.arxiv import note
from harvest.world.record import Reply, World
from harvest.world.templates import fill

XML = "text/xml; charset=utf-8"
PAGE = 10  # records; 2,000 there, which the model does not have


def render(path: str, params: Mapping[str, str], as_of: datetime) -> Reply:
    """/oai?verb=ListRecords with metadataPrefix=arXivRaw and from, or with resumptionToken."""
    if path != "/oai":
        return Reply.html(404, "<html><body>404 Not Found</body></html>")
    if params.get("verb") != "ListRecords":
        return error("badVerb", "only ListRecords is modelled", as_of)
    token = params.get("resumptionToken")
    try:
        asked = dict(parse_qsl(unquote(token), strict_parsing=True)) if token else params
        since, skip = date.fromisoformat(asked["from"]), int(asked.get("skip", "0"))
    except (KeyError, ValueError):
        return error("badResumptionToken" if token else "badArgument", "not understood", as_of)
    world = World(as_of)
    found = [(work, world.versions(work), note(work, as_of)) for work in world.works if world.versions(work)]
    found = sorted((one for one in found if one[1][-1].at.date() >= since), key=lambda one: one[1][-1].at)
    shown = found[skip : skip + PAGE]
    if not shown:
        return error("noRecordsMatch", "no records", as_of)
    more = quote(urlencode({"from": since.isoformat(), "skip": skip + PAGE})) if found[skip + PAGE :] else ""
    return Reply(200, XML, fill("arxiv_oai.xml", as_of=as_of, entries=shown, token=more, error="").encode())


def error(code: str, words: str, as_of: datetime) -> Reply:
    """What it says instead of a list, with status 200."""
    return Reply(200, XML, fill("arxiv_oai.xml", as_of=as_of, error=code, words=words).encode())


def expired(reply: Reply, params: Mapping[str, str]) -> Reply:
    """The reply a day later: its token is not known any more."""
    said = re.search(rb"<responseDate>([^<]+)", reply.body)
    if "resumptionToken" not in params or not said:
        return reply
    return error("badResumptionToken", "the token has expired", datetime.fromisoformat(said[1].decode()))
