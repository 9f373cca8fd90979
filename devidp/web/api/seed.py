"""The seed that is in force, and what its files say now."""

from __future__ import annotations

from typing import Any, Literal

from devidp.web.api.operation import Nothing, Result, operation
from devidp.web.control.controller import Controller


class SeedFile(Result):
    """A file that the seed is read from."""

    path: str
    role: Literal["seed", "profile", "named"]
    """`seed`: a part of it; `profile`: what an issuer starts from; `named`: one that it names, as of a secret."""
    there: bool


class SeedProblem(Result):
    """A mistake."""

    file: str
    line: int | None
    path: str
    """The key, such as `clients.web.redirect_uris[0]`."""
    message: str


class SeedState(Result):
    """What the files of the seed say now."""

    origin: Literal["files", "variable", "program"]
    """Where it comes from: files, the variable DEVIDP_SEED_YAML or a text, or a program that made it."""
    in_force: bool
    """Whether it is what is served; where it is not, the seed that was read before is."""
    watched: bool
    """Whether it is read again when a file changes; else with the next start."""
    files: list[SeedFile]
    problems: list[SeedProblem]
    """Its mistakes."""
    refused: str
    """Why a seed without a mistake cannot be served; empty otherwise."""
    warnings: list[str]


@operation(Nothing, SeedState)
def show(control: Controller, _: Nothing) -> Any:
    """Read the files of the seed anew: whether what they say is in force, and every mistake with its line."""
    return control.seed.examine()
