"""Whether anything can be concluded of a target; where nothing can, the report says why."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from flask import Flask, Response, redirect, request

from devidp import DevIdP
from devidp.report import Report
from devidp.web.control.errors import ControlError
from tests.probe import targets
from tests.serving import wsgi_served


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probed(idp: DevIdP, target: Flask, **options: object) -> Report:
    with wsgi_served(lambda base: target) as (base, _):
        return idp.probe(f"{base}/orders", **options)  # type: ignore[arg-type]


def outcomes(report: Report) -> dict[str, str]:
    return {check.name: check.outcome for check in report.checks if check.group == "ground"}


def test_a_strict_server_is_the_ground_for_everything_else(idp: DevIdP) -> None:
    report = probed(idp, targets.strict(idp), only=["sound-token"])
    assert report.cause == ""
    assert outcomes(report) == {"no-token": "passed", "made-up-token": "passed", "sound-token": "passed"}
    assert report.issuer == idp.issuer


def test_a_server_that_answers_401_to_everything_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.always(401))
    assert report.cause.startswith("it answers 401 to everything")
    assert set(outcomes(report).values()) == {"inconclusive"}


def test_a_server_that_answers_200_to_everything_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.always(200))
    assert report.cause.startswith("it answers 200 to everything")
    assert [finding.id for finding in report.findings] == ["accepted-no-token", "accepted-made-up-token"]


def test_a_redirect_of_everybody_lets_nobody_in(idp: DevIdP) -> None:
    app = Flask("target")
    app.add_url_rule("/orders", view_func=lambda: redirect("/login"))
    report = probed(idp, app)
    assert report.cause.startswith("it answers 302 to everything: a redirect to /login")
    assert report.findings == []


def test_a_redirect_to_the_address_with_a_slash_names_it(idp: DevIdP) -> None:
    app = Flask("target")
    app.add_url_rule("/orders/", view_func=lambda: ("", 401))
    report = probed(idp, app)
    assert report.remedy == f"Name the address as the target has it: {report.target}/"


def test_an_error_with_status_200_for_everybody_is_not_a_success(idp: DevIdP) -> None:
    jwt.PyJWKClient(idp.jwks_uri).get_signing_keys()  # somebody has the keys
    app = Flask("target")
    app.add_url_rule("/orders", view_func=lambda: {"error": "Invalid issuer"})
    report = probed(idp, app)
    assert report.cause.startswith("it answers 200 to everything")
    assert "Invalid issuer" in report.cause
    assert "http://127.0.0.1 is not http://localhost" in report.remedy
    assert report.findings == []


def test_a_refusal_with_status_200_of_every_token_is_told_with_what_to_compare(idp: DevIdP) -> None:
    jwt.PyJWKClient(idp.jwks_uri).get_signing_keys()  # somebody has the keys
    app = targets.guarded(lambda token: None)
    app.view_functions["orders"] = lambda: (
        {"error": "wrong audience"} if "Authorization" in request.headers else ("", 401)
    )
    report = probed(idp, app)
    assert report.cause.startswith("it answers 200 to a sound token")
    assert "wrong audience" in report.cause
    assert "--audience" in report.remedy


def test_a_server_that_takes_any_text_for_a_token_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.guarded(lambda token: None))
    assert report.cause.startswith("it takes any text for a token")
    assert [finding.id for finding in report.findings] == ["accepted-made-up-token"]


def test_a_server_that_answers_500_to_everything_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.always(500))
    assert report.cause.startswith("it answers 500 to everything")
    assert report.findings == []


def test_a_server_that_fails_without_a_look_at_the_keys_is_told_both() -> None:
    with DevIdP() as idp:
        report = probed(idp, targets.always(500))
    assert "never fetched the JWK Set" in report.cause
    assert report.remedy.startswith("Look into the log of the target")
    assert f"Configure the target with the issuer {idp.issuer}" in report.remedy


def test_a_server_that_hangs_is_called_that(idp: DevIdP) -> None:
    over = threading.Event()
    try:
        report = probed(idp, targets.hanging(over), timeout=0.3)
    finally:
        over.set()
    assert "does not answer in time" in report.cause


def test_a_server_that_streams_for_ever_is_called_that(idp: DevIdP) -> None:
    assert "its answer never ends" in probed(idp, targets.endless()).cause


def test_a_port_where_nothing_listens_is_called_that(idp: DevIdP) -> None:
    assert "nothing listens there" in idp.probe("http://localhost:1/orders").cause


def test_a_server_that_never_fetched_the_keys_is_told_so() -> None:
    with DevIdP() as idp:
        report = probed(idp, targets.always(401))
    assert "never fetched the JWK Set" in report.cause


def test_a_server_that_looks_for_the_keys_where_they_are_not_is_told_where_they_are() -> None:
    with DevIdP() as idp:
        keys = jwt.PyJWKClient(f"{idp.issuer}/jwks")
        report = probed(idp, targets.guarded(keys.get_signing_key_from_jwt))
        assert "/default/jwks was asked for at devidp, and nothing is served there" in report.cause
        assert idp.jwks_uri in report.remedy


def test_a_wrong_address_of_the_keys_is_told_also_where_another_server_has_fetched_them() -> None:
    with DevIdP() as idp:
        probed(idp, targets.strict(idp), only=["ground"])
        keys = jwt.PyJWKClient(f"{idp.issuer}/jwks")
        report = probed(idp, targets.guarded(keys.get_signing_key_from_jwt))
    assert "/default/jwks was asked for at devidp" in report.cause


def test_the_audience_is_found_where_nothing_tells_it(idp: DevIdP) -> None:
    with wsgi_served(lambda base: targets.strict(idp, f"{base}/orders")) as (base, _):
        report = idp.probe(f"{base}/orders", only=["sound-token"])
    assert report.cause == ""


def refusing(message: str) -> Flask:
    app = targets.guarded(lambda token: None)

    @app.before_request
    def refuse() -> tuple[str, int, dict[str, str]]:
        return "", 401, {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{message}"'}

    return app


def test_what_the_server_says_and_what_was_tried_is_repeated(idp: DevIdP) -> None:
    with wsgi_served(lambda base: targets.strict(idp)) as (base, _):
        idp.probe(f"{base}/orders", only=["ground"])  # somebody has the keys
    cause = probed(idp, refusing("wrong audience")).cause
    assert 'error_description="wrong audience"' in cause
    assert "Keys were fetched of: default" in cause
    assert "aud http://localhost:8000/mcp" in cause


def test_a_devidp_that_was_told_to_be_wrong_is_told_so() -> None:
    with DevIdP() as idp:
        idp.fail("jwks", "keys-empty", times=None)
        idp.clock.advance("2h")
        cause = probed(idp, targets.strict(idp)).cause
    assert "the failure keys-empty waits at jwks" in cause
    assert "its clock shows" in cause


def test_a_server_whose_clock_is_wrong_is_told_so(idp: DevIdP) -> None:
    app = targets.always(401)

    @app.after_request
    def yesterday(response: Response) -> Response:
        response.date = datetime.now(UTC) - timedelta(days=1)
        return response

    assert re.search(r"Its clock is 86[34]\d\d s behind that of this machine", idp.probe(app).cause)


def scoped(idp: DevIdP, challenge: str) -> Flask:
    """Asks for the scope orders:read."""
    keys = jwt.PyJWKClient(idp.jwks_uri)
    app = Flask("target")

    @app.get("/orders")
    def orders() -> tuple[dict[str, object], int, dict[str, str]]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], {"verify_aud": False})
        except jwt.PyJWTError:
            return {}, 401, {"WWW-Authenticate": "Bearer"}
        if "orders:read" not in claims.get("scope", "").split():
            return {"message": "not allowed"}, 403, {"WWW-Authenticate": challenge} if challenge else {}
        return {"orders": []}, 200, {}

    return app


def test_a_scope_that_the_refusal_names_is_taken(idp: DevIdP) -> None:
    target = scoped(idp, 'Bearer error="insufficient_scope", scope="orders:read"')
    report = probed(idp, target, only=["ground"])
    assert report.cause == ""
    assert report.checks[-1].note.endswith("scope orders:read")


def test_a_scope_that_nobody_names_has_to_be_said(idp: DevIdP) -> None:
    report = probed(idp, scoped(idp, ""), only=["ground"])
    assert '403 {"message":"not allowed"}' in report.cause
    assert "--scope" in report.remedy
    assert probed(idp, scoped(idp, ""), only=["ground"], scope="orders:read").cause == ""


def described(idp: DevIdP, **members: object) -> Flask:
    """A strict server with protected-resource metadata."""
    app = targets.strict(idp, "https://orders.example")

    @app.get("/.well-known/oauth-protected-resource/orders")
    def metadata() -> dict[str, object]:
        return {"resource": "https://orders.example", "authorization_servers": [idp.issuer], **members}

    return app


def test_issuer_audience_and_scopes_come_from_the_metadata(idp: DevIdP) -> None:
    report = probed(idp, described(idp, scopes_supported=["orders:read", "orders:write"]), only=["ground"])
    assert report.cause == ""
    assert "aud https://orders.example, scope orders:read orders:write" in report.checks[-1].note


def test_an_issuer_of_somebody_else_is_named(idp: DevIdP) -> None:
    report = probed(idp, described(idp, authorization_servers=["https://elsewhere.example"]))
    assert report.cause.startswith("the target trusts https://elsewhere.example, and this devidp has no token of it")


def test_an_audience_that_the_metadata_contradicts_is_named(idp: DevIdP) -> None:
    report = probed(idp, described(idp), audience="orders")
    assert "Its metadata says that it is https://orders.example, and the tokens are for orders" in report.cause


def test_a_call_that_is_public_is_found_and_the_rest_is_tried(idp: DevIdP) -> None:
    """The server looks at the tokens that come, and needs none."""
    app = targets.strict(idp)

    @app.before_request
    def public() -> dict[str, object] | None:
        return None if "Authorization" in request.headers else {"orders": [1, 2, 3]}

    report = probed(idp, app, only=["ground", "expired"])
    assert report.cause == ""
    assert [finding.id for finding in report.findings] == ["accepted-no-token"]
    assert outcomes(report)["made-up-token"] == "passed"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"parallel": 0}, "parallel: got 0, expected 1 or more"),
        ({"timeout": 0}, "timeout: got 0, expected more than 0"),
        ({"patience": -1}, "patience: got -1, expected 0 or more"),
        ({"stack": "pyjtw"}, "got the stack 'pyjtw', expected one of"),
        ({"only": "must"}, "only: got 'must', expected a list of names"),
        ({"headers": {"Authorization": "Bearer x"}}, "expected none: the probe sends tokens of its own"),
        ({"url": "http://localhost"}, "a server has its URL as target"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(idp: DevIdP, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ControlError, match=problem):
        idp.probe("http://localhost:1/", **options)


def test_the_call_is_described_once(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="tool says what is called"):
        idp.probe("http://localhost:1/mcp", tool="add", path="/orders")
    with pytest.raises(ControlError, match="name it with tool"):
        idp.probe("http://localhost:1/mcp", arguments={"a": 1})


def test_a_server_that_fails_at_another_audience_is_asked_for_its_own(idp: DevIdP) -> None:
    """As validators do that hold a wrong audience for impossible."""
    keys = jwt.PyJWKClient(idp.jwks_uri)

    def verify(token: str) -> object:
        key = keys.get_signing_key_from_jwt(token)
        if "orders" not in jwt.decode(token, key, ["RS256"], {"verify_aud": False})["aud"]:
            raise RuntimeError("impossible")
        return None

    with wsgi_served(lambda _: targets.guarded(verify)) as (base, _):
        assert idp.probe(f"{base}/orders", only=["ground"]).cause == ""


@pytest.mark.parametrize("path", ["/orders", "/mcp/orders"])
def test_what_only_looks_like_an_mcp_server_is_asked_with_get(idp: DevIdP, path: str) -> None:
    app = targets.strict(idp)
    app.add_url_rule("/mcp/orders", view_func=app.view_functions["orders"])
    with wsgi_served(lambda _: app) as (base, _):
        report = idp.probe(f"{base}{path}", only=["ground"])
    assert report.cause == ""
    assert report.checks[-1].note.startswith("GET ")


def test_metadata_elsewhere_is_not_fetched(idp: DevIdP) -> None:
    with wsgi_served(lambda _: targets.always(200)) as (elsewhere, foreign):
        asked: list[str] = []
        foreign.before_request(lambda: asked.append(request.path))
        app = targets.strict(idp)

        @app.after_request
        def challenge(response: Response) -> Response:
            if response.status_code == 401:
                response.headers["WWW-Authenticate"] = f'Bearer resource_metadata="{elsewhere}/metadata"'
            return response

        assert probed(idp, app, only=["ground"]).cause == ""
    assert asked == []


def test_over_https_whatever_the_certificate_of_this_machine() -> None:
    with DevIdP(tls=True) as idp:
        assert idp.ca_file
        trusting = ssl.create_default_context(cafile=idp.ca_file)
        keys = jwt.PyJWKClient(idp.jwks_uri, ssl_context=trusting)

        def verify(token: str) -> object:
            return jwt.decode(
                token, keys.get_signing_key_from_jwt(token), ["RS256"], audience="http://localhost:8000/mcp"
            )

        own = str(idp.ca_file.with_name("server.pem")), str(idp.ca_file.with_name("server-key.pem"))
        with wsgi_served(lambda _: targets.guarded(verify), own) as (base, _):
            assert base.startswith("https://")
            assert idp.probe(f"{base}/orders", only=["ground"]).cause == ""
