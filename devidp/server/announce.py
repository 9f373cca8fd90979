"""Tells the world that devidp answers: on stdout and in the ready file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from devidp import __version__
from devidp.models import Seed
from devidp.models.config import Config
from devidp.server.banner import Started, banner
from devidp.server.readiness import NotReady, ReadyFile, first_answer


def announce(config: Config, url: str, seed: Seed, ready_file: ReadyFile | None, authority: Path | None = None) -> None:
    """Wait for the first answer at ``url``, then say so. Raises NotReady."""
    first = first_answer(url, seed.issuers[0].path, config.public_url)
    shipped = config.seed_path is None and config.seed_text is None
    started = Started(
        __version__, config.public_url, first, seed, shipped, config.data_dir, config.control_token, authority
    )
    try:
        # The file first: whoever has read the line finds it.
        if ready_file is not None:
            ready_file.write(_report(started, url))
        print(banner(started), end="", flush=True)  # noqa: T201
    except OSError as error:
        raise NotReady(f"devidp answers, but could not say so: {error}") from error


def _report(started: Started, url: str) -> dict[str, Any]:
    return {
        "issuer": started.first.issuer,
        "discovery_url": started.first.discovery_url,
        "jwks_uri": started.first.jwks_uri,
        "pid": os.getpid(),
        "url": url,
        "version": started.version,
        "ca_file": started.authority and str(started.authority),
        "issuers": [
            {
                "name": issuer.name,
                "issuer": f"{started.public_url}{issuer.path}",
                "discovery_url": f"{started.public_url}{issuer.path}/.well-known/openid-configuration",
            }
            for issuer in started.seed.issuers
        ],
    }
