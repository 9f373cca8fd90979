"""The last valid seed, for a worker that replaces another while the file is broken."""

from __future__ import annotations

from pathlib import Path

import pydantic

from devidp.models import Seed
from devidp.system.files import read_private, write_private


class LastSeed:
    """Kept in the private file ``path``; ``first`` until then."""

    def __init__(self, path: Path, first: Seed) -> None:
        self._path = path
        self._first = first

    def keep(self, seed: Seed) -> None:
        """Raises PrivateFileError."""
        write_private(self._path, pydantic.TypeAdapter(Seed).dump_json(seed).decode())

    def read(self) -> Seed:
        """Raises PrivateFileError."""
        text = read_private(self._path)
        return self._first if text is None else pydantic.TypeAdapter(Seed).validate_json(text)
