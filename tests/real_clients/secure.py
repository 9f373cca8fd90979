"""A devidp that speaks https as a program of its own, and who trusts it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.cli.running import Running, run
from tests.real_clients.asgi import asgi_served
from tests.real_clients.mcp_server import protected_server

VARIABLES = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Of Python, of Node, of Python's requests, and of curl."""


class Secure:
    """A devidp that speaks https, and a server that it protects, which does too."""

    def __init__(self, home: Path, devidp: Running, authority: Path) -> None:
        self._home = home
        self.issuer = devidp.issuer()
        self._base_url = self.issuer.removesuffix("/default")
        self.authority = authority
        self.server = ""

    def certificate(self) -> dict[str, Path]:
        return {
            "ssl_certfile": self.authority.with_name("server.pem"),
            "ssl_keyfile": self.authority.with_name("server-key.pem"),
        }

    def told(self, *command: str) -> str:
        """What a command that controls the devidp prints."""
        ended = run(self._home, *command, "--url", self._base_url)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def steps(self) -> list[str]:
        """What clients asked for on the way to a token."""
        events = [json.loads(line) for line in self.told("events", "--json").splitlines()]
        return [each["endpoint"] for each in events if each["endpoint"] in ("register", "authorize", "token")]


@contextmanager
def trusting(authority: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process and what it starts trust the authority."""
    with monkeypatch.context() as patched:
        for name in VARIABLES:
            patched.setenv(name, str(authority))
        yield


@contextmanager
def served_securely(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Secure]:
    data = home / "data"
    devidp = Running(home, "--tls", "--port", "0", "--data", str(data))
    found = Secure(home, devidp, data / "tls" / "ca.pem")
    served = asgi_served(partial(protected_server, found.issuer), **found.certificate())
    with trusting(found.authority, monkeypatch), served as base_url:
        found.server = f"{base_url}/mcp"
        yield found
    devidp.end()
    devidp.kill()
