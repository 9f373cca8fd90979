"""``DevIdP``: a devidp inside a Python program."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from devidp import DevIdP, LoginFailed
from devidp.seed import SeedError
from devidp.web.control.errors import ControlError

MCP = "http://localhost:8000/mcp"
SEED = {
    "users": {"zoe": {"claims": {"email": "zoe@acme.example"}}},
    "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"]}},
}


@pytest.fixture
def idp() -> Iterator[DevIdP]:
    with DevIdP() as running:
        yield running


def verified(idp: DevIdP, token: str) -> dict[str, object]:
    key = jwt.PyJWKClient(idp.jwks_uri).get_signing_key_from_jwt(token)
    claims: dict[str, object] = jwt.decode(token, key, algorithms=["RS256"], audience=MCP, issuer=idp.issuer)
    return claims


def test_it_says_where_it_is_and_answers_there(idp: DevIdP) -> None:
    document = httpx.get(idp.discovery_url).json()
    assert (document["issuer"], document["jwks_uri"]) == (idp.issuer, idp.jwks_uri)


def test_a_token_is_made_without_a_flow(idp: DevIdP) -> None:
    claims = verified(idp, idp.token(user="alice", audience=MCP, scope="mcp:read"))
    assert (claims["sub"], claims["scope"]) == ("alice", "mcp:read")


def test_a_faulty_token_is_refused_for_its_fault(idp: DevIdP) -> None:
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(idp, idp.token(user="alice", audience=MCP, fault="expired"))
    assert "`exp` is a day ago" in idp.mint(fault="expired").explanation


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"usr": "alice"}, "Did you mean 'user'"),
        ({"user": "alcie"}, "Did you mean 'alice'"),
        ({"fault": "expird"}, "Did you mean 'expired'"),
        ({"scope": "mcp:raed"}, "Did you mean 'mcp:read'"),
        ({"client": "wbe"}, "Did you mean 'web'"),
        ({"issuer": "defualt"}, "did you mean 'default'"),
    ],
)
def test_what_is_unknown_is_refused_by_name(idp: DevIdP, parameters: dict[str, str], said: str) -> None:
    with pytest.raises(ControlError, match=said):
        idp.token(**parameters)


def test_login_walks_the_whole_flow(idp: DevIdP) -> None:
    tokens = idp.login(user="alice", client="web", scope="openid mcp:read", audience=MCP)
    assert verified(idp, tokens["access_token"])["sub"] == "alice"
    assert set(tokens) >= {"access_token", "refresh_token", "id_token", "expires_in"}
    endpoints = [event.endpoint for event in idp.events(flow=idp.events("token")[0].flow)]
    assert endpoints == ["authorize", "login", "consent", "token"]


@pytest.mark.parametrize(("user", "client"), [("bob", "spa"), ("alice", "spa"), ("bob", "web")])
def test_login_works_for_every_user_and_client(idp: DevIdP, user: str, client: str) -> None:
    assert verified(idp, idp.login(user, client)["access_token"])["sub"] == user


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"user": "mallory"}, "mallory"),
        ({"user": "nobody"}, "nobody"),
        ({"scope": "mcp:nonsense"}, "invalid_scope"),
        ({"user": "bob", "scope": "mcp:write"}, "access_denied"),
        ({"client": "service"}, "no redirect URI"),
        ({"redirect_uri": "http://elsewhere.example/cb"}, "not registered"),
    ],
)
def test_a_login_that_fails_says_why(idp: DevIdP, parameters: dict[str, str], said: str) -> None:
    with pytest.raises(LoginFailed, match=said):
        idp.login(**parameters)


def test_an_armed_fault_spoils_the_next_token_of_its_client_alone(idp: DevIdP) -> None:
    idp.arm("audience-missing", client="web")
    assert verified(idp, idp.login(client="spa")["access_token"])
    with pytest.raises(jwt.MissingRequiredClaimError, match="aud"):
        verified(idp, idp.login(client="web")["access_token"])
    assert verified(idp, idp.login(client="web")["access_token"])


def test_an_armed_fault_can_wait_for_the_state_of_one_flow(idp: DevIdP) -> None:
    idp.arm("expired", state="the third")
    for state in ("the first", "the second"):
        assert verified(idp, idp.login(state=state)["access_token"])
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(idp, idp.login(state="the third")["access_token"])


def test_time_keys_and_users_are_controlled_and_reset(idp: DevIdP) -> None:
    token = idp.login()["access_token"]
    idp.clock.advance("2h")
    idp.keys.rotate(overlap=False)
    idp.users["alice"].disable()
    with pytest.raises(jwt.PyJWKClientError):
        verified(idp, token)
    with pytest.raises(LoginFailed, match="disabled"):
        idp.login()
    idp.reset()
    assert idp.events() == []
    assert verified(idp, idp.login()["access_token"])


@pytest.mark.parametrize("kind", ["mapping", "text", "path", "path text"])
def test_a_seed_may_be_a_mapping_a_text_or_a_path(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(json.dumps(SEED))
    sources: dict[str, Any] = {"mapping": SEED, "text": json.dumps(SEED), "path": path, "path text": str(path)}
    with DevIdP(sources[kind]) as idp:
        assert idp.login("zoe", "app")["access_token"]


def test_a_wrong_seed_is_refused_and_holds_no_port() -> None:
    with pytest.raises(SeedError, match="did you mean 'users'"):
        DevIdP({"user": {}})


def test_it_serves_in_process_tools_without_its_server(idp: DevIdP) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=idp.wsgi_app), base_url=idp.url) as http:
        assert http.get("/default/.well-known/openid-configuration").json()["issuer"] == idp.issuer


def test_two_have_ports_keys_and_events_of_their_own(idp: DevIdP) -> None:
    with DevIdP() as other:
        assert other.url != idp.url
        assert other.keys.active().kid != idp.keys.active().kid
        other.login()
    assert idp.events() == []


def test_it_works_inside_an_event_loop(idp: DevIdP) -> None:
    async def use() -> int:
        async with httpx.AsyncClient() as http:
            answers = await asyncio.gather(*(http.get(idp.discovery_url) for _ in range(20)))
            await asyncio.to_thread(idp.login)
            return sum(answer.status_code == 200 for answer in answers)

    assert asyncio.run(use()) == 20


def test_concurrent_logins_do_not_disturb_each_other(idp: DevIdP) -> None:
    users = ["alice", "bob"] * 8
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(idp.login, users))
    assert [verified(idp, each["access_token"])["sub"] for each in tokens] == users


def test_events_are_appended_to_a_file_as_json(tmp_path: Path) -> None:
    with DevIdP(events=tmp_path / "events.jsonl") as idp:
        idp.login()
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [line["endpoint"] for line in lines] == ["authorize", "login", "consent", "token"]


def test_importing_devidp_imports_neither_flask_nor_authlib() -> None:
    code = "import devidp, sys; sys.exit(bool({'flask', 'authlib', 'pydantic', 'click'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_before_the_start_a_login_says_how_to_start() -> None:
    idp = DevIdP()
    with pytest.raises(ControlError, match="with DevIdP"):
        idp.login()
    idp.stop()
