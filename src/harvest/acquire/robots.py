"""What the owners of websites ask of robots (RFC 9309), read once per site and run."""

from collections.abc import Callable

from protego import Protego

from harvest.acquire.failed import Failed, Reply
from harvest.model import Outcome

AGENT = "harvest"
_MOST = 500 * 1024  # bytes that a crawler must read, says the RFC; no more
_SLOWEST = 30.0  # seconds: a longer crawl-delay is meant for those who fetch whole sites


class Robots:
    """One memory for all sites of a run."""

    def __init__(self, ask: Callable[[str], Reply]) -> None:
        self._ask = ask
        self._sites: dict[str, Protego] = {}

    def allow(self, page: str, address: str) -> float:
        """The pause in seconds that a site asks for before its `page`; `address` is where its robots.txt is asked.

        Raises Failed when the page is forbidden, or the rules cannot be known: then the page is not asked for.
        """
        if address not in self._sites:
            self._sites[address] = Protego.parse(self._rules(address))
        if not self._sites[address].can_fetch(page, AGENT):
            raise Failed("its robots.txt asks robots to stay away: fetch the page by hand", outcome=Outcome.BLOCKED)
        return min(_SLOWEST, self._sites[address].crawl_delay(AGENT) or 0.0)

    def _rules(self, address: str) -> str:
        """The text of a robots.txt; "" for a site that has none, which allows everything."""
        try:
            return self._ask(address).body[:_MOST].decode("utf-8", "replace")
        except Failed as problem:
            if problem.reply and 400 <= problem.reply.status < 500 and problem.reply.status != 429:
                return ""
            problem.reason = f"its robots.txt cannot be read, so the page was not asked for: {problem.reason}"
            raise
