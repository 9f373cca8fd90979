"""Every fault of a token is tried, and what the target wrongly accepts is found."""

from __future__ import annotations

import jwt
import pytest
import requests
from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.probe import kinds
from devidp.report import Severity
from tests.probe import targets
from tests.probe.careless import RESOURCE, Careless


def test_what_a_verifier_forgets_is_found(devidp: DevIdP) -> None:
    keys = jwt.PyJWKClient(devidp.jwks_uri)

    def verify(token: str) -> object:
        key = keys.get_signing_key_from_jwt(token).key
        return jwt.decode(token, key, ["RS256"], {"verify_aud": False}, issuer=devidp.issuer)

    report = devidp.probe(targets.guarded(verify), path="/orders", only=["time", "audience", "signature", "algorithm"])
    found = {finding.id: finding.kind.severity for finding in report.findings}
    assert found["accepted-audience-wrong"] is Severity.HIGH
    assert not {"accepted-expired", "accepted-signature-bad", "accepted-alg-none"} & set(found)


def test_a_check_that_crashes_is_found(devidp: DevIdP) -> None:
    def verify(token: str) -> object:
        try:
            return jwt.decode(
                token, options={"verify_signature": False, "verify_exp": True}, audience="http://localhost:8000/mcp"
            )
        except jwt.ExpiredSignatureError as error:
            raise RuntimeError from error

    app = targets.guarded(verify)
    report = devidp.probe(app, path="/orders", only=["expired", "signature-bad"])
    assert [finding.id for finding in report.findings] == ["accepted-signature-bad", "server-error:expired"]


def test_a_fault_that_no_token_here_can_have_is_skipped_with_the_reason(devidp: DevIdP) -> None:
    report = devidp.probe(targets.strict(devidp), path="/orders", only=["cnf-missing"])
    (check,) = (each for each in report.checks if each.name == "cnf-missing")
    assert (check.outcome, "no cnf in this token" in check.note) == ("skipped", True)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_says_what_it_means_that_it_is_accepted(fault: str) -> None:
    kind = kinds.find(f"accepted-{fault}")
    assert kind is not None
    assert kind.why.endswith(".")


def test_no_two_kinds_have_one_name() -> None:
    names = [kind.name for kind in kinds.every()]
    assert len(names) == len(set(names))


def test_a_session_of_another_user_is_no_refusal_of_the_token(devidp: DevIdP) -> None:
    app = Careless(devidp, "session").app
    report = devidp.probe(app, url=RESOURCE, audience=RESOURCE, only=["sub-empty", "audience-wrong"])
    assert [finding.id for finding in report.findings] == ["accepted-sub-empty"]


def test_where_no_scope_is_asked_for_no_scope_can_be_wrong(devidp: DevIdP) -> None:
    report = devidp.probe(targets.strict(devidp), path="/orders", only=["scope-missing"])
    (check,) = (each for each in report.checks if each.name == "scope-missing")
    assert (check.outcome, "name it: --scope" in check.note) == ("inconclusive", True)
    named = devidp.probe(targets.strict(devidp), path="/orders", only=["scope-missing"], scope="mcp:read")
    assert [finding.id for finding in named.findings] == ["accepted-scope-missing"]


def test_what_a_standard_leaves_open_is_no_finding(devidp: DevIdP) -> None:
    report = devidp.probe(targets.strict(devidp), path="/orders", only=["claims-duplicate", "token-use-id"])
    assert report.findings == []


def test_a_refusal_that_is_unlike_the_others_is_found(devidp: DevIdP) -> None:
    keys = jwt.PyJWKClient(devidp.jwks_uri)

    def verify(token: str) -> object:
        key = keys.get_signing_key_from_jwt(token).key
        claims = jwt.decode(token, key, ["RS256"], {"verify_aud": False}, issuer=devidp.issuer)
        if claims.get("aud") != "http://localhost:8000/mcp":
            abort(403)
        return claims

    report = devidp.probe(targets.guarded(verify), path="/orders", only=["audience-wrong", "issuer-wrong"])
    assert [finding.id for finding in report.findings] == ["wrong-status:audience-wrong"]


def test_an_answer_that_leaves_out_what_the_token_does_not_say_is_no_refusal(devidp: DevIdP) -> None:
    keys = jwt.PyJWKClient(devidp.jwks_uri)
    app = Flask("target")

    @app.get("/orders")
    def orders() -> ResponseReturnValue:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], {"verify_aud": False})
        except jwt.PyJWTError:
            return {"error": "invalid_token"}, 401
        return {"caller": claims["sub"]} if "sub" in claims else {}

    report = devidp.probe(app, path="/orders", only=["sub-missing"])
    assert [finding.id for finding in report.findings] == ["accepted-sub-missing"]


def test_what_others_ask_devidp_is_not_what_the_target_asks(devidp: DevIdP) -> None:
    token = devidp.token(scope="openid")
    asked = requests.get(f"{devidp.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert asked.status_code == 200
    report = devidp.probe(targets.strict(devidp), path="/orders", only=["revoked"])
    (check,) = (each for each in report.checks if each.name == "revoked")
    assert (check.outcome, check.findings) == ("inconclusive", ())
