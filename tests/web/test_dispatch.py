"""Every endpoint is a view of Flask: it answers alike whether Flask calls it, or the application without contexts."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from devidp.app import create_app
from devidp.models.config import Config
from devidp.system.clock import Clock
from devidp.web.dispatch import Application
from devidp.web.endpoints import ENDPOINTS
from devidp.web.request import MAX_BODY_BYTES, Request
from tests.shipped import PUBLIC_URL, shipped

API = "/_devidp/api"
BASIC = ("service", "service-secret")
CLIENT_CREDENTIALS = {"grant_type": "client_credentials"}
LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def application(clock: Clock) -> Iterator[Application]:
    found = create_app(Config(PUBLIC_URL), shipped(), clock=clock)
    yield found
    found.runtime.close()


@pytest.fixture(params=["without contexts", "by Flask"])
def http(application: Application, request: pytest.FixtureRequest) -> Client:
    if request.param == "without contexts":
        return Client(application)
    return Client(lambda environ, start: Flask.wsgi_app(application, environ, start))


def test_a_token(http: Client, application: Application) -> None:
    answer = http.post("/default/token", data=CLIENT_CREDENTIALS, auth=BASIC)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    (event,) = application.runtime.event_log.since()[0]
    assert (event.endpoint, event.client, event.status) == ("token", "service", 200)


def test_a_trailing_slash_makes_no_other_endpoint(http: Client) -> None:
    assert http.post("/default/token/", data=CLIENT_CREDENTIALS, auth=BASIC).status_code == 200


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_is_bounded(http: Client, announced: bool) -> None:
    body = b"a=" + b"b" * MAX_BODY_BYTES
    sent: dict[str, Any] = {} if announced else {"environ_overrides": {"wsgi.input_terminated": True}}
    answer = http.post("/default/token", data=body, content_type="application/x-www-form-urlencoded", **sent)
    assert answer.status_code == 413
    assert str(MAX_BODY_BYTES) in answer.get_json()["error_description"]


@pytest.mark.parametrize("path", ["/default/register", "/default/.well-known/jwks.json", f"{API}/users", "/nowhere"])
def test_a_body_is_read_whole_before_anything_is_answered(http: Client, path: str) -> None:
    """Otherwise a server ends the connection while the client still sends, and the client never sees the answer."""
    body = BytesIO(b"x" * 1000)
    http.put(path, input_stream=body, content_type="application/json", content_length=1000)
    assert body.read() == b""


def test_a_body_that_ends_early_uses_nothing_up(http: Client) -> None:
    sent = {"environ_overrides": {"wsgi.input_terminated": True, "CONTENT_LENGTH": "100"}}
    answer = http.post("/default/token", data=CLIENT_CREDENTIALS, auth=BASIC, **sent)
    assert answer.status_code == 400
    assert "Content-Length announced 100" in answer.get_json()["error_description"]


@pytest.mark.parametrize("path", ["/default/token", "/health", f"{API}/users", "/nowhere"])
def test_another_host_is_refused(http: Client, path: str) -> None:
    answer = http.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "name", ["evil.example?.localhost", "evil.example#.localhost", 'a"b.localhost', "%61.localhost"]
)
def test_what_ends_in_a_known_name_and_is_none_is_refused(http: Client, application: Application, name: str) -> None:
    """An issuer that follows the host would be at ``evil.example``, as clients read such a URL."""
    application.runtime.adopt(shipped(issuer={"follow_host": True}))
    answer = http.get("/default/.well-known/openid-configuration", headers={"Host": name})
    assert answer.status_code == 400
    assert "expected the name of this server" in answer.get_json()["error_description"]


def test_a_header_that_decides_something_comes_once(http: Client) -> None:
    answer = http.post("/default/token", data=CLIENT_CREDENTIALS, headers={"Authorization": "Basic YTpi,Basic YTpj"})
    assert answer.status_code == 400
    assert "came more than once" in answer.get_json()["error_description"]


def test_a_scripted_failure(http: Client) -> None:
    scripted = {"endpoint": "token", "error": "invalid_grant"}
    assert http.post(f"{API}/failures", json=scripted, environ_overrides=LOCAL).status_code == 201
    answer = http.post("/default/token", data=CLIENT_CREDENTIALS, auth=BASIC)
    assert answer.get_json()["error"] == "invalid_grant"


def test_a_preflight(http: Client) -> None:
    answer = http.options("/default/token", headers={"Origin": "https://app.example"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Content-Type" not in answer.headers


def test_an_issuer_that_is_not_there_is_named(http: Client, application: Application) -> None:
    answer = http.post("/defualt/token", data=CLIENT_CREDENTIALS, auth=BASIC)
    assert answer.status_code == 404
    assert "There is no issuer at '/defualt'" in answer.get_json()["error_description"]
    assert application.runtime.event_log.since()[0][0].issuer == "defualt"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/token", "/default/token"),
        ("/default/jwks", "/default/.well-known/jwks.json"),
        ("/enterprise/protocol/openid-connect/certs", "/enterprise/.well-known/jwks.json"),
        ("/default/endsession", "/default/logout"),
        ("/.well-known/openid-configuration", "/default/.well-known/openid-configuration"),
        ("/default/authorise", "/default/authorize"),
    ],
)
def test_an_address_of_another_provider_is_answered_with_the_one_that_was_meant(
    http: Client, path: str, meant: str
) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert f"Did you mean {PUBLIC_URL}{meant}? " in answer.get_json()["error_description"]
    assert "Did you mean" not in http.get("/default/debugger").get_json()["error_description"]


def test_an_address_of_the_control_api_is_not_taken_for_one_of_an_issuer(http: Client) -> None:
    said = http.post(f"{API}/token", json={}).get_json()["error_description"]
    assert f"Did you mean http://localhost{API}/tokens? http://localhost{API}/openapi.json describes" in said
    assert "Did you mean" not in http.get(API).get_json()["error_description"]


def test_a_method_that_is_not_served_is_refused(http: Client) -> None:
    answer = http.delete("/default/token")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"
    assert "DELETE is not allowed at '/default/token', expected POST" in answer.get_json()["error_description"]


def test_a_reload_replaces_the_whole_map(http: Client, application: Application) -> None:
    paths = [f"{path}/.well-known/openid-configuration" for path in ("/default", "/enterprise")]
    assert [http.get(path).status_code for path in paths] == [200, 200]
    application.runtime.adopt(shipped(issuers={"enterprise": None}))
    assert [http.get(path).status_code for path in paths] == [200, 404]
    assert http.get("/health").status_code == 200


@pytest.mark.parametrize("document", ["openid-configuration", "jwks.json"])
def test_a_document_that_is_kept_follows_every_change(application: Application, document: str) -> None:
    http, path = Client(application), f"/default/.well-known/{document}"
    first = http.get(path)
    again = http.get(path)
    for answer in (first, again):
        answer.headers.pop("Date", None)
    assert (again.data, dict(again.headers)) == (first.data, dict(first.headers))
    assert http.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert http.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert http.get(path, headers={"Host": "evil.example"}).status_code == 421
    events = application.runtime.event_log.since()[0]
    assert [each.status for each in events] == [200, 200, 304, 304, 421]
    assert len({each.endpoint for each in events}) == 1
    local = {"environ_overrides": LOCAL}
    assert http.post(f"{API}/failures", json={"endpoint": "jwks", "failure": "keys-empty"}, **local).status_code == 201
    assert (http.get(path).data == b'{"keys": []}') is (document == "jwks.json")
    assert http.get(path).data == first.data
    assert http.post(f"{API}/keys", json={"action": "rotate"}, **local).status_code == 200
    assert (http.get(path).data == first.data) is (document != "jwks.json")
    application.runtime.adopt(shipped(issuer={"features": {"registration": False}}))
    assert (b"registration_endpoint" in http.get(path).data) is False


def test_every_endpoint_of_every_issuer_is_in_the_map_of_flask(application: Application) -> None:
    known = {rule.rule for rule in application.url_map.iter_rules()}
    assert {f"/{issuer}{each.path}" for issuer in ("default", "enterprise") for each in ENDPOINTS.values()} <= known
    assert {"/", "/health", f"{API}/users", f"{API}/events/stream"} <= known


@pytest.mark.slow
def test_the_map_is_listed_without_opening_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVIDP_DATA", str(tmp_path / "data"))
    command = [sys.executable, "-m", "flask", "--app", "devidp.app", "routes"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    assert "/default/token" in listed
    assert f"{API}/users" in listed
    assert not (tmp_path / "data").exists()


def test_the_first_request_opens_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVIDP_DATA", str(tmp_path / "data"))
    application = create_app()
    assert not (tmp_path / "data").exists()
    answer = application.test_client().get("/default/.well-known/openid-configuration")
    assert answer.get_json()["issuer"] == "http://localhost:5000/default"
    assert (tmp_path / "data").exists()
    application.runtime.close()


def test_data_that_cannot_be_opened_is_said_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DEVIDP_DATA", str(tmp_path / "file" / "data"))
    answer = create_app().test_client().get("/health")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "cannot be created" in caplog.text


def test_a_second_process_on_the_folder_is_refused_until_the_first_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DEVIDP_DATA", str(tmp_path / "data"))
    first, second = create_app(), create_app()
    assert first.test_client().get("/health").status_code == 200
    answer = second.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "is in use by the devidp at http://localhost:5000 (process" in caplog.text
    first.runtime.close()
    assert second.test_client().get("/health").status_code == 200
    second.runtime.close()


def test_the_default_folder_carries_the_port_of_the_public_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folders = []
    for url in ("http://localhost:8080", "https://idp.example", ""):
        monkeypatch.setenv("DEVIDP_PUBLIC_URL", url)
        folders.append(create_app().runtime.config.data_dir)
    assert folders == [tmp_path / "devidp" / port for port in ("8080", "443", "5000")]


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("DEVIDP_TLS", "1", "is for `devidp serve`"),
        ("DEVIDP_SEDE", "x", "means nothing to devidp"),
        ("DEVIDP_PUBLIC_URL", "idp.example", "does not begin with http"),
        ("DEVIDP_NO_RELOAD", "maybe", "expected one of"),
    ],
)
def test_a_variable_that_means_nothing_here_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=part):
        create_app()


def test_an_error_of_the_control_api_cites_no_specification(http: Client) -> None:
    answer = http.post(f"{API}/users", data="[]", content_type="application/json", environ_overrides=LOCAL)
    assert answer.status_code == 400
    assert "See RFC" not in answer.get_json()["error_description"]


def test_a_request_ends_with_its_answer(application: Application) -> None:
    """Body and all: it does not wait for the garbage collector."""
    http = Client(application)
    gc.collect()
    others = {id(each) for each in gc.get_objects() if type(each) is Request}  # of tests before, held by their clients
    gc.disable()
    try:
        for path, sent in (("token", CLIENT_CREDENTIALS), ("introspect", {"token": "?"}), ("revoke", {"token": "?"})):
            http.post(f"/default/{path}", data=sent, auth=BASIC)
            http.post(f"/default/{path}", data=sent, auth=("service", "wrong"))
            http.post(f"/default/{path}", data={}, auth=BASIC)
            http.post(f"/default/{path}", data=b"a=%ff")
        assert [each for each in gc.get_objects() if type(each) is Request and id(each) not in others] == []
    finally:
        gc.enable()
