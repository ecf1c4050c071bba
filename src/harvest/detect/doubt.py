"""What a page said, or the reason why nothing of it is believed: it was cut off, or it emptied."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from harvest.model import Answer, Contents, Outcome

_END = b"</html>"
_TAIL = 2000  # bytes in which the end of a page is looked for: counters and comments may follow it

Said = tuple[Answer, Contents]


@dataclass(slots=True)
class Doubts:
    """Remembers the last good capture of every page, to hold the next one against it."""

    counts: dict[str, int] = field(default_factory=dict)  # page → entries
    bodies: dict[str, bytes] = field(default_factory=dict)

    def weigh(self, said: Iterable[Said]) -> Iterator[Said]:
        """Captures in order of time, those that are not to be believed marked with the reason and emptied."""
        for answer, contents in said:
            reason = self._reason(answer, len(contents.records)) if answer.outcome is Outcome.ANSWERED else ""
            if reason:
                yield replace(answer, outcome=Outcome.SUSPICIOUS, reason=reason), Contents()
                continue
            if answer.outcome is Outcome.ANSWERED:
                self.counts[answer.url], self.bodies[answer.url] = len(contents.records), answer.body
            yield answer, contents

    def _reason(self, answer: Answer, entries: int) -> str:
        before = self.bodies.get(answer.url, b"")
        if not entries and (had := self.counts.get(answer.url, 0)):
            return f"said nothing, where it had {had} entries before: what is known stands"
        if is_cut(answer.body, before):
            return "is cut off before its end: what is known stands"
        return ""


def is_cut(body: bytes, before: bytes) -> bool:
    """Whether a page ends in the middle, as far as the capture before it tells."""
    shorter = (
        len(body) < len(before) and before.startswith(body.rstrip()) and bool(before[len(body.rstrip()) :].strip())
    )
    return shorter or (_END in before[-_TAIL:].lower() and _END not in body[-_TAIL:].lower())
