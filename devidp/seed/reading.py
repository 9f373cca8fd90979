"""From files, texts and mappings to a seed, with every mistake at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from devidp.models import Seed
from devidp.seed import crosschecks, explain, warnings
from devidp.seed.addresses import with_names
from devidp.seed.build import build
from devidp.seed.layers import Layers, Source
from devidp.seed.problems import Finding, Problem, SeedError, describe
from devidp.seed.profile import Profiles
from devidp.seed.references import look_ahead
from devidp.seed.root import Root
from devidp.seed.values import Identity, Table, problem_at
from devidp.seed.variables import Variables

UNNAMED = "<seed>"


def load(*paths: Path, profile: str | None = None) -> Seed:
    """The seed in a file, or in several, each laid over those before it; raises SeedError with every mistake.

    ``profile`` everywhere: what the issuers start from that name no profile of their own.
    """
    return from_layers(paths, profile)


def loads(yaml_text: str, name: str = UNNAMED, profile: str | None = None) -> Seed:
    """The seed in ``yaml_text``, which messages call ``name``; relative paths in it begin in the working directory."""
    return from_layers([yaml_text], profile, name=name)


def from_mapping(data: Mapping[str, Any], profile: str | None = None) -> Seed:
    """The seed that a mapping from Python or JSON describes, with the same keys as the YAML."""
    if not isinstance(data, Mapping):
        raise SeedError([Problem(UNNAMED, None, "", f"{describe(data)}, expected a mapping")])
    return from_layers([data], profile)


def from_layers(
    sources: Iterable[Source], profile: str | None = None, *, opened: set[Path] | None = None, name: str = UNNAMED
) -> Seed:
    """The seed of files, texts and mappings, each laid over those before it; raises SeedError with every mistake.

    ``opened`` is told every file that is looked for; ``name`` is what messages call what is no file.
    """
    opened = set() if opened is None else opened
    variables = Variables(os.environ)
    layers = Layers(variables, opened, name)
    for source in sources:
        layers.add(source)
    layers.check()
    profiles = Profiles(variables, opened)
    data = with_names(profiles.lay_under(layers.data, layers.names[0], profile))
    unreadable = (*layers.problems, *profiles.problems)
    found = list(crosschecks.findings(data))
    root = None
    try:
        root = Root.model_validate(data, context=look_ahead(data, opened))
    except ValidationError as error:
        found += explain.findings(error)
    known = {problem.path for problem in unreadable}
    more = [problem for problem in _problems(found, data, variables, layers.names[0]) if problem.path not in known]
    if root is None or more or unreadable:
        raise SeedError(_in_order((*unreadable, *more), layers.names))
    found_warnings = _problems(warnings.findings(root), data, variables, layers.names[0])
    return build(root, tuple(str(warning) for warning in _in_order(found_warnings, layers.names)))


def _problems(findings: Iterable[Finding], data: Table, variables: Variables, name: str) -> list[Problem]:
    """Findings with their lines; one that several aliases lead to is named once."""
    problems: dict[tuple[Identity, str], Problem] = {}
    for place, message in findings:
        identity, problem = problem_at(data, place, variables.hide(message), name)
        problems.setdefault((identity, message), problem)
    return list(problems.values())


def _in_order(problems: Iterable[Problem], names: Sequence[str]) -> tuple[Problem, ...]:
    """Those of the files ``names`` before those of the profiles that these use."""
    order = {name: number for number, name in enumerate(names)}
    last = len(names)
    return tuple(sorted(problems, key=lambda each: (order.get(each.file, last), each.file, each.line or 0, each.path)))
