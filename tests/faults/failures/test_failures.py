"""Failures: each really happens, to the requests that were meant, as often as was said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from devidp import DevIdP, LoginFailed
from devidp.faults.failures import FAILURES
from devidp.web.control.errors import ControlError
from devidp.web.endpoints import ENDPOINTS
from devidp.web.failure_places import GROUPED, places

CREDENTIALS = {"grant_type": "client_credentials", "client_id": "service", "client_secret": "service-secret"}


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


def token(idp: DevIdP, **changes: str) -> httpx.Response:
    return httpx.post(f"{idp.issuer}/token", data={**CREDENTIALS, **changes})


def test_an_error_of_choice_happens_as_often_as_asked(idp: DevIdP) -> None:
    idp.fail("token", error="temporarily_unavailable", times=2)
    assert [token(idp).status_code for _ in range(3)] == [503, 503, 200]
    assert token(idp).json()["scope"]


def test_a_status_with_retry_after_happens_once(idp: DevIdP) -> None:
    idp.fail("discovery", status=503, retry_after=7)
    first = httpx.get(idp.discovery_url)
    assert (first.status_code, first.headers["Retry-After"]) == (503, "7")
    assert httpx.get(idp.discovery_url).json()["issuer"] == idp.issuer


def test_a_failure_instead_of_the_endpoint_consumes_nothing(idp: DevIdP) -> None:
    tokens = idp.login()
    idp.fail("token", status=503, grant="refresh_token", user="alice")
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answers = [httpx.post(f"{idp.issuer}/token", data=refresh, auth=("web", "web-secret")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 200]


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"client": "spa"}, False), ({"client": "service"}, True), ({"grant": "refresh_token"}, False),
        ({"issuer": "enterprise"}, False), ({"issuer": "default"}, True), ({"user": "alice"}, False),
    ],
)  # fmt: skip
def test_only_the_requests_that_match_fail(idp: DevIdP, match: dict[str, Any], hit: bool) -> None:
    idp.fail("token", "error", times=1, **match)
    assert (token(idp).status_code != 200) == hit


def test_the_token_request_of_one_state_fails(idp: DevIdP) -> None:
    idp.fail("token", error="invalid_grant", state="mine")
    assert idp.login(state="other")["access_token"]
    with pytest.raises(LoginFailed, match="invalid_grant"):
        idp.login(state="mine")


def test_an_error_of_the_authorization_endpoint_reaches_the_client(idp: DevIdP) -> None:
    idp.fail("authorize", error="temporarily_unavailable", client="web")
    with pytest.raises(LoginFailed, match="temporarily_unavailable"):
        idp.login()
    idp.assert_seen("authorize", error="temporarily_unavailable", outcome="failure error as scripted")


def test_a_dropped_connection_gives_no_answer(idp: DevIdP) -> None:
    idp.fail("token", "dropped-connection")
    with pytest.raises(httpx.TransportError):
        token(idp)
    assert token(idp).status_code == 200


def test_an_endless_answer_goes_on_until_its_seconds_are_over(idp: DevIdP) -> None:
    idp.fail("jwks", "endless-body", seconds=0.3)
    assert httpx.get(idp.jwks_uri).text == " " * 3 * 4096
    idp.fail("jwks", "endless-body")
    with httpx.stream("GET", idp.jwks_uri) as answer:
        assert next(answer.iter_raw()).isspace()
    assert httpx.get(idp.jwks_uri).json()["keys"]


def test_a_compressed_answer_is_the_right_one(idp: DevIdP) -> None:
    idp.fail("token", "gzip-unasked")
    answer = httpx.post(f"{idp.issuer}/token", data=CREDENTIALS, headers={"Accept-Encoding": "identity"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json()["access_token"]


@pytest.mark.parametrize("name", ["refresh-token-changed", "refresh-token-used-up"])
def test_a_refresh_can_bring_a_refresh_token_that_is_not_good(idp: DevIdP, name: str) -> None:
    def refresh(refresh_token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return httpx.post(f"{idp.issuer}/token", data=form, auth=("web", "web-secret"))

    first = idp.login()["refresh_token"]
    idp.fail("token", name)
    second = refresh(first).json()["refresh_token"]
    assert second == (first if name == "refresh-token-used-up" else "made-up")
    idp.clock.advance(3600)  # beyond the time in which a refresh may be repeated
    assert refresh(second).json()["error"] == "invalid_grant"


def test_a_slow_answer_is_right_and_delays_no_other(idp: DevIdP) -> None:
    idp.fail("jwks", "slow", seconds=30, times=1)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(httpx.get, idp.jwks_uri, timeout=httpx.Timeout(60, read=0.5))
        assert token(idp).status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            late.result()


@pytest.mark.parametrize(
    ("failure", "broken"),
    [
        ("truncated-json", lambda answer: not _parses(answer.text)),
        ("wrong-typed-json", lambda answer: isinstance(answer.json(), list)),
        ("html-body", lambda answer: answer.text.startswith("<!doctype html>")),
        ("wrong-content-type", lambda answer: answer.headers["Content-Type"].startswith("text/plain")),
        ("empty-body", lambda answer: answer.text == ""),
        ("duplicate-members", lambda answer: answer.text.count('"access_token"') == 2),
        ("fewer-scopes", lambda answer: len(answer.json()["scope"].split()) == 4),
        ("scope-missing", lambda answer: "scope" not in answer.json()),
        ("no-access-token", lambda answer: "access_token" not in answer.json()),
        ("expires-in-string", lambda answer: answer.json()["expires_in"] == "3600"),
        ("expires-in-missing", lambda answer: "expires_in" not in answer.json()),
        ("expires-in-zero", lambda answer: answer.json()["expires_in"] == 0),
        ("token-type-upper-case", lambda answer: answer.json()["token_type"] == "BEARER"),
        ("token-type-unknown", lambda answer: answer.json()["token_type"] == "mac"),
        ("token-type-missing", lambda answer: "token_type" not in answer.json()),
        ("error-with-status-200", lambda answer: "error" in answer.json() and answer.status_code == 200),
        (
            "error-without-code",
            lambda answer: answer.status_code == 400 and answer.json() == {"message": "Bad Request"},
        ),
        ("error-object", lambda answer: answer.status_code == 400 and answer.json()["error"]["code"] == 400),
        ("basic-challenge", lambda answer: answer.headers.get("WWW-Authenticate") == 'Basic realm="proxy"'),
        ("client-unknown", lambda answer: answer.status_code == 401 and answer.json()["error"] == "invalid_client"),
        ("raced", lambda answer: answer.status_code == 409),
        ("token-type-dpop", lambda answer: answer.json()["token_type"] == "DPoP"),
        ("expires-in-negative", lambda answer: answer.json()["expires_in"] == -1),
        ("expires-in-huge", lambda answer: answer.json()["expires_in"] > 2**64),
        ("expires-in-fraction", lambda answer: answer.json()["expires_in"] == 3600.5),
        ("expires-in-null", lambda answer: answer.json()["expires_in"] is None),
        ("expires-in-text", lambda answer: answer.json()["expires_in"] == "an hour"),
        ("access-token-line-break", lambda answer: "\r\nX-Injected: 1" in answer.json()["access_token"]),
        ("access-token-empty", lambda answer: answer.json()["access_token"] == ""),
        ("access-token-object", lambda answer: isinstance(answer.json()["access_token"], dict)),
        ("scope-wider", lambda answer: answer.json()["scope"].endswith(" admin")),
        ("scope-array", lambda answer: len(answer.json()["scope"]) == 5),
        ("scope-commas", lambda answer: answer.json()["scope"].count(",") == 4),
        ("members-extra", lambda answer: "x_devidp_extra" in answer.json()),
        ("form-encoded", lambda answer: parse_qs(answer.text).get("token_type") == ["Bearer"]),
        ("byte-order-mark", lambda answer: answer.content.startswith(b"\xef\xbb\xbf")),
        ("utf-16", lambda answer: answer.content.startswith(b"\xff\xfe{\x00")),
        ("charset-latin-1", lambda answer: answer.headers["Content-Type"].endswith("=ISO-8859-1")),
        ("huge-body", lambda answer: len(answer.content) > 8 * 1024**2),
        ("rate-limited", lambda answer: answer.status_code == 429 and answer.headers["Retry-After"] == "1"),
        ("unavailable", lambda answer: answer.status_code == 503),
    ],
)
def test_a_token_response_can_be_wrong_in_each_way(idp: DevIdP, failure: str, broken: object) -> None:
    assert callable(broken)
    assert not broken(token(idp))
    idp.fail("token", failure)
    assert broken(token(idp))
    assert not broken(token(idp))


DOCUMENTS = [each for each in FAILURES.values() if each.group in ("discovery", "jwks")]
ONE_OF_TWO = ("oauth-metadata-missing", "openid-metadata-missing")


@pytest.mark.parametrize("name", [each.name for each in DOCUMENTS if each.name not in ONE_OF_TWO])
def test_metadata_and_keys_can_be_wrong_in_each_way_and_are_right_afterwards(idp: DevIdP, name: str) -> None:
    url = idp.discovery_url if FAILURES[name].group == "discovery" else idp.jwks_uri
    right = httpx.get(url)
    idp.fail("discovery" if url == idp.discovery_url else "jwks", name, times=None)
    known = {"If-None-Match": right.headers["ETag"]}
    wrong = httpx.get(url, headers=known)
    assert wrong.status_code == 200
    assert (wrong.json(), wrong.headers["Cache-Control"]) != (right.json(), right.headers["Cache-Control"])
    idp.reset()
    assert httpx.get(url).json() == right.json()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("inactive", {"active": False}),
        ("active-string", {"active": "true"}),
        ("scope-narrower", {"scope": "mcp:read"}),
        ("scope-empty", {"scope": ""}),
        ("sub-of-another", {"sub": "somebody-else"}),
        ("credentials-refused", {"error": "invalid_client"}),
        ("active-missing", {"scope": "mcp:read mcp:write"}),
        ("active-number", {"active": 1}),
        ("exp-passed", {"active": True, "exp": 1}),
        ("audience-of-another", {"active": True, "aud": "https://another.example"}),
        ("iss-of-another", {"active": True, "iss": "https://attacker.example"}),
        ("client-of-another", {"active": True, "client_id": "another-client"}),
        ("introspected-scope-array", {"scope": ["mcp:read", "mcp:write"]}),
        ("active-alone", {"active": True, "scope": None, "sub": None}),
        ("client-unknown", {"error": "invalid_client"}),
    ],
)
def test_introspection_can_be_wrong_in_each_way(idp: DevIdP, name: str, answer: dict[str, object]) -> None:
    access_token = idp.token(user="alice", client="web", scope="mcp:read mcp:write")
    idp.fail("introspection", name, client="web")
    body = httpx.post(f"{idp.issuer}/introspect", data={"token": access_token}, auth=("web", "web-secret")).json()
    assert {member: body.get(member) for member in answer} == answer
    assert ("active" in body) == (name not in ("credentials-refused", "active-missing", "client-unknown"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("tokn", "slow"), "there is no endpoint 'tokn', did you mean 'token'"),
        (("token", "slwo"), "there is no failure 'slwo', did you mean 'slow'"),
        (("token", "invalid_grant"), "answer with that error by error='invalid_grant'"),
        (("jwks", "keys_empty"), "did you mean 'keys-empty'"),
        (("token", "keys-empty"), "keys-empty cannot happen at token, only at: jwks, certificates"),
        (("token",), "which failure.*raced$"),
    ],
)
def test_an_impossible_failure_is_refused_by_name(idp: DevIdP, asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(ControlError, match=said):
        idp.fail(*asked)


def test_wrong_options_are_refused_by_name(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="slow has no option 'second'"):
        idp.fail("token", "slow", second=2)
    with pytest.raises(ControlError, match="expected a value of type int"):
        idp.fail("token", status="503")
    with pytest.raises(ControlError, match="times: got 0, expected a number from 1"):
        idp.fail("token", "slow", times=0)


@pytest.mark.parametrize(
    ("option", "value"),
    [("status", 99), ("status", 600), ("retry_after", -1), ("seconds", 120.5), ("error", "")],
)
def test_an_option_is_within_the_same_limits_on_every_surface(idp: DevIdP, option: str, value: Any) -> None:
    with pytest.raises(ControlError, match=rf"got {value!r} as {option} of \S+, expected "):
        idp.fail("token", **{option: value})
    asked = {"endpoint": "token", option: value}
    assert httpx.post(f"{idp.url}/_devidp/api/failures", json=asked).status_code == 400
    with pytest.raises(ControlError, match="got nan as seconds of slow, expected a number from 0 to 120"):
        idp.fail("token", seconds=float("nan"))
    assert idp.control.failures.waiting() == ()


def test_every_failure_is_described_and_belongs_to_endpoints_that_exist() -> None:
    assert len(FAILURES) >= 40
    for each in FAILURES.values():
        assert each.description.endswith(".")
        assert each.section
        assert set(each.endpoints) <= set(places())
    assert set(GROUPED) <= set(ENDPOINTS)


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
