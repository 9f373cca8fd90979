"""What an event says of the request: enough to see what a client asked for, and nothing that could be used again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from devidp import DevIdP
from devidp.models import Event
from devidp.models.event import ASKED, FACTS
from devidp.system.event_log import as_json
from tests.flow import CHALLENGE, MCP, REDIRECT_URI, VERIFIER, Flow

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BASIC = ("service", "service-secret")


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


@pytest.fixture
def http(idp: DevIdP) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=idp.url, headers={"User-Agent": "my-client/2.0"}, timeout=60) as client:
        yield client


def asked(idp: DevIdP, endpoint: str) -> dict[str, str]:
    """What the only event of an endpoint says of its request."""
    (event,) = idp.events(endpoint)
    return dict(event.asked)


def authorization(flow: Flow, **parameters: str) -> Event:
    flow.redirect(resource=MCP, prompt="login consent", login_hint="alice@acme.example", **parameters)
    return flow.runtime.event_log.since()[0][0]


def test_an_authorization_request(flow: Flow) -> None:
    event = authorization(flow, response_mode="form_post", max_age="60", nonce="n-0S6_WzA2Mj")
    assert event.asked == {
        "method": "GET",
        "path": "/default/authorize",
        "response_type": "code",
        "response_mode": "form_post",
        "redirect_uri": REDIRECT_URI,
        "resource": MCP,
        "requested_scope": "openid mcp:read",
        "code_challenge_method": "S256",
        "prompt": "login consent",
        "max_age": "60",
        "login_hint": "alice@acme.example",
        "sent": event.asked["sent"],
        "user_agent": event.asked["user_agent"],
        "address": "127.0.0.1",
    }
    assert sorted(event.asked["sent"].split()) == ["client_id", "code_challenge", "nonce", "state"]
    assert "n-0S6_WzA2Mj" not in str(event)


def test_a_client_is_named_whose_redirect_uri_is_refused(flow: Flow) -> None:
    flow.http.get("/default/authorize", query_string=flow.request(redirect_uri=f"{REDIRECT_URI}/"))
    (event,) = flow.runtime.event_log.since()[0]
    assert (event.status, event.client, event.got) == (400, "web", f"{REDIRECT_URI}/")


def test_an_empty_parameter_was_not_sent(flow: Flow) -> None:
    """RFC 6749 section 3.1."""
    assert authorization(flow, state="", nonce="").asked["sent"] == "client_id code_challenge"


def test_the_forms_of_the_pages_say_what_was_asked_for_at_first(flow: Flow) -> None:
    first = authorization(flow)
    for later in flow.runtime.event_log.since()[0][1:3]:
        assert dict(later.asked) == {**first.asked, "method": "POST", "path": f"/default/{later.endpoint}"}


def test_a_pushed_request_says_the_same_where_it_is_used(http: httpx.Client, idp: DevIdP) -> None:
    sent = {
        "client_id": "web", "response_type": "code", "redirect_uri": REDIRECT_URI, "scope": "openid",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256", "state": "s", "resource": MCP,
    }  # fmt: skip
    pushed = http.post("/default/par", data=sent, auth=("web", "web-secret")).json()
    http.get("/default/authorize", params={"client_id": "web", "request_uri": pushed["request_uri"]})
    par, used = asked(idp, "par"), asked(idp, "authorize")
    assert par.pop("auth_method") == "client_secret_basic"
    assert {**used, "method": "POST", "path": "/default/par"} == par
    assert par["resource"] == MCP


@pytest.mark.parametrize(
    ("data", "auth", "method"),
    [
        ({}, BASIC, "client_secret_basic"),
        ({"client_id": "service", "client_secret": "service-secret"}, None, "client_secret_post"),
        ({"client_id": "service", "client_secret": "wrong"}, None, "client_secret_post"),
        ({"client_id": "spa"}, None, "none"),
    ],
)
def test_a_token_request(http: httpx.Client, idp: DevIdP, data: dict[str, str], auth: Any, method: str) -> None:
    headers = {"MCP-Protocol-Version": "2025-11-25", "Origin": "http://localhost:6274"}
    sent = {"grant_type": "client_credentials", "scope": "mcp:read", "resource": MCP, **data}
    http.post("/default/token", data=sent, auth=auth, headers=headers)
    assert asked(idp, "token") == {
        "method": "POST",
        "path": "/default/token",
        "auth_method": method,
        "address": "127.0.0.1",
        "sent": " ".join(["grant_type", *data]),
        "requested_scope": "mcp:read",
        "resource": MCP,
        "user_agent": "my-client/2.0",
        "origin": "http://localhost:6274",
        "mcp_protocol_version": "2025-11-25",
    }


def test_a_registration(http: httpx.Client, idp: DevIdP) -> None:
    uris = ["http://localhost:3000/a", "http://localhost:3000/b"]
    metadata = {"redirect_uris": uris, "scope": "openid mcp:read", "client_name": "x" * 2_000}
    http.post("/default/register", json={**metadata, "response_types": ["code"]})
    assert asked(idp, "register") == {
        "method": "POST",
        "path": "/default/register",
        "redirect_uri": " ".join(uris),
        "response_type": "code",
        "requested_scope": "openid mcp:read",
        "user_agent": "my-client/2.0",
        "address": "127.0.0.1",
    }
    assert len(idp.events("register")[0].outcome) < 300


def test_what_was_granted_is_told_from_what_was_asked_for(flow: Flow) -> None:
    flow.tokens("bob", scope="openid mcp:read mcp:admin")
    asked_for, _, consented, *_ = flow.runtime.event_log.since()[0]
    assert asked_for.asked["requested_scope"] == "openid mcp:read mcp:admin"
    assert "mcp:admin" not in consented.scope.split()


def test_several_resources_are_each_named(http: httpx.Client, idp: DevIdP) -> None:
    sent = {"grant_type": "client_credentials", "resource": [MCP, "http://localhost:8001/mcp"]}
    http.post("/default/token", data=sent, auth=BASIC)
    assert idp.events("token", resource="http://localhost:8001/mcp")
    assert idp.events("token", resource=MCP)
    assert not idp.events("token", resource="http://localhost:8002/mcp")


def test_a_document_that_is_kept_says_who_asks_now(http: httpx.Client, idp: DevIdP) -> None:
    for agent in ("first", "second"):
        http.get("/default/.well-known/jwks.json", headers={"User-Agent": agent})
    http.get("/default/.well-known/jwks.json", headers={"MCP-Protocol-Version": "2025-06-18"})
    assert [each.asked["user_agent"] for each in idp.events("jwks")] == ["first", "second", "my-client/2.0"]
    assert ["mcp_protocol_version" in each.asked for each in idp.events("jwks")] == [False, False, True]


@pytest.mark.parametrize(
    ("method", "path", "endpoint", "status"),
    [
        ("GET", "/", "landing", 200),
        ("GET", "/health", "health", 200),
        ("POST", "/health", "unknown", 405),
        ("GET", "/nowhere", "unknown", 404),
        ("GET", "/default/nowhere", "unknown", 404),
        ("GET", "/_devidp/api/users", "control", 200),
        ("GET", "/_devidp/api/nowhere", "control", 404),
        ("DELETE", "/_devidp/api/users/nobody", "control", 404),
        ("PUT", "/_devidp/api/users", "control", 405),
        ("GET", "/default/token", "token", 405),
    ],
)
def test_every_request_is_an_event(
    http: httpx.Client, idp: DevIdP, method: str, path: str, endpoint: str, status: int
) -> None:
    answer = http.request(method, path)
    (event,) = idp.events()
    assert (event.endpoint, event.status) == (endpoint, status) == (endpoint, answer.status_code)
    assert event.asked == {"method": method, "path": path, "user_agent": "my-client/2.0", "address": "127.0.0.1"}
    assert event.took > 0
    assert len(event.id) == 12
    assert bool(event.error) == bool(event.reason) == (status >= 400)


def test_a_request_for_another_host_is_an_event(http: httpx.Client, idp: DevIdP) -> None:
    for path in ("/default/token", "/health", "/_devidp/api/users"):
        assert http.get(path, headers={"Host": "evil.example"}).status_code == 421
    assert [(each.endpoint, "evil.example" in each.reason) for each in idp.events(status=421)] == [
        ("token", True), ("health", True), ("control", True),
    ]  # fmt: skip


def test_who_reads_events_is_not_among_them_and_a_reset_leaves_none(http: httpx.Client, idp: DevIdP) -> None:
    http.get("/health")
    http.get("/_devidp/api/events")
    with http.stream("GET", "/_devidp/api/events/stream") as stream:
        next(stream.iter_lines())
    assert [each.endpoint for each in idp.events()] == ["health"]
    http.get("/_devidp/api/events", params={"nothing": "1"})
    assert idp.events("control", status=400)
    http.post("/_devidp/api/reset", json={})
    assert idp.events() == []


def test_a_control_error_cites_no_specification(http: httpx.Client, idp: DevIdP) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("/tokens", {"user": "nobody"}),
        ("/tokens", {"lifetime": "soon"}),
        ("/tokens", {"audience": ["not a URI"]}),
        ("/tokens", {"scope": 'no"scope'}),
        ("/arm", {"fault": "expird"}),
        ("/clock", {"advance": "soon"}),
        ("/users", {"username": ""}),
        ("/keys", {"action": "retire", "kid": "none"}),
        ("/keys", {"nothing": "of the kind"}),
    ]
    for path, body in wrong:
        answer = http.post(f"/_devidp/api{path}", json=body).json()
        assert "RFC" not in answer.get("error_description", ""), answer
    http.post("/_devidp/api/clock", content=b"{", headers={"Content-Type": "application/json"})
    http.post("/_devidp/api/clock", content=b"advance=1h", headers=FORM)
    refused = [each for each in idp.events("control") if each.error]
    assert len(refused) >= 8
    assert {each.section for each in refused} == {""}


@pytest.mark.parametrize("name", ASKED)
def test_all_of_it_is_a_criterion_in_python_and_over_http(http: httpx.Client, idp: DevIdP, name: str) -> None:
    sent = {each: f"a-{each}" for each in ASKED} | {"scope": "a-scope", "grant_type": "client_credentials"}
    headers = {"Origin": "http://a.example", "MCP-Protocol-Version": "1"}
    http.post("/default/token", data=sent, auth=BASIC, headers=headers)
    value = asked(idp, "token")[name]
    http.get("/health", headers={"User-Agent": "another"})
    assert [each.endpoint for each in idp.events(**{name: value}) if each.endpoint != "health"] == ["token"]
    found = http.get("/_devidp/api/events", params={name: value, "endpoint": "token"}).json()["events"]
    assert [each["asked"][name] for each in found] == [value]
    assert http.get("/_devidp/api/events", params={name: "nothing of the kind"}).json()["events"] == []


def test_a_parameter_is_not_taken_for_what_devidp_says(http: httpx.Client, idp: DevIdP) -> None:
    """A form field may be called like something that devidp itself notes."""
    said = ("auth_method", "method", "path", "user_agent", "origin", "requested_scope", "sent")
    spoofed = dict.fromkeys(said, "x")
    http.post("/default/token", data={**spoofed, "grant_type": "nonsense"}, auth=BASIC)
    found = asked(idp, "token")
    assert found.pop("sent").split() == [*spoofed, "grant_type"]
    caller = {"user_agent": "my-client/2.0", "address": "127.0.0.1"}
    assert found == {"method": "POST", "path": "/default/token", **caller}


def test_no_secret_of_any_request_is_in_an_event(http: httpx.Client, flow: Flow, idp: DevIdP) -> None:
    secrets = {
        name: f"secret-{name}"
        for name in (
            "code", "code_verifier", "client_secret", "client_assertion", "refresh_token", "token", "subject_token",
            "actor_token", "assertion", "device_code", "user_code", "id_token_hint", "request", "request_uri",
            "password", "state", "nonce", "access_token", "transaction", "made_up",
        )
    }  # fmt: skip
    for path in (
        "token",
        "introspect",
        "revoke",
        "par",
        "device_authorization",
        "userinfo",
        "login",
        "consent",
        "logout",
    ):
        http.post(
            f"/default/{path}", data=secrets, headers={"Authorization": "Bearer secret-bearer", "DPoP": "secret-p"}
        )
    for path in ("authorize", "logout", "device", "token", "nowhere"):
        http.get(f"/default/{path}", params=secrets, headers={"Cookie": "devidp=secret-cookie"})
    http.get("/default/authorize", params={"redirect_uri": "http://alice:secret-in-uri@localhost/"})
    assert len(idp.events()) == 15
    assert "secret-" not in repr([each.asked for each in idp.events()])
    flow.exchange(flow.redirect()["code"])
    assert VERIFIER not in repr(flow.runtime.event_log.since())
    assert CHALLENGE not in repr(flow.runtime.event_log.since())


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_nothing_that_a_login_gives_out_is_in_an_event(flow: Flow, mode: str) -> None:
    came = flow.redirect(response_mode=mode, state="state-of-mine", nonce="nonce-of-mine")
    tokens = flow.exchange(came["code"]).json or {}
    flow.http.get("/default/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    cookies = [each.value for each in (flow.http._cookies or {}).values()]
    given = [came["code"], came["state"], "nonce-of-mine", *cookies]
    given += [tokens[name] for name in ("access_token", "id_token", "refresh_token")]
    events = [as_json(each) for each in flow.runtime.event_log.since()[0]]
    assert len(events) == 5
    assert len(given) >= 8
    assert not [each for each in given if any(each in event for event in events)]


HOSTILE = "\x1b[31m\r\n\u202e\x00" + "x" * 100_000


def test_hostile_text_is_bounded_and_stays_on_its_line(
    http: httpx.Client, idp: DevIdP, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("scope", "resource", "redirect_uri", "response_type", "prompt", "login_hint", "acr_values", "grant_type")
    http.get("/default/authorize", params=[(name, HOSTILE[:500]) for name in names for _ in range(3)])
    http.post("/default/token", data=dict.fromkeys(names, HOSTILE[:20_000]), auth=BASIC)
    http.get(f"/{'y' * 5_000}", headers={"User-Agent": "z" * 5_000})
    idp.fail("token", status=500, client="web")
    http.post("/default/token", data={"grant_type": HOSTILE[:20_000], "client_id": HOSTILE[:20_000]})
    for each in idp.events():
        assert len(json.dumps(each.asked)) < 10_000
        assert all(len(value) < 1_000 for value in (each.reason, each.client, each.grant, each.outcome))
    assert all(line.isprintable() for line in caplog.messages)


def test_the_description_of_the_api_names_every_criterion(http: httpx.Client) -> None:
    described = http.get("/_devidp/api/openapi.json").json()
    parameters = described["paths"]["/_devidp/api/events"]["get"]["parameters"]
    assert {each["name"] for each in parameters} == {"after", *FACTS, *ASKED}
    event: dict[str, Any] = described["components"]["schemas"]["Event"]["properties"]
    assert set(event) == set(Event._fields)


def test_an_answer_is_told_by_its_names(flow: Flow) -> None:
    code = flow.redirect("alice")["code"]
    tokens = flow.exchange(code).get_json()
    answers = [dict(each.answered) for each in flow.runtime.event_log.since()[0]]
    assert answers[-2]["location"].startswith(f"{REDIRECT_URI}?code=…&")
    assert set(answers[-1]["members"].split()) == set(tokens)
    assert answers[-1]["content_type"] == "application/json"
    assert code not in str(answers)


def test_the_name_of_a_parameter_is_kept_where_it_is_one(http: httpx.Client, idp: DevIdP) -> None:
    secret = "Zk3-9fQ.secret-in-the-wrong-place"
    http.post("/default/token", data={"redirect_url": "x", secret: "y", "Zk3": "z"})
    assert asked(idp, "token")["sent"] == "redirect_url … …"
    assert secret not in str(idp.events())


def test_a_refusal_says_what_it_asks_for(http: httpx.Client, idp: DevIdP) -> None:
    http.get("/default/userinfo", headers={"Authorization": "Bearer wrong"})
    (event,) = idp.events("userinfo")
    assert 'error="invalid_token"' in event.answered["www_authenticate"]
    assert http.get("/_devidp/api/events", params={"id": event.id}).json()["events"][0]["answered"] == event.answered


def test_an_event_says_for_whom_a_token_is(http: httpx.Client, idp: DevIdP) -> None:
    sent = {"grant_type": "client_credentials", "resource": MCP}
    token = http.post("/default/token", data=sent, auth=BASIC).json()["access_token"]
    http.post("/default/introspect", data={"token": token}, auth=BASIC)
    issued, asked_about = idp.events(token_audience=MCP)
    assert (issued.endpoint, asked_about.endpoint) == ("token", "introspect")
    assert idp.events(token_audience="http://localhost:8001/mcp") == []


def test_ten_thousand_events_hold_once_what_their_requests_have_in_common(idp: DevIdP, http: httpx.Client) -> None:
    for _ in range(2):
        http.post("/default/token", data={"grant_type": "client_credentials"}, auth=BASIC, headers={"Origin": idp.url})
    one, other = idp.events("token")
    assert {"path", "address", "user_agent", "origin", "sent"} <= one.asked.keys()
    for found, known in ((one.asked, other.asked), (one.answered, other.answered)):
        assert {name for name, text in found.items() if text is not known[name]} == set()
