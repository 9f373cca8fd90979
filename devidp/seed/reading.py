"""From a file, a text or a mapping to a seed, with every mistake at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from devidp.models import Seed
from devidp.seed import crosschecks, explain, text, warnings
from devidp.seed.build import build
from devidp.seed.compose import compose
from devidp.seed.from_python import normalise
from devidp.seed.problems import Finding, Problem, SeedError, format_place
from devidp.seed.references import look_ahead
from devidp.seed.root import Root
from devidp.seed.values import Identity, locate
from devidp.seed.variables import Variables

UNNAMED = "<seed>"


def shipped_path() -> Path:
    """The seed that comes with devidp: in the package of a wheel, at the top of a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "seed.yaml"
    return packaged if packaged.is_file() else package.parent / "seed.yaml"


def load(path: Path) -> Seed:
    """The seed in the file at ``path``; raises SeedError with every mistake."""
    return from_text(text.read(path), str(path), path.parent)


def loads(yaml_text: str, name: str = UNNAMED) -> Seed:
    """The seed in ``yaml_text``, which messages call ``name``; relative paths in it begin in the working directory."""
    text.check(yaml_text, name)
    return from_text(yaml_text, name, Path())


def from_text(yaml_text: str, name: str, folder: Path) -> Seed:
    """As ``loads`` of a text that was checked; relative paths in it begin in ``folder``."""
    variables = Variables(os.environ)
    data, problems = compose(yaml_text, name, variables)
    return _read(data, problems, variables, name, folder)


def from_mapping(data: Mapping[str, Any]) -> Seed:
    """The seed that a mapping from Python or JSON describes, with the same keys as the YAML."""
    plain, problems = normalise(data, UNNAMED)
    return _read(plain, problems, Variables({}), UNNAMED, Path())


def _read(data: Mapping[str, Any], problems: Sequence[Problem], variables: Variables, name: str, folder: Path) -> Seed:
    found = list(crosschecks.findings(data))
    root = None
    try:
        root = Root.model_validate(data, context=look_ahead(data, folder))
    except ValidationError as error:
        found += explain.findings(error)
    unreadable = {problem.path for problem in problems}
    more = [each for each in _problems(found, data, variables, name) if each.path not in unreadable]
    everything = _in_order((*problems, *more))
    if everything or root is None:
        raise SeedError(everything)
    found_warnings = _in_order(_problems(warnings.findings(root), data, variables, name))
    return build(root, tuple(str(warning) for warning in found_warnings))


def _problems(findings: Iterable[Finding], data: Mapping[str, Any], variables: Variables, name: str) -> list[Problem]:
    """Findings with their lines; one that several aliases lead to is named once."""
    problems: dict[tuple[Identity, str], Problem] = {}
    for place, message in findings:
        line, identity = locate(data, place)
        problem = Problem(name, line, format_place(place), variables.hide(message))
        problems.setdefault((identity, message), problem)
    return list(problems.values())


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.path)))
