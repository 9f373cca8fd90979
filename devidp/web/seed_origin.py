"""Where the seed of a devidp comes from, as its configuration says."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from devidp.models import Seed
from devidp.models.config import Config
from devidp.seed import from_layers, shipped_path
from devidp.seed.layers import Source

VARIABLE = "DEVIDP_SEED_YAML"
"""What messages call a seed that is no file."""


class SeedOrigin(NamedTuple):
    """Files, each laid over those before it, or one text; ``profile`` is that of the issuers that name none."""

    paths: tuple[Path, ...]
    text: str | None
    profile: str | None

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.paths if self.text is None else (self.text,)

    def read(self, opened: set[Path] | None = None) -> Seed:
        """The seed that is there now; raises SeedError. ``opened`` is told every file that is looked for."""
        return from_layers(self.sources, self.profile, opened=opened, name=VARIABLE)


def origin(config: Config) -> SeedOrigin:
    """Raises Refused where there is no such profile."""
    if config.seed_text is not None:
        return SeedOrigin((), config.seed_text, config.profile)
    if config.seed_paths:
        return SeedOrigin(config.seed_paths, None, config.profile)
    return SeedOrigin((shipped_path(config.profile),), None, None)
