"""Faults of ID tokens, at a client that looks and at one that does not."""

from __future__ import annotations

import pytest

from devidp import DevIdP
from devidp.web.control.errors import ControlError
from tests.judge.relying_party import RelyingParty
from tests.judge.verdicts import table
from tests.real_clients.browser import Browser

UNMET = ["id-acr-missing", "id-acr-zero", "id-amr-missing", "id-auth-time-missing", "id-auth-time-old"]
"""A client that asks neither for a class of authentication nor for a recent login has nothing to check."""
UNSEEN = ["id-at-hash-wrong", "id-audience-untrusted", "id-azp-wrong", "id-iat-old", "id-sub-other"]
"""What joserfc does not look at by itself."""


def test_a_client_that_looks_refuses_what_it_looks_at(idp: DevIdP, relying_party: RelyingParty) -> None:
    found = table(idp.judge(relying_party, only=["id-token"], oidc=True))
    assert sorted(name for name, verdict in found.items() if verdict == f"followed-{name}") == UNSEEN
    assert sorted(name for name, verdict in found.items() if verdict == "skipped") == UNMET
    assert sum(verdict == "passed" for verdict in found.values()) == len(found) - len(UNSEEN) - len(UNMET) == 11


def test_a_client_that_does_not_look_believes_everything(idp: DevIdP) -> None:
    careless = RelyingParty(idp.clients["web"].record, careless=True)
    found = table(idp.judge(careless, only=["id-token"], skip=UNMET, oidc=True))
    assert found == {name: f"followed-{name}" for name in found}
    assert len(found) == 16


def test_who_never_asks_for_userinfo_has_nothing_to_compare_with(idp: DevIdP) -> None:
    client = RelyingParty(idp.clients["web"].record, userinfo=False)
    report = idp.judge(client, only=["id-sub-other"], oidc=True)
    assert [(each.name, each.outcome) for each in report.checks] == [("userinfo", "skipped")]


def test_what_was_sent_is_seen_in_a_browser_that_is_not_ours_too(idp: DevIdP) -> None:
    """The client sends a nonce, and no ``max_age``: devidp itself says so."""
    client = RelyingParty(idp.clients["web"].record, careless=True)
    person = Browser(stop="http://localhost/callback")

    def in_a_browser_of_its_own(issuer: str) -> None:
        client(issuer, person.authorize)

    chosen = ["id-nonce-wrong", "id-auth-time-old", "id-expired"]
    report = idp.judge(in_a_browser_of_its_own, only=chosen, oidc=True)
    person.close()
    assert table(report) == {
        "id-auth-time-old": "skipped",
        "id-expired": "followed-id-expired",
        "id-nonce-wrong": "followed-id-nonce-wrong",
    }


def test_a_client_of_openid_connect_has_one_address_of_the_metadata(idp: DevIdP, relying_party: RelyingParty) -> None:
    with pytest.raises(ControlError, match="openid-metadata-missing is for clients of MCP"):
        idp.judge(relying_party, only=["openid-metadata-missing"], oidc=True)


def test_id_tokens_are_no_matter_of_mcp(idp: DevIdP, relying_party: RelyingParty) -> None:
    with pytest.raises(ControlError, match="id-expired is for clients of OpenID Connect; hint: judge it with --oidc"):
        idp.judge(relying_party, only=["id-expired"])
