"""The seed of a running devidp: what is in force, and what its files say now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from devidp.keys import imported
from devidp.seed import Problem, SeedError
from devidp.seed.profile_use import uses
from devidp.web.runtime import Runtime
from devidp.web.seed_origin import SeedOrigin, origin
from devidp.web.servable import StartError

Role = Literal["seed", "profile", "named"]


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file that the seed is read from: a part of it, a profile, or one that it names, for a secret for instance."""

    path: str
    role: Role
    there: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What the files of a seed say now. ``origin`` is ``program`` where a program made it: no file says it."""

    origin: Literal["files", "variable", "program"]
    files: tuple[SeedFile, ...]
    problems: tuple[Problem, ...]
    """Why it cannot be served, as far as its text shows that."""
    refused: str
    """Why a seed without a mistake cannot be served; empty otherwise."""
    warnings: tuple[str, ...]
    in_force: bool
    """Whether it is what is served."""
    watched: bool
    """Whether it is read again when a file changes."""


class SeedControl:
    """Looks at the seed."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @property
    def origin(self) -> SeedOrigin | None:
        """Where it comes from; ``None``: from a program."""
        return None if self._runtime.config.seed_in_program else origin(self._runtime.config)

    def examine(self) -> Examined:
        """Read it anew, and compare it with what is in force."""
        found, watched = self.origin, self._runtime.watches_seed
        if found is None:
            return Examined("program", (), (), "", self._runtime.seed.warnings, True, False)
        kind: Literal["files", "variable"] = "files" if found.text is None else "variable"
        opened: set[Path] = set(found.paths)
        try:
            seed = found.read(opened)
        except SeedError as error:
            return Examined(kind, _files(found, opened, set()), error.problems, "", (), False, watched)
        profiles = {use.file.resolve() for use in uses(found.sources, found.profile)}
        files = _files(found, opened, profiles)
        warnings = (*seed.warnings, *filter(None, [self._runtime.unlike]))
        refused = " ".join(imported.problems(seed.issuers))
        try:
            served = self._runtime.check(seed)
        except StartError as error:
            return Examined(kind, files, (), refused or str(error), warnings, False, watched)
        return Examined(kind, files, (), refused, warnings, served == self._runtime.seed, watched)


def _files(found: SeedOrigin, opened: set[Path], profiles: set[Path]) -> tuple[SeedFile, ...]:
    others = sorted(opened - set(found.paths))
    return (
        *(SeedFile(str(path), "seed", path.is_file()) for path in found.paths),
        *(SeedFile(str(path), "profile" if path.resolve() in profiles else "named", path.is_file()) for path in others),
    )
