"""Profiles: the settings that an issuer starts from, such as those that give it a vendor's shape.

A profile is a seed with one issuer. An issuer that names it lays its own keys over that issuer's, and the seed gets
what these refer to. What else the file holds is its example: a seed of its own, for who has none.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from devidp.models.config import is_path
from devidp.seed import text
from devidp.seed.defaults import ISSUER_NAME
from devidp.seed.overlay import lay_over
from devidp.seed.problems import Problem, Refused, SeedError, describe, join_names, suggestion
from devidp.seed.values import Table, mapping, problem_at
from devidp.seed.variables import Variables
from devidp.system.regular_files import expect_regular

FOLDER = Path(__file__).parent / "profiles"
KEY = "profile"
REFERENCES = {"resources": ("default_audience", "resource"), "scopes": ("default_scopes", "scope")}
"""Keys of an issuer that name entries of these sections."""


def names() -> list[str]:
    """The profiles that come with devidp."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def checked(named: str | Path) -> str:
    """``named`` as it is found from any folder; raises Refused where there is no such profile."""
    path = find(str(named), Path())
    if not is_path(str(named)):
        return str(named)
    try:
        expect_regular(path)
    except OSError as error:
        raise Refused(f"{describe(str(named))}, which cannot be read: {error.strerror or error}") from None
    return str(path.absolute())


def find(named: str, folder: Path) -> Path:
    """The file of a profile that is named by its name or by a path, which begins in ``folder``; raises Refused."""
    if is_path(named):
        return folder / named
    known = names()
    if named not in known:
        raise Refused(f"{describe(named)}, expected one of: {join_names(known)}, or the path of a file such as "
                      f"./mine.yaml{suggestion(named, known)}")  # fmt: skip
    return FOLDER / f"{named}.yaml"


def shipped_path(profile: str | None = None) -> Path:
    """The seed that comes with devidp, in the package of a wheel, at the top of a checkout; or ``profile`` with its
    example. Raises Refused.
    """
    if profile is not None:
        return find(profile, Path())
    package = Path(__file__).parents[1]
    packaged = package / "seed.yaml"
    return packaged if packaged.is_file() else package.parent / "seed.yaml"


def title(name: str) -> str:
    """What the profile ``name`` of devidp is like, as the first line of its file says."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").removeprefix("# ").partition(":")[0]


def read(named: str) -> Mapping[str, Any]:
    """The seed in the profile ``named``, over the one that it starts from; raises SeedError and Refused."""
    profiles = Profiles(Variables(os.environ), set())
    found = profiles.read(find(named, Path()))
    if profiles.problems:
        raise SeedError(profiles.problems)
    return found


def parse(yaml_text: str, name: str) -> Mapping[str, Any]:
    """The seed in the text of a profile, which starts from no other; raises SeedError."""
    return _compose(yaml_text, name, Path(), Variables(os.environ))[0]


def _compose(yaml_text: str, name: str, folder: Path, variables: Variables) -> tuple[Table, tuple[Problem, ...]]:
    # by its name: it loads PyYAML, and who only looks for a profile reads none
    written: tuple[Table, tuple[Problem, ...]] = resolve_name("devidp.seed.compose:compose")(
        yaml_text, name, folder, variables
    )
    return written


def settings(profile: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of the one issuer of ``profile``."""
    (found,) = profile["issuers"].values()
    return mapping(found)


def shared(profile: Mapping[str, Any]) -> dict[str, Table]:
    """What a seed gets of ``profile`` beside the issuer's keys: resources that these name, and scopes.

    Scopes of other resources are a part of the example, as these are.
    """
    scopes, resources = mapping(profile.get("scopes")), mapping(profile.get("resources"))
    named = {section: set(_values(settings(profile), keys)) for section, keys in REFERENCES.items()}
    kept = resources.keys() & named["resources"]
    elsewhere = {scope for name in resources.keys() - kept for scope in _texts(mapping(resources[name]).get("scopes"))}
    here = {scope for name in kept for scope in _texts(mapping(resources[name]).get("scopes"))} | named["scopes"]
    found = {"scopes": _only(scopes, scopes.keys() - (elsewhere - here)), "resources": _only(resources, kept)}
    return {section: entries for section, entries in found.items() if entries}


def _values(settings: object, keys: Collection[str]) -> Iterator[str]:
    """What stands at these keys, at any depth."""
    if isinstance(settings, dict):
        for key, value in settings.items():
            yield from _texts(value) if key in keys else _values(value, keys)
    elif isinstance(settings, list):
        for each in settings:
            yield from _values(each, keys)


def _texts(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _only(entries: Mapping[str, Any], names: Collection[str]) -> Table:
    result = lay_over(entries, {}, "names")
    for name in entries.keys() - names:
        del result[name]
    return result


class Profiles:
    """The profiles that one seed uses; ``problems`` is what is wrong with them."""

    def __init__(self, variables: Variables, opened: set[Path]) -> None:
        self._variables = variables
        self._opened = opened
        self.problems: list[Problem] = []
        self._read: dict[Path, Mapping[str, Any]] = {}
        self._reading: list[Path] = []
        """Each on behalf of the one before it."""

    def lay_under(self, seed: Table, file: str, everywhere: str | None = None) -> Table:
        """``seed`` over the profiles that its issuers name; ``everywhere`` is that of issuers that name none."""
        issuers = seed.get("issuers")
        if issuers is None and everywhere is not None:
            issuers = {ISSUER_NAME: None}
        if not isinstance(issuers, dict):
            return seed
        result = lay_over(seed, {})
        result["issuers"] = laid = lay_over(issuers, {}, "names")
        for name, own in issuers.items():
            named = mapping(own).get(KEY, everywhere)
            if not isinstance(named, str) or not isinstance(own, dict | None):
                continue  # nothing to do, or the model says what is expected
            try:
                profile = self.read(find(named, folder_of(own)))
            except Refused as error:
                self.problems.append(
                    problem_at(seed, ("issuers", name, KEY), self._variables.hide(str(error)), file)[1]
                )
                continue
            laid[name] = _lay_settings(mapping(own), settings(profile))
            laid[name][KEY] = named
            for section, entries in shared(profile).items():
                result[section] = lay_over(mapping(result.get(section)), entries, "names")
        return result

    def read(self, path: Path) -> Mapping[str, Any]:
        """What is in the file, over the profile that it starts from itself; raises Refused where it cannot be one."""
        path = path.resolve()
        if path in self._reading:
            raise Refused(f"this profile starts from itself: {' from '.join(map(str, (*self._reading, path)))}")
        if path not in self._read:
            self._reading.append(path)
            try:
                self._read[path] = self.lay_under(self._compose(path), str(path))
            finally:
                self._reading.pop()
        return self._read[path]

    def _compose(self, path: Path) -> Table:
        self._opened.add(path)
        try:
            written, problems = _compose(text.read(path), str(path), path.parent, self._variables)
        except SeedError as error:
            raise Refused(f"the profile cannot be read: {error}") from None
        self.problems += problems
        issuers = mapping(written.get("issuers"))
        if len(issuers) != 1:
            raise Refused(f"{path} is no profile: a profile is a seed with one issuer, and this one has "
                          f"{len(issuers) or 'none'} under `issuers`")  # fmt: skip
        return written


def folder_of(settings: object) -> Path:
    """Where the path of a profile begins: beside the seed file that names it."""
    line = settings.lines.get(KEY) if isinstance(settings, Table) else None
    return line.folder if line else Path()


def _lay_settings(own: Mapping[str, Any], below: Mapping[str, Any]) -> Table:
    """The settings of an issuer over those of its profile; a key without a value takes the profile's away."""
    result = lay_over(own, below)
    for key in [key for key, value in own.items() if value is None and key in below]:
        del result[key]
    return result
