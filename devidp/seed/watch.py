"""A seed that is edited while devidp runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from pkgutil import resolve_name

from devidp.models import Seed
from devidp.seed import text
from devidp.seed.problems import SeedError

Stamp = tuple[int, int, int]


class SeedFiles:
    """Tells when the files of a seed have become another seed, or a broken one.

    Files that the seed names are watched with those at ``paths``. ``seed`` is the one in force, if any: a poll that
    finds the same one again has nothing to tell. Files that change while they are read are left for the next poll.
    Another process can go on with what it was handed.
    """

    def __init__(self, *paths: Path, seed: Seed | None = None, profile: str | None = None) -> None:
        self._paths = paths
        self._profile = profile
        self._reported: Seed | str | None = seed
        self._stamps: Mapping[Path, Stamp | None] = dict.fromkeys(paths)
        self._contents: Mapping[Path, bytes | None] = {}
        self._settled = False

    def poll(self) -> Seed | SeedError | None:
        """The new seed or what is wrong with it; ``None`` while there is nothing new."""
        before = _stamps(self._stamps)
        # file systems have coarse clocks: what was read just after a write is compared once more
        if before == self._stamps and (self._settled or _contents(before) == self._contents):
            self._settled = True
            return None
        self._settled = False
        contents, opened = _contents(before), set(self._paths)
        found = self._read(opened)
        after = _stamps(opened)
        if any(after[path] != before[path] for path in opened & before.keys()):
            return None
        self._stamps = after
        self._contents = {path: contents.get(path) for path in opened}
        key = str(found) if isinstance(found, SeedError) else found
        if key == self._reported:
            return None
        self._reported = key
        return found

    def _read(self, opened: set[Path]) -> Seed | SeedError:
        try:
            seed: Seed = resolve_name("devidp.seed.reading:from_layers")(self._paths, self._profile, opened=opened)
        except SeedError as error:
            return error
        return seed


def _stamps(paths: Iterable[Path]) -> dict[Path, Stamp | None]:
    return {path: _stamp(path) for path in paths}


def _contents(paths: Iterable[Path]) -> dict[Path, bytes | None]:
    return {path: _content(path) for path in paths}


def _content(path: Path) -> bytes | None:
    try:
        return hashlib.sha256(text.read(path).encode()).digest()
    except SeedError:
        return None


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
