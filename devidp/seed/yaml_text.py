"""A seed as text: YAML in which every value is read back as what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_WORDS = re.compile(r"[A-Za-z/][A-Za-z0-9 ._/@:+~-]*")
"""Text that no version of YAML takes for anything else, unless its rules have that word."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if _WORDS.fullmatch(value) else '"')


_Dumper.add_representer(str, _text)


def dump(seed: Mapping[str, Any]) -> str:
    """The YAML of ``seed``."""
    return yaml.dump(_escaped(seed), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def _escaped(value: object) -> object:
    """``value`` with the dollars in its texts doubled, which begin a variable otherwise."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    return {key: _escaped(each) for key, each in value.items()} if isinstance(value, Mapping) else value
