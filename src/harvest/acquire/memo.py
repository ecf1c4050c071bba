"""Small things that outlive a run, one JSON file each: a courtesy to services, never a fact."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from harvest.acquire.archive import disk
from harvest.disk import write_whole


class Memo:
    """What is remembered about one name. Written whole or not at all; a damaged file is as good as none."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{sha256(name.encode()).hexdigest()[:24]}.json"

    def read(self) -> dict[str, Any]:
        """What was written last; empty when nothing was, or it cannot be read."""
        with disk(self._path):
            text = self._path.read_bytes() if self._path.exists() else b"{}"
        try:
            said = json.loads(text)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def write(self, said: Mapping[str, object]) -> None:
        """Remember this instead of what was before."""
        with disk(self._path):
            write_whole(self._path, json.dumps(said).encode())
