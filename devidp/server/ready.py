"""Waits for the first response, then says that devidp is ready: on stdout and in the ready file."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from devidp import __version__
from devidp.models import Seed
from devidp.models.config import Config
from devidp.server.banner import banner
from devidp.system import http_client
from devidp.system.files import expect_regular

SECONDS_TO_START = 60
DISCOVERY = "/.well-known/openid-configuration"


class NotReady(Exception):
    """devidp runs but does not answer as it should."""


class ReadyFileError(Exception):
    """The ready file cannot be written."""


def report_ready(config: Config, url: str, seed: Seed, ready_file: Path | None, ca_file: Path | None) -> None:
    """Wait for the first response at ``url``, then print the banner and write ``ready_file``. Raises NotReady."""
    metadata = _first_response(f"{url}{seed.issuers[0].path}{DISCOVERY}", config.public_url)
    issuers = [(issuer.name, f"{config.public_url}{issuer.path}") for issuer in seed.issuers]
    report = {
        "issuer": metadata["issuer"],
        "discovery_url": f"{metadata['issuer']}{DISCOVERY}",
        "jwks_uri": metadata["jwks_uri"],
        "pid": os.getpid(),
        "url": url,
        "version": __version__,
        "ca_file": ca_file and str(ca_file),
        "issuers": [
            {"name": name, "issuer": issuer, "discovery_url": f"{issuer}{DISCOVERY}"} for name, issuer in issuers
        ],
    }
    try:
        if ready_file is not None:  # the file first: whoever has read the line finds it
            _replace(ready_file, json.dumps(report, indent=2) + "\n")
        print(banner(config, seed, ca_file), end="", flush=True)  # noqa: T201
    except OSError as error:
        raise NotReady(f"devidp answers, but could not say so: {error}") from error


def _first_response(discovery_url: str, public_url: str) -> dict[str, Any]:
    """The metadata of the first issuer. The socket listens already: the request is queued until a worker takes it."""
    try:
        headers = {"Host": urlsplit(public_url).netloc}
        tls = http_client.unverified(discovery_url)
        with http_client.request("GET", discovery_url, timeout=SECONDS_TO_START, headers=headers, tls=tls) as response:
            status, body = response.status, response.read()
    except http_client.NoAnswer as error:
        raise NotReady(f"devidp did not answer {discovery_url}: {error}") from error
    try:
        metadata: dict[str, Any] = json.loads(body)
    except ValueError:
        metadata = {}
    if status != 200 or not {"issuer", "jwks_uri"} <= metadata.keys():
        raise NotReady(f"devidp answered {discovery_url} with {status}, not with a discovery document")
    return metadata


def prepare(ready_file: Path) -> None:
    """Remove what an earlier run left, which would tell a lie. Raises ReadyFileError where none can be written."""
    try:
        if ready_file.exists():
            expect_regular(ready_file)
        ready_file.unlink(missing_ok=True)
        with tempfile.TemporaryFile(dir=ready_file.parent):
            pass
    except OSError as error:
        raise ReadyFileError(
            f"--ready-file {ready_file} cannot be written: {error.strerror}. Name a file in a folder of yours."
        ) from error


def _replace(ready_file: Path, text: str) -> None:
    """As a whole, so that nobody reads half of it."""
    draft = ready_file.with_name(f".{ready_file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(ready_file)
