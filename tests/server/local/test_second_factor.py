"""Logins of a program that pass or fail the second factor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devidp import DevIdP
from devidp.web.control.errors import ControlError
from devidp.web.person import LoginFailed
from tests.flow import payload

SEED = """
issuers: {default: {signing_algorithm: ES256}}
users: {alice: {mfa: totp}, bob: {mfa: push}, carol: }
clients: {web: {secret: web-secret, redirect_uris: ["http://localhost/callback"]}}
"""


@pytest.fixture
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as running:
        yield running


@pytest.mark.parametrize(("user", "amr"), [("alice", ["user", "otp", "mfa"]), ("bob", ["user", "mca", "mfa"])])
def test_it_is_shown_where_it_is_asked_for(idp: DevIdP, user: str, amr: list[str]) -> None:
    tokens = idp.login(user, scope="openid", acr_values="2")
    claims = payload(tokens["id_token"])
    assert (claims["acr"], claims["amr"]) == ("2", amr)
    assert payload(idp.login(user, scope="openid")["id_token"])["acr"] == "1"


@pytest.mark.parametrize("user", ["alice", "bob"])
def test_it_can_be_wrong_which_denies_the_login(idp: DevIdP, user: str) -> None:
    with pytest.raises(LoginFailed) as failed:
        idp.login(user, scope="openid", acr_values="2", second_factor="fail")
    assert failed.value.error == "access_denied"
    url = f"{idp.issuer}/authorize?response_type=code&client_id=web&acr_values=2&scope=email"
    url += "&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert "error=access_denied" in idp.authorize(url, user, second_factor="fail")


def test_it_cannot_fail_where_nobody_asks(idp: DevIdP) -> None:
    with pytest.raises(LoginFailed, match="did not ask for one"):
        idp.login("carol", scope="openid", acr_values="2", second_factor="fail")
    with pytest.raises(ControlError, match="expected pass or fail"):
        idp.login("alice", second_factor="maybe")  # type: ignore[arg-type]


def test_a_program_reads_the_code_and_answers_the_push(idp: DevIdP) -> None:
    assert len(idp.users["alice"].authenticator().code) == 6
    assert idp.control.pushes.waiting() == []
    idp.users["carol"].change(mfa="push")
    assert payload(idp.login("carol", scope="openid", acr_values="2")["id_token"])["amr"] == ["user", "mca", "mfa"]
