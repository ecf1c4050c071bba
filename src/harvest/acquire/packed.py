"""A file of any size, unpacked block by block: one that is cut or damaged is told, never taken for its end."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from harvest.errors import InputProblem

_BLOCK = 1 << 18  # bytes at a time, packed or not
_GZIP, _MEMBER = b"\x1f\x8b", 31  # how gzip begins; zlib's name for it, checksum included


class Packed:
    """A file as it is, or packed with gzip. It may be read several times; the first whole reading tells its hash."""

    def __init__(self, path: Path, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` is given a few words on how far the reading is, whenever a block was read."""
        self.path, self._tell, self._times = path, tell, 0
        self.sha256 = ""  # of the file as it lies there, hex

    def changed(self) -> datetime:
        """When the file was written; raises InputProblem for one that is not there."""
        try:
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        except OSError as problem:
            raise InputProblem(f"{self.path} cannot be read: {problem.strerror}") from problem

    def head(self) -> bytes:
        """What it begins with, unpacked; raises InputProblem when it cannot be read."""
        return next(self._blocks(lambda _: None), b"")

    def blocks(self) -> Iterator[bytes]:
        """All of it, unpacked; raises InputProblem when it cannot be read, is damaged or breaks off."""
        digest = hashlib.sha256()
        self._times += 1
        yield from self._blocks(digest.update)
        self.sha256 = self.sha256 or digest.hexdigest()

    def _blocks(self, see: Callable[[bytes], None]) -> Iterator[bytes]:
        again = "fetch it again, and compare it with the checksum that its keepers give"
        try:
            yield from _unpacked(self._pieces(see))
        except OSError as problem:
            raise InputProblem(f"{self.path} cannot be read: {problem.strerror or problem}") from problem
        except EOFError as problem:
            raise InputProblem(f"{self.path} cannot be read to its end: it breaks off; {again}") from problem
        except zlib.error as problem:
            raise InputProblem(f"{self.path} cannot be read: it is damaged ({problem}); {again}") from problem

    def _pieces(self, see: Callable[[bytes], None]) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            size, done = max(1, self.path.stat().st_size), 0
            while piece := file.read(_BLOCK):
                see(piece)
                done += len(piece)
                self._tell(f"reading {self.path.name}, pass {max(1, self._times)}: {min(1, done / size):.0%}")
                yield piece


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpacked without ever holding more than a block. Several members in one file are one text; zeros are padding."""
    first = next(pieces, b"")
    if not first.startswith(_GZIP):
        yield from chain((first,), pieces)
        return
    member = zlib.decompressobj(_MEMBER)
    for piece in chain((first,), pieces):
        packed = piece
        while packed := packed.lstrip(b"\0") if member.eof else packed:
            member = zlib.decompressobj(_MEMBER) if member.eof else member
            if block := member.decompress(packed, _BLOCK):
                yield block
            packed = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise EOFError
