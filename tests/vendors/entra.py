"""What the tests of the profiles entra and entra-v1 share: the seed of a tenant, and programs with the libraries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from devidp import DevIdP
from tests.real_clients.browser import Browser
from tests.real_clients.program import Program, conversing, running
from tests.vendors.node import program_line

TENANT = "7a1c9e52-3f4b-4d6e-8a90-b1c2d3e4f506"
TASKS = "5f4f12a3-8f0b-4f0e-9d7b-6a5a8c1d2e3f"
OID = "a87ff679-a2f3-471d-9181-a67b7542122c"
WEB, CLI, DAEMON, KEYED = (
    "0c2f5a11-1d2e-4f3a-8b4c-5d6e7f809a1b",
    "1d3e6b22-2e3f-4a4b-9c5d-6e7f809a1b2c",
    "2e4f7c33-3f4a-4b5c-8d6e-7f809a1b2c3d",
    "3f5a8d44-4a5b-4c6d-9e7f-809a1b2c3d4e",
)
READ, FILES = f"api://{TASKS}/Tasks.Read", "https://files.example/Files.Read"
PYTHON, NODE = "Python", "Node"


@cache
def key() -> RSAKey:
    """That of the client ``KEYED``."""
    return RSAKey.generate_key(2048)


def seed(profile: str, **issuer: Any) -> dict[str, Any]:
    alice = {
        "name": "Alice Anderson", "given_name": "Alice", "preferred_username": "alice@acme.example",
        "email": "alice@acme.example", "oid": OID, "roles": ["Tasks.Admin"],
    }  # fmt: skip
    return {
        "issuers": {TENANT: {"profile": profile, **issuer}},
        "scopes": {
            **{name: name for name in ("openid", "profile", "email", "offline_access")},
            "Tasks.Read": "Read tasks",
            "Tasks.ReadWrite": "Read and write tasks",
            "Files.Read": "Read files",
        },
        "resources": {
            TASKS: {"aliases": [f"api://{TASKS}"], "scopes": ["Tasks.Read", "Tasks.ReadWrite"]},
            "https://files.example": {"scopes": ["Files.Read"]},
        },
        "users": {"alice": {"password": "alice", "claims": alice}, "bob": {}},
        "clients": {
            WEB: {"secret": "web-secret", "redirect_uris": ["http://localhost/callback"]},
            CLI: {"public": True, "grants": ["device_code", "refresh_token"]},
            KEYED: {"jwks": {"keys": [key().as_dict(private=False)]}, "grants": ["client_credentials"]},
            DAEMON: {"secret": "daemon-secret", "grants": ["client_credentials"], "scopes": ["Tasks.Read"]},
        },
    }


@contextmanager
def program(idp: DevIdP, language: str, **variables: str) -> Iterator[Program]:
    """A program with the libraries, and the CA of ``idp``; who is sent to a browser there is alice."""
    ca = str(idp.ca_file)

    def person(url: str) -> str:
        if "user_code" not in url:
            return str(idp.authorize(url, user="alice"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", ca)
            return Browser().authorize(url)

    if language == NODE:
        with conversing(program_line("entra"), person, NODE_EXTRA_CA_CERTS=ca, **variables) as found:
            yield found
    else:
        variables = {"REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca, **variables}
        with running(".venv-vendors", "tests.vendors.programs.entra", person, **variables) as found:
            yield found
