"""``DevIdP``: a devidp inside a Python program."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import trustme
from joserfc.jwk import ECKey

from devidp import DevIdP, LoginFailed
from devidp.seed import SeedError
from devidp.server.address import AddressError
from devidp.server.tls import TlsError
from devidp.web.control.errors import ControlError

MCP = "http://localhost:8000/mcp"
SEED = {
    "users": {"zoe": {"claims": {"email": "zoe@acme.example"}}},
    "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"]}},
}

FORK = """
import os
from devidp import DevIdP
with DevIdP() as idp:
    print(os.getpid(), flush=True)
    process = os.fork()
    if process == 0:
        for call in (idp.stop, idp.token, idp.reset, idp.start):
            try:
                call()
            except Exception as refusal:
                print(refusal, flush=True)
        os._exit(0)
    os.waitpid(process, 0)
    assert idp.login()
"""


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
    for token in (idp.token(user="bob", audience=MCP, scope="mcp:read"), idp.token("bob", scope="mcp:read")):
        claims = verified(idp, token)
        assert (claims["sub"], claims["scope"]) == ("bob", "mcp:read")
    assert idp.mint("bob").claims["sub"] == "bob"


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
        ({"user": "mallory"}, r"^the user 'mallory' could not log in: User mallory is disabled in the seed\.$"),
        ({"user": "nobody"}, "nobody"),
        ({"scope": "mcp:nonsense"}, "invalid_scope"),
        ({"user": "bob", "scope": "mcp:write"}, "access_denied"),
        ({"client": "service"}, "no redirect URI"),
        ({"redirect_uri": "http://elsewhere.example/cb"}, "not registered"),
    ],
)
def test_a_login_that_fails_says_why(idp: DevIdP, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(LoginFailed, match=said):
        idp.login(**parameters)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"consent": "deny"}, "expected a list of scopes; deny=True denies"),
        ({"deny": True, "consent": ["openid"]}, "deny and consent contradict each other"),
        ({"scpoe": "openid"}, "did you mean 'scope'"),
        ({"dpop": "yes"}, "dpop: got str, expected True, False or a private JWK"),
        ({"dpop": {"kty": "EC"}}, "dpop cannot be used"),
        ({"user_agent": "x"}, "there is no parameter of a login 'user_agent'"),
    ],
)
def test_a_login_refuses_words_that_it_does_not_know(idp: DevIdP, words: dict[str, Any], said: str) -> None:
    with pytest.raises(ControlError, match=said):
        idp.login(**words)


def test_a_login_can_be_denied_and_narrowed_though_all_was_granted_before(idp: DevIdP) -> None:
    wanted = "openid mcp:read mcp:write"
    assert idp.login(scope=wanted, consent=["mcp:read"])["scope"] == "openid mcp:read"
    assert idp.login(scope=wanted.split(), prompt=None)["scope"] == wanted
    assert idp.login(scope=wanted, consent=["openid"])["scope"] == "openid"
    assert idp.login(scope=wanted, consent=["mcp:read"])["scope"] == "openid mcp:read"
    with pytest.raises(LoginFailed, match="access_denied"):
        idp.login(deny=True)
    with pytest.raises(LoginFailed, match="expected one of: "):
        idp.login(scope="openid mcp:read", consent=["mcp:raed"])


@pytest.mark.parametrize("nonce", [False, True])
def test_a_login_binds_its_tokens_to_a_key(nonce: bool) -> None:
    key = ECKey.generate_key("P-256")
    seed = {**SEED, "issuers": {"only": {"dpop": {"nonce": True}}}} if nonce else SEED
    with DevIdP(seed) as idp:
        for dpop in (True, key.as_dict(private=True)):
            tokens = idp.login("zoe", "app", dpop=dpop)
            bound = jwt.decode(tokens["access_token"], options={"verify_signature": False})["cnf"]["jkt"]
            assert tokens["token_type"] == "DPoP"
            assert (bound == key.thumbprint()) == (dpop is not True)


@pytest.mark.parametrize("kind", ["code id_token", "code token", "code id_token token", "id_token", "id_token token"])
@pytest.mark.parametrize("mode", [None, "form_post", "web_message"])
def test_a_login_takes_every_response_type(kind: str, mode: str | None) -> None:
    app = {"public": True, "redirect_uris": ["http://localhost/cb"], "response_types": [kind]}
    features = {"implicit": True, "hybrid": True, "web_message": True}
    with DevIdP({**SEED, "issuers": {"only": {"features": features}}, "clients": {"app": app}}) as idp:
        words: dict[str, Any] = {"response_type": kind, **({"response_mode": mode} if mode else {})}
        tokens = idp.login("zoe", "app", scope="openid", **words)
        front = tokens.get("authorization_response", tokens)
        assert ("id_token" in front, "access_token" in front) == ("id_token" in kind, kind.endswith(" token"))
        assert ("code" in front) == kind.startswith("code")


def test_a_login_asks_for_a_class(idp: DevIdP) -> None:
    tokens = idp.login(scope="openid", acr="1")
    assert jwt.decode(tokens["id_token"], options={"verify_signature": False})["acr"] == "1"


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


def test_after_its_end_it_says_so_and_only_its_events_can_be_read() -> None:
    with DevIdP() as idp:
        idp.login()
    for call in (
        idp.start, idp.token, idp.mint, idp.login, idp.reset, lambda: idp.arm("expired"), lambda: idp.fail("jwks"),
        lambda: idp.clock, lambda: idp.keys, lambda: idp.users, lambda: idp.clients,
    ):  # fmt: skip
        with pytest.raises(ControlError, match=r"^this devidp was stopped, .*: make a new one with DevIdP"):
            call()
    assert idp.assert_seen("token").client == "web"
    assert idp.issuer
    idp.stop()


def test_what_was_never_started_is_ended_by_stop() -> None:
    idp = DevIdP()
    assert idp.token()
    idp.stop()
    with pytest.raises(ControlError, match="was stopped"):
        idp.start()


def test_a_fork_is_told_where_it_runs() -> None:
    """A fork has no threads: to wait for the one that serves would be to wait for ever."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], capture_output=True, text=True, timeout=120)
    parent, *said = done.stdout.splitlines()
    assert len(said) == 4
    for each in said:
        assert each.startswith(f"this devidp runs in process {parent}, from which process")
    assert done.returncode == 0, done.stderr


def test_importing_devidp_imports_neither_flask_nor_authlib() -> None:
    code = "import devidp, sys; sys.exit(bool({'flask', 'authlib', 'pydantic', 'click'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_before_the_start_a_login_says_how_to_start() -> None:
    idp = DevIdP()
    with pytest.raises(ControlError, match="with DevIdP"):
        idp.login()
    idp.stop()


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    assert ca_file is not None
    return ssl.create_default_context(cafile=ca_file)


def test_with_tls_it_serves_https_to_those_who_trust_its_ca_file() -> None:
    with DevIdP(tls=True) as idp, socket.create_connection((httpx.URL(idp.url).host, httpx.URL(idp.url).port or 0)):
        # the connection that is open says nothing: a handshake that never ends delays nobody
        document = httpx.get(idp.discovery_url, verify=trusting(idp.ca_file)).json()
        assert document["issuer"] == idp.issuer
        assert idp.issuer.startswith("https://")
        assert idp.login()["access_token"]
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(idp.discovery_url)
        ca_file = idp.ca_file
    assert ca_file is not None
    assert not ca_file.exists()


def test_a_dropped_connection_is_one_under_tls_too() -> None:
    with DevIdP(tls=True) as idp, httpx.Client(verify=trusting(idp.ca_file)) as http:
        idp.fail("discovery", "dropped-connection")
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            http.get(idp.discovery_url)


def test_a_certificate_of_ones_own_is_served(tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate = ca.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "chain.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    with DevIdP(tls=(tmp_path / "chain.pem", tmp_path / "key.pem")) as idp:
        assert httpx.get(idp.discovery_url, verify=trusting(tmp_path / "ca.pem")).status_code == 200
        assert idp.ca_file is None


@pytest.mark.parametrize(
    "public_url", ["https://idp.example.test", "https://example.test/auth", "http://localhost:{port}"]
)
def test_issuers_have_the_public_url_wherever_it_listens(public_url: str) -> None:
    with DevIdP(public_url=public_url) as idp:
        port = httpx.URL(idp.local_url).port
        assert idp.issuer == f"{public_url.replace('{port}', str(port))}/default"
        assert httpx.get(f"{idp.local_url}/default/.well-known/openid-configuration").json()["issuer"] == idp.issuer
        tokens = idp.login(scope="openid")
        assert jwt.decode(tokens["id_token"], options={"verify_signature": False})["iss"] == idp.issuer


def test_beyond_loopback_it_listens_for_all_but_is_controlled_from_this_machine_alone() -> None:
    with DevIdP(host="0.0.0.0", public_url="http://idp:{port}") as idp:
        asked = httpx.get(f"{idp.local_url}/default/.well-known/openid-configuration", headers={"Host": "idp:1"})
        assert asked.json()["issuer"] == idp.issuer
        assert httpx.get(f"{idp.local_url}/_devidp/api/events", headers={"Host": "idp:1"}).status_code == 403


def test_what_it_cannot_listen_on_or_serve_with_is_refused_with_the_remedy(idp: DevIdP, tmp_path: Path) -> None:
    taken = httpx.URL(idp.url).port or 0
    with pytest.raises(AddressError, match=r"another devidp .* choose another port"):
        DevIdP(port=taken)
    with pytest.raises(AddressError, match="no such host"):
        DevIdP(host="no-such-host.invalid")
    with pytest.raises(TlsError, match="No such file"):
        DevIdP(tls=(tmp_path / "chain.pem", tmp_path / "key.pem"))
    with pytest.raises(TypeError, match="got 'yes', expected True"):
        DevIdP(tls="yes")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Did you mean 'http://idp'"):
        DevIdP(public_url="idp")


@pytest.mark.parametrize("port", [-1, 65536, "6749"])
def test_a_port_that_is_none_is_refused(port: Any) -> None:
    with pytest.raises(AddressError, match=r"port: got .+, expected a number from 0 to 65535"):
        DevIdP(port=port)
