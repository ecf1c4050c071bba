"""Serves the model world until interrupted: python -m harvest.world --as-of 2025-05-01 --port 8080."""

import argparse
import sys
import threading
from datetime import UTC, datetime

from harvest.world import WorldServer


def main() -> None:
    """Reads the arguments, says on stderr which environment points the pipeline here, and serves."""
    parser = argparse.ArgumentParser(prog="python -m harvest.world", description=__doc__)
    parser.add_argument("--as-of", type=_moment, required=True, help="the day to play, such as 2025-05-01")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    given = parser.parse_args()
    with WorldServer(given.as_of, port=given.port) as world:
        lines = [f"export HARVEST_{name.upper()}={value}\n" for name, value in world.settings().items()]
        sys.stderr.write("".join(lines))
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _moment(text: str) -> datetime:
    """A date or a moment; UTC when it names no zone. A date alone means its last second."""
    given = datetime.fromisoformat(text)
    end = given.replace(hour=23, minute=59, second=59) if len(text) == len("2025-05-01") else given
    return end if end.tzinfo else end.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
