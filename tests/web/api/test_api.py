"""The control API: what it does, what it refuses, and who may call it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from joserfc.jwk import ECKey
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from devidp import DevIdP
from devidp.app import create_app
from devidp.faults import FAULTS
from devidp.faults.failures import FAILURES
from devidp.faults.minting import PARAMETERS
from devidp.models.config import Config
from devidp.web.api.table import OPERATIONS
from devidp.web.control.scripted import IMPLIED
from tests.flow import Flow

API = "/_devidp/api"
PUBLIC_URL = "https://idp.example.test"
KEY: dict[str, Any] = ECKey.generate_key("P-256", {"kid": "mine"}).as_dict(private=True)
MCP = "http://localhost:8000/mcp"


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


@pytest.fixture
def api(idp: DevIdP) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{idp.url}{API}") as client:
        yield client


def post(api: httpx.Client, path: str, /, **members: Any) -> dict[str, Any]:
    answer = api.post(path, json=members)
    assert answer.is_success, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_tokens_are_made_as_asked_and_explained(idp: DevIdP, api: httpx.Client) -> None:
    made = post(api, "/tokens", user="alice", client="web", audience=MCP, scope="mcp:read", fault="expired")
    assert made["claims"]["sub"] == "alice"
    assert "exp" in made["explanation"]
    key = jwt.PyJWKClient(idp.jwks_uri).get_signing_key(made["header"]["kid"])
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(made["token"], key, algorithms=["RS256"], audience=MCP)


def test_tokens_are_made_with_all_that_python_takes(api: httpx.Client) -> None:
    asked = {
        "user": {"sub": "zoe", "plan": "gold"}, "client": "app", "audience": "api", "scope": "x:y", "free": True,
        "lifetime": "-1m", "drop_header": "typ", "key": KEY, "fault": ["jti-missing", "signature-bad"],
    }  # fmt: skip
    made = post(api, "/tokens", **asked)
    claims = made["claims"]
    assert (claims["sub"], claims["plan"], claims["aud"], claims["scope"]) == ("zoe", "gold", "api", "x:y")
    assert (claims["exp"] - claims["iat"], "jti" in claims) == (-60, False)
    assert made["header"] == {"alg": "ES256", "kid": "mine"}
    assert "2 faults" in made["explanation"]
    assert KEY["d"] not in str(made)
    for token_type, typ in (("id-jag", "oauth-id-jag+jwt"), ("client-assertion", "JWT")):
        assert post(api, "/tokens", token_type=token_type, client="web", key=KEY)["header"]["typ"] == typ


def test_faults_and_failures_are_listed_with_all_that_is_known(api: httpx.Client) -> None:
    listed = api.get("/faults").json()["faults"]
    assert [each["name"] for each in listed] == list(FAULTS)
    assert listed[0] == {
        "name": "expired",
        "group": "time",
        "description": "`exp` is a day ago.",
        "section": "RFC 7519 section 4.1.4",
        "status": 401,
        "level": "must",
        "evidence": "token",
        "applies_to": ["access", "id", "logout", "id-jag", "client-assertion"],
    }
    assert [each["name"] for each in api.get("/failures/catalogue").json()["catalogue"]] == list(FAILURES)


def test_armed_faults_and_failures_happen_and_are_cleared(idp: DevIdP, api: httpx.Client) -> None:
    armed = post(api, "/arm", fault="expired", client="web", times=2)
    assert api.get("/arm").json()["waiting"] == [armed]
    failing = post(api, "/failures", endpoint="token", error="invalid_grant", client="spa", times=None)
    assert api.get("/failures").json()["waiting"][0]["times"] is None
    assert api.delete(f"/arm/{armed['id']}").json() == {"cleared": 1}
    assert api.delete(f"/arm/{armed['id']}").status_code == 404
    assert api.delete("/failures").json() == {"cleared": 1}
    assert api.delete(f"/failures/{failing['id']}").status_code == 404
    assert idp.login(client="spa")


def test_what_is_scripted_says_how_often_it_has_happened(idp: DevIdP, api: httpx.Client) -> None:
    """Also what is over, until all are cleared: who armed it has to see that it happened."""
    post(api, "/arm", fault="expired", client="web", times=2)
    post(api, "/arm", fault="audience-missing", client="web", times=None)
    post(api, "/failures", endpoint="jwks", failure="keys-empty", times=1)
    for _ in range(2):
        idp.login(client="web")
        httpx.get(f"{idp.issuer}/.well-known/jwks.json").raise_for_status()
    armed, failures = api.get("/arm").json(), api.get("/failures").json()
    assert [(each["name"], each["times"], each["fired"]) for each in armed["spent"]] == [("expired", 0, 2)]
    assert [(each["times"], each["fired"]) for each in armed["waiting"]] == [(None, 2)]
    assert [(each["name"], each["times"], each["fired"]) for each in failures["spent"]] == [("keys-empty", 0, 1)]
    assert (api.delete("/arm").json(), api.get("/arm").json()["spent"]) == ({"cleared": 1}, [])
    assert api.get("/failures").json()["spent"] == failures["spent"], "only those of its kind are forgotten"


def test_the_clock_is_moved_and_reset(api: httpx.Client) -> None:
    before = api.get("/clock").json()["now"]
    assert post(api, "/clock", advance="2h")["now"] - before >= 7200
    assert post(api, "/clock", action="freeze")["frozen"]
    assert post(api, "/clock", set="2030-01-31T12:00:00Z")["date"] == "2030-01-31T12:00:00Z"
    assert post(api, "/clock", action="reset")["offset"] == 0
    assert api.post("/clock", json={}).status_code == 400
    for wrong in ("1" + "0" * 400, "-1" + "0" * 400, "1e999", "NaN", "true", "[]"):
        for field in ("set", "advance"):
            assert api.post("/clock", content=f'{{"{field}": {wrong}}}').status_code == 400


def test_keys_are_rotated_hidden_and_retired(idp: DevIdP, api: httpx.Client) -> None:
    old = api.get("/keys").json()["keys"][0]["kid"]
    keys = post(api, "/keys", action="rotate", publish=False)["keys"]
    assert [(key["kid"] == old, key["published"]) for key in keys][:2] == [(False, False), (True, True)]
    post(api, "/keys", action="publish", kid=keys[0]["kid"])
    post(api, "/keys", action="retire", kid=old)
    published = [key["kid"] for key in httpx.get(idp.jwks_uri).json()["keys"]]
    assert old not in published
    assert keys[0]["kid"] in published
    post(api, "/keys", action="activate", kid=old)
    left = post(api, "/keys", action="delete", kid=keys[0]["kid"])["keys"]
    assert [(key["kid"], key["state"]) for key in left] == [(old, "active")]


def test_a_key_says_when_it_was_made(idp: DevIdP, api: httpx.Client) -> None:
    """By devidp's clock, and whatever becomes of it."""
    post(api, "/clock", set="2030-01-31T12:00:00Z")
    post(api, "/clock", action="freeze")
    made = post(api, "/keys", action="rotate")["keys"][0]
    assert made["created_at"] == int(idp.clock.now())
    post(api, "/clock", advance="1h")
    assert post(api, "/keys", action="hide", kid=made["kid"])["keys"][0]["created_at"] == made["created_at"]


def test_users_and_clients_are_changed(idp: DevIdP, api: httpx.Client) -> None:
    post(api, "/users", username="carol", claims={"email": "carol@acme.example"})
    assert idp.login("carol")
    assert post(api, "/users/carol/revoke")["revoked"] == 1
    assert post(api, "/users/carol/revoke")["revoked"] == 0
    assert api.patch("/users/carol", json={"disabled": True}).json()["disabled"]
    assert api.delete("/users/carol").json() == {"deleted": "carol"}
    assert api.delete("/users/carol").status_code == 404
    post(api, "/clients", client_id="batch", secret="s", grants=["client_credentials"])
    assert api.patch("/clients/batch", json={"name": "Batch"}).json()["name"] == "Batch"
    assert "secret" not in api.get("/clients").text
    assert api.delete("/clients/batch").status_code == 200


def test_events_are_found_and_paged(idp: DevIdP, api: httpx.Client) -> None:
    idp.login()
    found = api.get("/events", params={"endpoint": "token", "client": "web"}).json()
    assert [event["user"] for event in found["events"]] == ["alice"]
    assert api.get("/events", params={"after": found["next"]}).json()["events"] == []
    idp.login("bob")
    later = api.get("/events", params={"after": found["next"]}).json()["events"]
    assert {event["user"] for event in later if event["endpoint"] == "token"} == {"bob"}


def test_events_are_streamed_as_they_happen(idp: DevIdP, api: httpx.Client) -> None:
    seen: list[str] = []
    with api.stream("GET", "/events/stream") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("id:") and not seen:
                idp.login()
            if line.startswith("data:"):
                seen.append(json.loads(line[5:])["endpoint"])
            if "token" in seen:
                break
    assert seen == ["authorize", "login", "consent", "token"]


def test_a_stream_goes_on_where_its_reader_was(idp: DevIdP, api: httpx.Client) -> None:
    idp.login()
    with api.stream("GET", "/events/stream", headers={"Last-Event-ID": "0"}) as stream:
        first = next(line for line in stream.iter_lines() if line.startswith("data:"))
    assert json.loads(first[5:])["endpoint"] == "authorize"


def test_a_name_may_hold_slashes_wherever_it_stands(idp: DevIdP, api: httpx.Client) -> None:
    idp.users.add("team/alice")
    idp.clients.add("https://app.example/client.json", public=True, redirect_uris=["http://localhost:1/cb"])
    user, client = "/users/team%2Falice", "/clients/https%3A%2F%2Fapp.example%2Fclient.json"
    assert api.get(user).is_success
    assert post(api, f"{user}/revoke") == {"revoked": 0}
    assert api.get(f"{user}/consents").json() == {"consents": []}
    assert api.delete(f"{user}/consents").json() == {"forgotten": 0}
    assert api.patch(client, json={"disabled": True}).is_success
    assert "to go back to" in api.post(f"{client}/reset", json={}).text


def test_reset_is_as_after_a_start(idp: DevIdP, api: httpx.Client) -> None:
    kid = idp.keys.active().kid
    idp.login()
    idp.clock.advance("2h")
    assert post(api, "/reset") == {"reset": True}
    assert idp.events() == []
    assert idp.keys.active().kid == kid
    post(api, "/reset", keys=True)
    assert idp.keys.active().kid != kid


@pytest.mark.parametrize(
    ("path", "members", "status", "said"),
    [
        ("/tokens", {"usr": "alice"}, 400, "Did you mean 'user'"),
        ("/tokens", {"user": "alcie"}, 400, "Did you mean 'alice'"),
        ("/tokens", {"fault": "expird"}, 400, "Did you mean 'expired'"),
        ("/tokens", {"issuer": "nobody"}, 404, "there is no issuer"),
        ("/arm", {"fault": "expired", "clinet": "web"}, 400, "Did you mean 'client'"),
        ("/arm", {}, 400, "fault is missing"),
        ("/arm", {"fault": "expired", "client": ["web"]}, 400, "client: got a list, expected a valid string"),
        (
            "/failures",
            {"endpoint": "token", "seconds": 500},
            400,
            "got the number 500, expected less than",
        ),
        ("/keys", {"action": "renew", "overlap": False}, 400, "got overlap, but renew takes none"),
        ("/keys", {"action": "rotate", "kid": "k"}, 400, "got kid, but rotate takes none"),
        ("/failures", {"endpoint": "tokn", "status": 503}, 404, "did you mean 'token'"),
        ("/clock", {"advance": "two hours"}, 400, "is not a duration"),
        ("/users", {"username": "alice"}, 400, "already"),
        ("/keys", {"action": "retire", "kid": "k"}, 404, "there is no key"),
        ("/keys", {"action": "activate"}, 400, "kid is missing: the key to activate"),
    ],
)
def test_unknown_names_are_refused_by_name(
    api: httpx.Client, path: str, members: dict[str, Any], status: int, said: str
) -> None:
    answer = api.post(path, json=members)
    assert answer.status_code == status
    assert said in answer.json()["error_description"]


def test_what_is_asked_for_in_the_wrong_place_is_refused(idp: DevIdP, api: httpx.Client) -> None:
    """A match that nobody reads would let a fault happen to any request."""
    idp.arm("expired")
    strayed = [
        api.post("/arm", params={"client": "web"}, json={"fault": "audience-wrong"}),
        api.request("DELETE", "/arm", json={"client": "web"}),
        api.request("GET", "/events", json={"endpoint": "token"}),
    ]
    assert [answer.status_code for answer in strayed] == [400, 400, 400]
    assert "The query has 'client'" in strayed[0].json()["error_description"]
    assert "DELETE came with a body" in strayed[1].json()["error_description"]
    assert len(idp.control.armed.waiting()) == 1


@pytest.mark.parametrize("host", ["evil.example", "idp.example.test:6749"])
def test_no_other_name_leads_to_it(api: httpx.Client, host: str) -> None:
    assert api.get("/faults", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Origin": "http://evil.example"}, "a page of"),
        ({"Origin": "null"}, "a page of"),
        ({"Sec-Fetch-Site": "cross-site"}, "another site"),
        ({"X-Forwarded-For": "203.0.113.9"}, "through a proxy"),
        ({"Forwarded": "for=203.0.113.9"}, "through a proxy"),
    ],
)
def test_pages_and_proxies_may_not_call_it(api: httpx.Client, headers: dict[str, str], said: str) -> None:
    answer = api.post("/tokens", json={}, headers=headers)
    assert answer.status_code == 403
    assert said in answer.json()["error_description"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert api.get("/events/stream", headers=headers).status_code == 403
    assert api.get("/openapi.json", headers=headers).status_code == 403


def test_only_json_is_read(api: httpx.Client) -> None:
    assert api.post("/reset", content="keys=true", headers={"Content-Type": "text/plain"}).status_code == 400
    assert api.post("/reset", data={"keys": "true"}).status_code == 400
    assert (
        api.options("/reset", headers={"Origin": "http://evil.example"}).headers.get("Access-Control-Allow-Origin")
        is None
    )


def test_from_elsewhere_it_needs_the_token_that_was_printed() -> None:
    app = create_app(Config(PUBLIC_URL, control_token="printed"))
    elsewhere: dict[str, Any] = {
        "environ_overrides": {"REMOTE_ADDR": "192.0.2.7"},
        "base_url": "https://idp.example.test",
    }
    http = app.test_client()
    assert http.get(f"{API}/clock", **elsewhere).status_code == 403
    assert http.get(f"{API}/clock", headers={"Authorization": "Bearer guessed"}, **elsewhere).status_code == 403
    assert http.get(f"{API}/clock", headers={"Authorization": "Bearer printed"}, **elsewhere).status_code == 200
    assert http.get(f"{API}/clock").status_code == 200
    app.extensions["devidp"].close()


def test_the_token_request_takes_what_minting_takes() -> None:
    model = next(each.takes for each in OPERATIONS if each.path == "/tokens")
    assert set(model.model_fields) == {*PARAMETERS, "issuer"}


def test_the_failure_request_has_every_option_of_every_failure() -> None:
    model = next(each.takes for each in OPERATIONS if (each.method, each.path) == ("POST", "/failures"))
    assert {option for each in FAILURES.values() for option in each.options} <= set(model.model_fields)
    assert set(IMPLIED) <= set(model.model_fields)


def _description() -> Any:
    app = create_app(Config("http://localhost:6749"))

    def on_this_machine(environ: dict[str, Any], start_response: Any) -> Any:
        return app.wsgi_app({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    return schemathesis.openapi.from_wsgi(f"{API}/openapi.json", on_this_machine)


schema = _description()


@schema.parametrize()
@settings(
    max_examples=12, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
def test_the_description_is_true(case: Any) -> None:
    if case.operation.path.endswith("/openapi.json"):
        return
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
            negative_data_rejection,
        ],
    )


def test_a_lone_surrogate_is_refused(flow: Flow) -> None:
    for path, name in (("users", "username"), ("clients", "client_id"), ("tokens", "user")):
        body = f'{{"{name}": "\\ud800"}}'
        answer = flow.http.post(f"{API}/{path}", data=body, content_type="application/json")
        assert answer.status_code == 400
        assert "lone surrogate" in answer.get_json()["error_description"]


def test_the_api_is_beside_the_issuers_not_among_them(flow: Flow) -> None:
    assert flow.http.get("/_devidp/token").status_code in (404, 405)
