"""Clients of OpenID Connect."""

from __future__ import annotations

from typing import Any

import pytest

from devidp import DevIdP
from tests.judge.clients.proofs import SKIPPED, check
from tests.judge.clients.talking import Person, Talking
from tests.judge.relying_party import RelyingParty
from tests.real_clients.program import built, conversing, node_program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_openid_client(idp: DevIdP) -> None:
    def start(person: Person) -> Any:
        return conversing(node_program("node-openid"), person)

    with Talking(start, lambda issuer: {"run": "login", "issuer": issuer}) as client:
        check(idp.judge(client, oidc=True, skip=SKIPPED), "openid-client")


def test_go_oidc(idp: DevIdP) -> None:
    def start(person: Person) -> Any:
        return conversing([built("tests/probe/servers/go/bin/servers", "Go")], person)

    with Talking(start, lambda issuer: {"login": issuer}) as client:
        check(idp.judge(client, oidc=True, skip=SKIPPED), "go-oidc")


def test_authlib(idp: DevIdP, relying_party: RelyingParty) -> None:
    check(idp.judge(relying_party, oidc=True, skip=SKIPPED), "authlib")
