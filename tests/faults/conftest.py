"""One issuer for all faults of a module: keys are what takes time."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from devidp.app import create_app
from devidp.faults.minting import Minted, parse, twins
from devidp.issuer.issuer import Issuer
from devidp.models.config import Config
from devidp.web.runtime import Runtime
from tests.faults.judge import Policy
from tests.flow import MCP
from tests.shipped import PUBLIC_URL

NONCE = "the nonce of the client"
WISHES = {"cnf-missing": {"claims": {"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}}}
"""What a token needs to have before the fault can take it away."""


@pytest.fixture(scope="module")
def shared() -> Iterator[Runtime]:
    application = create_app(Config(PUBLIC_URL))
    running: Runtime = application.extensions["devidp"]
    running.clock.freeze()
    yield running
    running.close()


def pair(issuer: Issuer, fault: str) -> tuple[Minted, Minted]:
    """The valid and the faulty token of alice at the example resource."""
    wishes = {"claims": {"nonce": NONCE}} if fault.startswith("id-") and fault != "id-token" else WISHES.get(fault, {})
    return twins(issuer, parse({"user": "alice", "client": "web", "scope": "mcp:read", "fault": fault, **wishes}))


def policy(issuer: Issuer, twin: Minted) -> Policy:
    """What the strict verifier of this token expects: a client where it is an ID token."""
    jwks = json.loads(issuer.keys.document())
    now = issuer.clock.seconds()
    if twin.access_token is None:
        return Policy(jwks, issuer.url, MCP, now, cnf=twin.claims.get("cnf") if not twin.faults else None)
    return Policy(jwks, issuer.url, "web", now, typ="JWT", nonce=NONCE, access_token=twin.access_token)
