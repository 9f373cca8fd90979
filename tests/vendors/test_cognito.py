"""The profile ``cognito``: what verifies tokens of user pools takes those of devidp, and applications log in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import ControlError
from tests.flow import header, payload
from tests.real_clients.program import ROOT, Program, conversing, nobody, running
from tests.vendors.examples import example
from tests.vendors.node import program_line
from tests.vendors.proxy import proxy

REGION, POOL = "us-east-1", "us-east-1_Example1"
HOST = f"cognito-idp.{REGION}.amazonaws.com"
ISSUER = f"https://{HOST}/{POOL}"
DOMAIN = "https://acme.auth.us-east-1.amazoncognito.com"
SUB = "5d4f8a1c-2b3e-4f6a-9c7d-8e1f2a3b4c5d"
WEB = ("web", "web-secret")
SCOPE = "openid email notes/read"
OF_SCOPE = {name for name, fault in FAULTS.items() if fault.group == "scope"}
OF_ISSUER = {name for name, fault in FAULTS.items() if fault.group == "issuer"}
IN_COMMON = {
    "base64-padded", "claims-duplicate", "crit-empty", "crit-unknown", "exp-milliseconds", "iat-future", "iat-missing",
    "jti-missing", "kid-duplicate", "lifetime-30-days", "oversized", "sub-empty", "sub-missing", "typ-logout-token",
}  # fmt: skip
LETS_IN = {
    "aws-jwt-verify": IN_COMMON | {"exp-missing", "payload-not-utf8"},
    "cognitojwt": IN_COMMON | OF_SCOPE | OF_ISSUER | {
        "alg-lower-case", "alg-missing", "alg-none-signed", "alg-unknown", "exp-infinite", "iat-string", "id-token",
        "nbf-future", "nbf-string", "sub-null", "sub-number",
    },
}  # fmt: skip
"""Faults that a verifier does not see: ``cognitojwt`` looks at the signature, ``exp`` and the client alone."""
CANNOT_HAVE = {name for name, fault in FAULTS.items() if fault.group == "audience"} | {
    "typ-missing", "typ-wrong",
}  # fmt: skip
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pool() -> Iterator[DevIdP]:
    """A user pool at the hosts of Cognito, which the verifiers have built in."""
    with DevIdP(example("cognito"), tls=True) as idp:
        yield idp


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    """A user pool at devidp's own address."""
    with DevIdP(profile="cognito", tls=True) as idp:
        yield idp


@pytest.fixture(scope="module")
def node(pool: DevIdP, idp: DevIdP, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    bundle = tmp_path_factory.mktemp("cognito") / "both.pem"
    bundle.write_text("".join(str(each.ca_file and each.ca_file.read_text()) for each in (pool, idp)))

    def person(url: str) -> str:
        return str(idp.authorize(url, user="alice"))

    with conversing(program_line("cognito"), person, NODE_EXTRA_CA_CERTS=str(bundle)) as program:
        yield program


@pytest.fixture(scope="module")
def python(pool: DevIdP) -> Iterator[Program]:
    with proxy(pool.local_url, HOST) as address:
        surroundings = {"HTTPS_PROXY": address, "NO_PROXY": "", "REQUESTS_CA_BUNDLE": str(pool.ca_file)}
        with running(".venv-vendors", "tests.vendors.programs.cognito", nobody, **surroundings) as program:
            yield program


Verify = Callable[..., dict[str, Any]]


@pytest.fixture
def aws(pool: DevIdP, node: Program) -> Verify:
    """The verdicts of aws-jwt-verify, by the name of a token."""
    parts = urlsplit(pool.local_url)
    at = {"hostname": parts.hostname, "port": parts.port, "servername": HOST, "headers": {"Host": HOST}}

    def verify(tokens: dict[str, str], **options: Any) -> dict[str, Any]:
        wanted = {"userPoolId": POOL, "tokenUse": "access", "clientId": "web", **options}
        found: dict[str, Any] = node.ask(options=wanted, at=at, tokens=tokens)["verdicts"]
        return found

    return verify


@pytest.fixture
def cognitojwt(python: Program) -> Verify:
    def verify(tokens: dict[str, str], client: str = "web") -> dict[str, Any]:
        options = {"region": REGION, "userpool_id": POOL, "app_client_id": client}
        found: dict[str, Any] = python.ask(options=options, tokens=tokens)["verdicts"]
        return found

    return verify


def access(pool: DevIdP, **changes: Any) -> str:
    return pool.token(**{"user": "alice", "client": "web", "scope": SCOPE, "token_type": "access", **changes})


def service(pool: DevIdP) -> str:
    return pool.token(client="service", user=None, scope="notes/read")


def post(idp: DevIdP, path: str, auth: tuple[str, str], **data: str) -> requests.Response:
    return requests.post(f"{idp.url}/oauth2/{path}", data=data, auth=auth, verify=str(idp.ca_file), timeout=60)


# what tokens and metadata look like


def test_an_access_token_of_a_user(idp: DevIdP) -> None:
    token = idp.login(scope=SCOPE)["access_token"]
    assert header(token).keys() == {"alg", "kid"}
    claims = payload(token)
    assert claims.keys() == {
        "sub", "cognito:groups", "iss", "version", "client_id", "origin_jti", "token_use", "scope", "auth_time", "exp",
        "iat", "jti", "username",
    }  # fmt: skip
    assert (claims["sub"], claims["username"], claims["cognito:groups"]) == (SUB, "alice", ["admins"])
    assert (claims["token_use"], claims["version"], claims["client_id"]) == ("access", 2, "web")
    assert claims["iss"] == f"{idp.url}/us-east-1_default"


def test_an_access_token_of_a_service(idp: DevIdP) -> None:
    answer = post(idp, "token", ("service", "service-secret"), grant_type="client_credentials", scope="notes/read")
    claims = payload(answer.json()["access_token"])
    assert claims.keys() == {
        "sub", "token_use", "scope", "auth_time", "iss", "exp", "iat", "version", "jti", "client_id"
    }  # fmt: skip
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("service", "service", "notes/read")


def test_the_tokens_of_one_login_have_one_origin(idp: DevIdP) -> None:
    tokens = idp.login(scope=SCOPE, nonce="n")
    identity = payload(tokens["id_token"])
    assert header(tokens["id_token"]).keys() == {"alg", "kid"}
    assert identity.keys() == {
        "sub", "aud", "cognito:groups", "cognito:username", "iss", "origin_jti", "token_use", "auth_time", "exp", "iat",
        "jti", "at_hash", "nonce", "email", "email_verified",
    }  # fmt: skip
    assert (identity["token_use"], identity["aud"], identity["email_verified"]) == ("id", "web", True)
    asked = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refreshed = post(idp, "token", WEB, **asked)
    found = [payload(text)["origin_jti"] for text in (tokens["access_token"], refreshed.json()["access_token"])]
    assert {identity["origin_jti"], *found} == {identity["origin_jti"]}
    assert "refresh_token" not in refreshed.json()


def test_userinfo_says_booleans_as_texts(idp: DevIdP) -> None:
    bearer = {"Authorization": f"Bearer {idp.login(scope='openid email')['access_token']}"}
    about = requests.get(f"{idp.url}/oauth2/userInfo", headers=bearer, verify=str(idp.ca_file), timeout=60).json()
    assert about == {"sub": SUB, "username": "alice", "email": "alice@acme.example", "email_verified": "true"}


def test_revocation_ends_what_came_of_a_refresh_token(idp: DevIdP) -> None:
    tokens = idp.login(scope="openid")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    post(idp, "revoke", WEB, token=tokens["refresh_token"])
    answer = requests.get(f"{idp.url}/oauth2/userInfo", headers=bearer, verify=str(idp.ca_file), timeout=60)
    assert answer.status_code == 401


def test_the_seed_gives_a_pool_the_hosts_of_cognito(pool: DevIdP) -> None:
    assert pool.issuer == ISSUER
    url = f"{pool.local_url}/{POOL}/.well-known/openid-configuration"
    found = requests.get(url, headers={"Host": HOST}, verify=str(pool.ca_file), timeout=60).json()
    assert {name: value for name, value in found.items() if name.endswith(("endpoint", "_uri"))} == {
        "authorization_endpoint": f"{DOMAIN}/oauth2/authorize",
        "token_endpoint": f"{DOMAIN}/oauth2/token",
        "userinfo_endpoint": f"{DOMAIN}/oauth2/userInfo",
        "revocation_endpoint": f"{DOMAIN}/oauth2/revoke",
        "end_session_endpoint": f"{DOMAIN}/logout",
        "jwks_uri": f"{ISSUER}/.well-known/jwks.json",
    }


# the verifiers


def test_sound_tokens_pass(pool: DevIdP, aws: Verify, cognitojwt: Verify) -> None:
    tokens = {"user": access(pool)}
    identity = {"id": pool.token(user="alice", client="web", token_type="id", scope=SCOPE)}
    machine = {"service": service(pool)}
    assert aws(tokens, scope="notes/read", groups="admins")["user"]["claims"] == payload(tokens["user"])
    assert aws(identity, tokenUse="id")["id"]["claims"] == payload(identity["id"])
    assert aws(machine, clientId="service", scope=["notes/read"])["service"]["claims"]["sub"] == "service"
    assert cognitojwt(tokens)["user"]["claims"] == payload(tokens["user"])
    assert cognitojwt(identity)["id"]["claims"]["token_use"] == "id"
    assert "claims" in cognitojwt(machine, "service")["service"]


def test_what_is_for_others_is_refused(pool: DevIdP, aws: Verify, cognitojwt: Verify) -> None:
    tokens = {"access": access(pool)}
    identity = {"id": pool.token(user="alice", client="web", token_type="id", scope=SCOPE)}
    assert "CognitoJwtInvalidClientIdError" in aws(tokens, clientId="other")["access"]["refused"]
    assert "JwtInvalidScopeError" in aws(tokens, scope="notes/write")["access"]["refused"]
    assert "CognitoJwtInvalidGroupError" in aws(tokens, groups="staff")["access"]["refused"]
    assert "CognitoJwtInvalidTokenUseError" in aws(tokens, tokenUse="id")["access"]["refused"]
    assert "CognitoJwtInvalidTokenUseError" in aws(identity)["id"]["refused"]
    assert "not issued for this client" in cognitojwt(tokens, "other")["access"]["refused"]
    assert "not issued for this client" in cognitojwt(identity, "other")["id"]["refused"]


def test_the_catalogue_is_refused_but_for_what_a_verifier_does_not_look_for(
    pool: DevIdP, aws: Verify, cognitojwt: Verify
) -> None:
    tokens, refused = {}, {}
    for fault in FAULTS.values():
        if "access" not in fault.applies_to or fault.evidence != "token":
            continue
        try:
            tokens[fault.name] = access(pool, fault=fault.name)
        except ControlError as error:
            refused[fault.name] = str(error)
    assert set(refused) == CANNOT_HAVE
    assert all(f"'{name}' does not apply: " in why for name, why in refused.items())
    for name, found in {"aws-jwt-verify": aws(tokens, scope="notes/read"), "cognitojwt": cognitojwt(tokens)}.items():
        assert {fault for fault, said in found.items() if "claims" in said} == LETS_IN[name]


def test_an_expired_id_token_is_refused(pool: DevIdP, aws: Verify, cognitojwt: Verify) -> None:
    names = ("expired", "signature-bad", "issuer-wrong", "id-audience-wrong", "id-access-token")
    spoilt = {name: pool.token(user="alice", client="web", token_type="id", scope=SCOPE, fault=name) for name in names}
    assert all("refused" in said for said in aws(spoilt, tokenUse="id").values())
    assert {name for name, said in cognitojwt(spoilt).items() if "claims" in said} == {
        "issuer-wrong",
        "id-access-token",
    }


# an application with the pages of the user pool, as Amazon's quick start has it


def test_an_application_logs_in_refreshes_and_logs_out(idp: DevIdP, node: Program) -> None:
    settings = {
        "authority": idp.issuer, "client_id": "spa", "redirect_uri": "http://localhost/callback",
        "response_type": "code", "scope": "openid email notes/read",
    }  # fmt: skip
    answer = node.ask(do="login", settings=settings, logoutUri="http://localhost/")
    assert "failed" not in answer, answer
    assert (answer["profile"]["cognito:username"], answer["profile"]["email"]) == ("alice", "alice@acme.example")
    assert payload(answer["access"])["scope"] == payload(answer["refreshed"])["scope"] == SCOPE
    out = requests.get(answer["out"], verify=str(idp.ca_file), allow_redirects=False, timeout=60)
    assert (out.status_code, out.headers["Location"]) == (303, "http://localhost/")


def test_a_login_that_goes_wrong_fails(idp: DevIdP, node: Program) -> None:
    settings = {
        "authority": idp.issuer,
        "client_id": "spa",
        "redirect_uri": "http://localhost/callback",
        "scope": "openid",
    }
    idp.fail("authorize", "state-changed")
    assert "No matching state" in node.ask(do="login", settings=settings, logoutUri="http://localhost/")["failed"]


def test_the_page_says_how_many_faults_are_not_seen() -> None:
    text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8").split("### cognito\n", 1)[1]
    for package, found in LETS_IN.items():
        assert re.search(rf"^\| `{package}` .*\| {len(found)} faults", text, re.MULTILINE)
