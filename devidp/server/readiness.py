"""Waits for the first answer, and tells the world: on stdout and in the ready file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from devidp.system import http_client

SECONDS_TO_START = 60


class NotReady(Exception):
    """devidp runs but does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the first issuer says of itself."""

    issuer: str
    discovery_url: str
    token_endpoint: str
    jwks_uri: str


def first_answer(url: str, issuer_path: str, public_url: str) -> Endpoints:
    """The first issuer's discovery document, as soon as a worker answers. Raises NotReady.

    The socket listens already, so one request is enough: it waits in the queue until a worker takes it.
    """
    asked = f"{url}{issuer_path}/.well-known/openid-configuration"
    try:
        headers = {"Host": urlsplit(public_url).netloc}
        tls = http_client.unverified(url)
        with http_client.request("GET", asked, timeout=SECONDS_TO_START, headers=headers, tls=tls) as response:
            status, body = response.status, response.read()
        document = json.loads(body) if status == 200 else {}
        issuer = document["issuer"]
        return Endpoints(
            issuer, f"{issuer}/.well-known/openid-configuration", document["token_endpoint"], document["jwks_uri"]
        )
    except http_client.NoAnswer as error:
        raise NotReady(f"devidp did not answer {asked}: {error}") from error
    except (ValueError, KeyError) as error:
        raise NotReady(f"devidp answered {asked} with {status}, not with a discovery document") from error


class ReadyFile:
    """A JSON file that exists while devidp answers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, report: dict[str, Any]) -> None:
        """Replace it as a whole, so that nobody reads half of it. Raises OSError."""
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        draft.replace(self._path)

    def remove(self) -> None:
        """Raises OSError."""
        self._path.unlink(missing_ok=True)
