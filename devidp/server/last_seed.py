"""The last valid seed, for a worker that replaces another while the file is broken."""

from __future__ import annotations

from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from devidp.models import Seed
from devidp.seed import SeedFiles
from devidp.system.files import read_private, write_private

if TYPE_CHECKING:
    import pydantic


class LastSeed:
    """Kept in the private file ``path``; until then it is ``first``, read from ``files``."""

    def __init__(self, path: Path, first: Seed, files: SeedFiles | None) -> None:
        self._path = path
        self._first = first, files

    def keep(self, seed: Seed) -> None:
        """Raises PrivateFileError."""
        write_private(self._path, _adapter().dump_json(seed).decode())

    def read(self) -> tuple[Seed, SeedFiles | None]:
        """The seed, and its files, where they are as they were when it was read; raises PrivateFileError."""
        text = read_private(self._path)
        return self._first if text is None else (_adapter().validate_json(text), None)


def _adapter() -> pydantic.TypeAdapter[Seed]:
    # by its name: who does not edit the seed needs no pydantic
    adapter: pydantic.TypeAdapter[Seed] = resolve_name("pydantic:TypeAdapter")(Seed)
    return adapter
