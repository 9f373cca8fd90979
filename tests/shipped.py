"""The shipped seed with changes, and applications of it.

Its issuers sign with ES256 here: making an RSA key costs more than all the rest of a flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from devidp.app import create_app
from devidp.models import Seed
from devidp.models.config import Config
from devidp.seed import from_mapping, shipped_path
from devidp.system.clock import Clock
from tests.engines import Engine
from tests.flow import Flow

PUBLIC_URL = "http://localhost:6749"
_SHIPPED: dict[str, Any] = yaml.safe_load(shipped_path().read_text(encoding="utf-8"))


def shipped(issuer: Mapping[str, Any] | None = None, **sections: Any) -> Seed:
    """The shipped seed; ``issuer`` is merged into the issuer ``default``, ``sections`` into the sections.

    A value of ``None`` takes an entry away.
    """
    data = _merged(deepcopy(_SHIPPED), sections)
    data["issuers"]["default"] = _merged(data["issuers"]["default"], issuer or {})
    for settings in data["issuers"].values():
        settings.setdefault("signing_algorithm", "ES256")
    return from_mapping(data)


def _merged(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in changes.items():
        if value is None:
            base.pop(name, None)
        elif isinstance(value, dict) and isinstance(base.get(name), dict):
            _merged(base[name], value)
        else:
            base[name] = value
    return base


class Start:
    """Starts applications of the shipped seed with changes, on one clock, and closes them."""

    def __init__(self, clock: Clock, engine: Engine | None = None) -> None:
        self.clock = clock
        self._engine = engine or Engine(None)
        self._started: list[Flow] = []

    def __call__(
        self,
        issuer: Mapping[str, Any] | None = None,
        *,
        at: str = "default",
        data: Path | None = None,
        config: Mapping[str, Any] | None = None,
        **sections: Any,
    ) -> Flow:
        """A flow at the issuer ``at`` of a new application, which ends the one that served ``data`` before."""
        settings = Config(**{"public_url": PUBLIC_URL, **self._engine.settings(data), **(config or {})})
        if data is not None and settings.owns_data:
            for flow in self._started:
                if _place(flow.runtime.config) == _place(settings):
                    flow.runtime.close()
        flow = Flow(create_app(settings, shipped(issuer, **sections), self.clock), at)
        self._started.append(flow)
        return flow

    def close(self) -> None:
        for flow in self._started:
            flow.runtime.close()


def _place(config: Config) -> object:
    return config.database or config.data_dir
