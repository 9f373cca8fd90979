"""From a file, a text or a mapping to a seed, with every mistake at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from devidp.models import Seed
from devidp.seed import crosschecks, explain, text, warnings
from devidp.seed.build import build
from devidp.seed.compose import compose
from devidp.seed.from_python import normalise
from devidp.seed.problems import Finding, Problem, SeedError
from devidp.seed.profile import Profiles, find
from devidp.seed.references import look_ahead
from devidp.seed.root import Root
from devidp.seed.values import Identity, problem_at
from devidp.seed.variables import Variables

UNNAMED = "<seed>"


def shipped_path(profile: str | None = None) -> Path:
    """The seed that comes with devidp, in the package of a wheel, at the top of a checkout; or ``profile`` with its
    example. Raises Refused.
    """
    if profile is not None:
        return find(profile, Path())
    package = Path(__file__).parents[1]
    packaged = package / "seed.yaml"
    return packaged if packaged.is_file() else package.parent / "seed.yaml"


def load(path: Path, profile: str | None = None) -> Seed:
    """The seed in the file at ``path``; raises SeedError with every mistake.

    ``profile`` everywhere: what the issuers start from that name no profile of their own.
    """
    return from_text(text.read(path), str(path), path.parent, profile)


def loads(yaml_text: str, name: str = UNNAMED, profile: str | None = None) -> Seed:
    """The seed in ``yaml_text``, which messages call ``name``; relative paths in it begin in the working directory."""
    text.check(yaml_text, name)
    return from_text(yaml_text, name, Path(), profile)


def from_text(yaml_text: str, name: str, folder: Path, profile: str | None = None) -> Seed:
    """As ``loads`` of a text that was checked; relative paths in it begin in ``folder``."""
    variables = Variables(os.environ)
    data, problems = compose(yaml_text, name, variables)
    return _read(data, problems, variables, name, folder, profile)


def from_mapping(data: Mapping[str, Any], profile: str | None = None) -> Seed:
    """The seed that a mapping from Python or JSON describes, with the same keys as the YAML."""
    plain, problems = normalise(data, UNNAMED)
    return _read(plain, problems, Variables(os.environ), UNNAMED, Path(), profile)


def _read(
    written: Mapping[str, Any],
    problems: Iterable[Problem],
    variables: Variables,
    name: str,
    folder: Path,
    profile: str | None,
) -> Seed:
    profiles = Profiles(variables)
    data = profiles.lay_under(written, name, folder, profile)
    problems = (*problems, *profiles.problems)
    found = list(crosschecks.findings(data))
    root = None
    try:
        root = Root.model_validate(data, context=look_ahead(data, folder))
    except ValidationError as error:
        found += explain.findings(error)
    unreadable = {problem.path for problem in problems}
    more = [each for each in _problems(found, data, variables, name) if each.path not in unreadable]
    everything = _in_order((*problems, *more), name)
    if everything or root is None:
        raise SeedError(everything)
    found_warnings = _in_order(_problems(warnings.findings(root), data, variables, name), name)
    return build(root, tuple(str(warning) for warning in found_warnings))


def _problems(findings: Iterable[Finding], data: Mapping[str, Any], variables: Variables, name: str) -> list[Problem]:
    """Findings with their lines; one that several aliases lead to is named once."""
    problems: dict[tuple[Identity, str], Problem] = {}
    for place, message in findings:
        identity, problem = problem_at(data, place, variables.hide(message), name)
        problems.setdefault((identity, message), problem)
    return list(problems.values())


def _in_order(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    """Those of the file ``name`` before those of the profiles that it uses."""
    return tuple(sorted(problems, key=lambda each: (each.file != name, each.file, each.line or 0, each.path)))
