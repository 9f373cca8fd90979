"""What ``DevIdP`` is given: the seed, where it listens, and what it serves https with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from devidp.models import Seed
from devidp.models.config import Config
from devidp.seed import from_layers, load, shipped_path
from devidp.seed.profile import checked
from devidp.server import address
from devidp.server import tls as certificates
from devidp.server.tls import Certificate

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
"""How a path begins on Windows; in YAML it would be a single word."""
SeedPart = str | Path | Mapping[str, Any]
SeedSource = SeedPart | Sequence[SeedPart] | None
Tls = bool | tuple[Path | str, Path | str]


def read_seed(source: SeedSource, profile: str | Path | None) -> Seed:
    """Raises SeedError, and ValueError where there is no such profile."""
    try:
        below = None if profile is None else checked(profile)
    except ValueError as error:
        raise ValueError(f"profile: {error}") from None
    if source is None:
        return load(shipped_path(below))
    return from_layers(_parts(source), below)


def _parts(source: SeedSource) -> list[SeedPart]:
    """Nothing for the shipped seed."""
    if source is None:
        return []
    parts = source if isinstance(source, list | tuple) else [source]
    if not parts:
        raise ValueError("seed: got an empty list, expected a path, YAML text or a mapping in it")
    return [_part(each) for each in parts]


def _part(source: object) -> SeedPart:
    if isinstance(source, str):
        is_text = "\n" in source or (":" in source and not _DRIVE.match(source))
        return source if is_text else Path(source)
    if not isinstance(source, Path | Mapping):
        raise TypeError(f"seed: got {type(source).__name__}, expected a path, YAML text, a mapping, or a list of these")
    return source


def read_certificate(tls: Tls, url: str, hosts: Iterable[str], opening: ExitStack) -> Certificate | None:
    """``url`` is what clients call devidp, ``hosts`` belong to its issuers. Raises TlsError.

    Files of its own last as long as ``opening``.
    """
    if isinstance(tls, tuple):
        chain, key = tls
        return certificates.load(Path(chain), Path(key))
    if tls not in (True, False):
        raise TypeError(f"tls: got {tls!r}, expected True for a CA of its own, or (chain, key), two PEM files")
    if tls:
        folder = opening.enter_context(TemporaryDirectory(prefix="devidp-"))
        return certificates.issue(Path(folder) / "tls", (url,), hosts)
    return None


def configuration(
    url: str, host: str, listens_on: str, events: Path | str | None, seed: SeedSource, profile: str | Path | None
) -> Config:
    """``url`` is what clients call it; ``host``, as it was named, is the address ``listens_on``."""
    parts = _parts(seed)
    paths = tuple(part for part in parts if isinstance(part, Path))
    text = parts[0] if len(parts) == 1 and isinstance(parts[0], str) else None
    return Config(
        url,
        seed_paths=paths if len(paths) == len(parts) else (),
        seed_text=text,
        seed_in_program=text is None and len(paths) < len(parts),
        profile=None if profile is None else checked(profile),
        allowed_hosts=() if address.is_wildcard(listens_on) else (host,),
        beyond_loopback=not address.is_loopback(listens_on),
        reload=False,
        events_file=None if events is None else Path(events),
    )
