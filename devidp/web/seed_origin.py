"""Where the seed of a devidp comes from, as its configuration says."""

from __future__ import annotations

from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, NamedTuple

from devidp.models import Seed
from devidp.models.config import Config
from devidp.seed import SeedError, SeedFiles, shipped_path

if TYPE_CHECKING:
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
        from_layers = resolve_name("devidp.seed.reading:from_layers")
        seed: Seed = from_layers(self.sources, self.profile, opened=opened, name=VARIABLE)
        return seed

    def read_and_watch(self) -> tuple[Seed, SeedFiles | None]:
        """The seed, and its files to be watched, if it has some; raises SeedError."""
        if self.text is not None:
            return self.read(), None
        files = self.watched()
        seed = files.poll()
        if isinstance(seed, SeedError):
            raise seed
        if seed is None:  # they changed meanwhile
            seed = self.read()
            files = self.watched(seed)
        return seed, files

    def watched(self, seed: Seed | None = None) -> SeedFiles:
        """Its files; ``seed`` is what is known to be in them."""
        return SeedFiles(*self.paths, seed=seed, profile=self.profile)


def origin(config: Config) -> SeedOrigin:
    """Raises Refused where there is no such profile."""
    if config.seed_text is not None:
        return SeedOrigin((), config.seed_text, config.profile)
    if config.seed_paths:
        return SeedOrigin(config.seed_paths, None, config.profile)
    return SeedOrigin((shipped_path(config.profile),), None, None)
