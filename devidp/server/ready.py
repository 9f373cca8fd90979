"""Waits for the first response, then says that devidp is ready: on stdout and in the ready file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from devidp import __version__
from devidp.models import Seed
from devidp.models.addresses import addresses
from devidp.models.config import Config
from devidp.server.banner import banner
from devidp.server.health import ask_health
from devidp.system import http_client
from devidp.system.regular_files import expect_writable, replaced

SECONDS_TO_START = 60
DISCOVERY = "openid-configuration"
URL = "discovery_url"
"""A member of every ready file."""


class NotReady(Exception):
    """devidp runs but does not answer as it should."""


class ReadyFileError(Exception):
    """The ready file cannot be written."""


def report_ready(config: Config, url: str, seed: Seed, ready_file: Path | None, ca_file: Path | None) -> None:
    """Wait for the first response at ``url``, then print the banner and write ``ready_file``. Raises NotReady."""
    # asked for its health, which is no line of the log: the banner comes first
    health = ask_health(url, SECONDS_TO_START, tls=http_client.unverified(url))
    if not health.ok:
        raise NotReady(f"devidp does not answer: {health.detail}")
    issuers = {issuer.name: addresses(issuer, config.public_url) for issuer in seed.issuers}
    first = next(iter(issuers.values()))
    report = {
        "issuer": first.url,
        URL: first.of(DISCOVERY),
        "jwks_uri": first.of("jwks"),
        "pid": os.getpid(),
        "url": url,
        "version": __version__,
        "ca_file": ca_file and str(ca_file),
        "issuers": [{"name": name, "issuer": each.url, URL: each.of(DISCOVERY)} for name, each in issuers.items()],
    }
    try:
        if ready_file is not None:  # the file first: whoever has read the line finds it
            with replaced(ready_file) as file:
                file.write(json.dumps(report, indent=2) + "\n")
        print(banner(config, seed, ca_file), end="", flush=True)  # noqa: T201
    except OSError as error:
        raise NotReady(f"devidp answers, but could not say so: {error}") from error


def prepare(ready_file: Path) -> None:
    """Remove what an earlier run left, which would tell a lie. Raises ReadyFileError where none can be written."""
    try:
        expect_writable(ready_file)
        _expect_ours(ready_file)
        ready_file.unlink(missing_ok=True)
    except OSError as error:
        raise ReadyFileError(
            f"--ready-file {ready_file} cannot be written: {error.strerror}. Name a file in a folder of yours."
        ) from error


def _expect_ours(ready_file: Path) -> None:
    """Raises ReadyFileError where something else than a ready file would be lost; an empty file is nothing."""
    text = ready_file.read_bytes() if ready_file.exists() else b""
    try:
        ours = not text or URL in json.loads(text)
    except (ValueError, TypeError):
        ours = False
    if not ours:
        raise ReadyFileError(
            f"--ready-file {ready_file}: there is another file of yours, which would be lost. Name a file that is not "
            "there yet."
        )
