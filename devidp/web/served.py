"""What a replica serves, as it is kept in the database: so that another one can say that it serves something else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pydantic

from devidp.models import Seed
from devidp.models.config import Config

SEED = "seed"
SHOWN = 8
"""Characters of a digest."""


def served(config: Config, seed: Seed, derive: Callable[[str], bytes]) -> dict[str, str]:
    """By setting. The seed is a digest by ``derive``, from which nobody learns its secrets."""
    values = pydantic.TypeAdapter(Seed).dump_python(replace(seed, warnings=()))
    return {
        SEED: derive(f"seed {json.dumps(values, sort_keys=True, default=_plain)}").hex()[:SHOWN],
        "--public-url": config.public_url,
        "--backchannel-url": config.backchannel_url or "",
        "--auto-approve": config.auto_approve or "",
        "--default-audience": config.default_audience or "",
    }


def _plain(value: Any) -> Any:
    """A set in the same order in every process."""
    return sorted(value) if isinstance(value, frozenset) else str(value)


def unlike(own: Mapping[str, str], other: Mapping[str, str]) -> str:
    """What ``other``, which was started later, serves otherwise; empty where both are alike, or nothing is known."""
    differences = [
        f"{name} {_shown(other[name])} (here {_shown(value)})"
        for name, value in own.items()
        if name in other and other[name] != value
    ]
    if not differences:
        return ""
    return (
        f"Another replica on this database serves something else: {', '.join(differences)}. Clients get now one and "
        "now the other, until every replica is started with the same"
    )


def _shown(value: str) -> str:
    return value or "none"
