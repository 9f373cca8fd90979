"""A target that asks for a better login says which, and takes it."""

from __future__ import annotations

from collections.abc import Iterator

import jwt
import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from devidp import DevIdP
from tests.probe import targets

SAID = 'Bearer error="insufficient_user_authentication"'


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def asking(idp: DevIdP, challenge: str, *, accepts: tuple[str, ...] = ("1", "2"), max_age: int = 3600) -> Flask:
    """An API for logins of these classes, not older than ``max_age`` seconds."""
    keys = jwt.PyJWKClient(idp.jwks_uri)
    app = Flask("asking")

    @app.get("/orders")
    def orders() -> ResponseReturnValue:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            key = keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(token, key, ["RS256"], audience="http://localhost:8000/mcp", issuer=idp.issuer)
        except jwt.PyJWTError:
            return "", 401, {"WWW-Authenticate": "Bearer"}
        if claims["acr"] not in accepts or claims["iat"] - claims["auth_time"] > max_age:
            return "", 401, {"WWW-Authenticate": challenge}
        return {"orders": []}

    return app


def found(idp: DevIdP, target: Flask) -> dict[str, str]:
    report = idp.probe(target, url="http://localhost:8000/orders", only=["step-up"])
    assert not report.cause
    return {
        check.name: next((finding.id for finding in check.findings), f"{check.outcome}: {check.note}")
        for check in report.checks
        if check.group == "step-up"
    }


def test_a_server_that_asks_for_nothing_is_not_judged(idp: DevIdP) -> None:
    assert set(found(idp, targets.strict(idp)).values()) == {"skipped: the call asks for no such thing"}


def test_one_that_says_what_it_wants_and_takes_it_passes(idp: DevIdP) -> None:
    said = "passed: asks for acr_values=2 1, max_age=3600, and takes it"
    target = asking(idp, f'{SAID}, acr_values="2 1", max_age="3600"')
    assert found(idp, target) == {"step-up-class": said, "step-up-age": said}


@pytest.mark.parametrize(
    ("challenge", "kind"),
    [
        ('Bearer error="invalid_token"', "login-unsaid"),
        (SAID, "login-unnamed"),
        (f'{SAID}, acr_values="phr"', "login-in-vain"),
    ],
)
def test_what_a_client_cannot_act_on_is_a_finding(idp: DevIdP, challenge: str, kind: str) -> None:
    target = asking(idp, challenge)
    assert found(idp, target) == {name: f"{kind}:{name}" for name in ("step-up-class", "step-up-age")}
