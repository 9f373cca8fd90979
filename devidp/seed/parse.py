"""From a text or a mapping to a seed, with every mistake at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from devidp.models import Seed
from devidp.seed import crosschecks, explain, warnings
from devidp.seed.build import build
from devidp.seed.compose import compose
from devidp.seed.from_python import normalise
from devidp.seed.problems import Finding, Problem, SeedError, dotted
from devidp.seed.references import look_ahead
from devidp.seed.root import Root
from devidp.seed.values import Identity, locate


def from_mapping(data: Mapping[str, Any], name: str) -> Seed:
    """The seed that ``data`` describes; relative paths in it begin in the working directory."""
    plain, problems = normalise(data, name)
    return _read(plain, problems, name, Path())


def from_text(yaml_text: str, name: str, folder: Path) -> Seed:
    """The seed in ``yaml_text``; relative paths in it begin in ``folder``."""
    data, problems = compose(yaml_text, name)
    return _read(data, problems, name, folder)


def _read(data: Mapping[str, Any], problems: Iterable[Problem], name: str, folder: Path) -> Seed:
    found = list(crosschecks.findings(data))
    root = None
    try:
        root = Root.model_validate(data, context=look_ahead(data, folder))
    except ValidationError as error:
        found += explain.findings(error)
    everything = _in_order((*problems, *_problems(found, data, name)))
    if everything or root is None:
        raise SeedError(everything)
    found_warnings = _in_order(_problems(warnings.findings(root), data, name))
    return build(root, tuple(str(warning) for warning in found_warnings))


def _problems(findings: Iterable[Finding], data: Mapping[str, Any], name: str) -> list[Problem]:
    """Findings with their lines; one that several aliases lead to is named once."""
    problems: dict[tuple[Identity, str], Problem] = {}
    for place, message in findings:
        line, identity = locate(data, place)
        problems.setdefault((identity, message), Problem(name, line, dotted(place), message))
    return list(problems.values())


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.path)))
