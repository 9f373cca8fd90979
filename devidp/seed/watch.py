"""A seed file that is edited while devidp runs."""

from __future__ import annotations

from pathlib import Path

from devidp.models import Seed
from devidp.seed.problems import SeedError
from devidp.seed.reading import from_text
from devidp.seed.text import decode, read_bytes

Stamp = tuple[int, int, int]


class SeedFile:
    """Tells when the file at ``path`` has become another seed, or a broken one.

    ``seed`` is the one in force, if any: a poll that finds the same one again has nothing to tell.
    A file that changes while it is read is left for the next poll.
    """

    def __init__(self, path: Path, seed: Seed | None = None, profile: str | None = None) -> None:
        self.path = path
        self._profile = profile
        self._reported: Seed | SeedError | None = seed
        self._stamp: Stamp | None = None
        self._settled = False
        self._content: bytes | str | None = None

    def poll(self) -> Seed | SeedError | None:
        """The new seed or what is wrong with it; ``None`` while there is nothing new."""
        stamp = self._stat()
        if self._settled and stamp == self._stamp:
            return None
        # file systems have coarse clocks: what was read just after a write is read once more
        self._settled = stamp == self._stamp
        content = self._read()
        if self._stat() != stamp:
            self._stamp, self._settled = None, False
            return None
        self._stamp = stamp
        key = str(content) if isinstance(content, SeedError) else content
        if key == self._content:
            return None
        self._content = key
        found = content if isinstance(content, SeedError) else self._parse(content)
        if found == self._reported:
            return None
        self._reported = found
        return found

    def _stat(self) -> Stamp | None:
        try:
            found = self.path.stat()
        except (OSError, ValueError):
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> bytes | SeedError:
        try:
            return read_bytes(self.path)
        except SeedError as error:
            return error

    def _parse(self, content: bytes) -> Seed | SeedError:
        try:
            return from_text(decode(content, str(self.path)), str(self.path), self.path.parent, self._profile)
        except SeedError as error:
            return error
