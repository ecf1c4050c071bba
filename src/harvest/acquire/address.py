"""Where a question goes, and where its answer may send us on."""

import ipaddress
import socket
from collections.abc import Collection
from functools import cache
from math import inf
from urllib.parse import SplitResult, urlencode, urlsplit

from harvest.acquire.failed import Failed
from harvest.acquire.lookup import looked_up
from harvest.errors import InputProblem
from harvest.model import Query

_WEB_PORTS = (None, 80, 443)


def address(base_url: str, query: Query) -> str:
    """The whole address of a question. Raises InputProblem for a base URL that is none.

    A path that is a whole address (a homepage) is asked there; with a base URL, as BASE/HOST/PATH instead:
    so a model world stands in for every homepage.
    """
    if base_url:
        _check_base(base_url)
    path = query.path
    if base_url:
        path = f"{base_url.rstrip('/')}/{path.partition('://')[2] or path.lstrip('/')}"
    return f"{path}?{urlencode(query.params)}" if query.params else path


def robots_address(base_url: str, query: Query) -> str:
    """Where the robots.txt that speaks about a page is asked."""
    scheme, _, rest = query.path.rpartition("://")
    root = f"{scheme}://{rest.partition('/')[0]}" if scheme else ""
    return address(base_url, Query(path=f"{root}/robots.txt"))


def is_address(url: str) -> bool:
    """Whether this is an address on the web."""
    try:
        scheme, host, port = origin(url)
    except ValueError:
        return False
    return scheme in ("http", "https") and bool(host) and port != 0


def is_near(base_url: str) -> bool:
    """Whether the settings themselves name a machine that is not on the public internet."""
    return bool(base_url) and _private(urlsplit(base_url).hostname or "")


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. Raises ValueError for what is no address."""
    split = urlsplit(url)
    return split.scheme, split.hostname or "", split.port


def may_move(start: str, target: str, hosts: Collection[str]) -> bool:
    """Whether a redirect stays with the same keepers: one host, a host above or below it, or one in `hosts`."""
    try:
        one, two = urlsplit(start), urlsplit(target)
        if two.username is not None:
            return False
        if origin(start) == origin(target):
            return True
        return _plain(one, two) and (_related(one.hostname or "", two.hostname or "") or two.hostname in hosts)
    except ValueError:
        return False


def _plain(one: SplitResult, two: SplitResult) -> bool:
    """Never from safe to unsafe, nor to a strange port."""
    return (two.scheme == "https" or one.scheme == two.scheme == "http") and two.port in _WEB_PORTS


def _related(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return short == long or ("." in short and long.endswith(f".{short}"))


@cache
def _private(host: str) -> bool:
    try:
        found = looked_up(lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM), inf)
    except (OSError, UnicodeError, Failed):
        return False
    return any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def _check_base(url: str) -> None:
    if not is_address(url):
        raise InputProblem(f"the base URL {url!r} is none: write one such as https://export.arxiv.org")
    split = urlsplit(url)
    if split.username is not None or split.query:
        raise InputProblem(f"the base URL of {split.hostname} holds a password or parameters: leave them out")
