"""The profiles entra and entra-v1: MSAL logs in and gets tokens, APIs that were written for Entra ID take them."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from joserfc.jwk import RSAKey

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import FaultNotApplicable
from tests.real_clients.browser import Browser
from tests.real_clients.program import Program, conversing, running
from tests.vendors.node import program_line
from tests.vendors.proxy import proxy

TENANT = "7a1c9e52-3f4b-4d6e-8a90-b1c2d3e4f506"
TASKS = "5f4f12a3-8f0b-4f0e-9d7b-6a5a8c1d2e3f"
OID = "a87ff679-a2f3-471d-9181-a67b7542122c"
WEB, CLI, DAEMON, KEYED = (
    "0c2f5a11-1d2e-4f3a-8b4c-5d6e7f809a1b",
    "1d3e6b22-2e3f-4a4b-9c5d-6e7f809a1b2c",
    "2e4f7c33-3f4a-4b5c-8d6e-7f809a1b2c3d",
    "3f5a8d44-4a5b-4c6d-9e7f-809a1b2c3d4e",
)
READ, FILES = f"api://{TASKS}/Tasks.Read", "https://files.example/Files.Read"
KEY = RSAKey.generate_key(2048)
PYTHON, NODE = "Python", "Node"
pytestmark = pytest.mark.slow


def seed(profile: str, **issuer: Any) -> dict[str, Any]:
    alice = {
        "name": "Alice Anderson", "given_name": "Alice", "preferred_username": "alice@acme.example",
        "email": "alice@acme.example", "oid": OID, "roles": ["Tasks.Admin"],
    }  # fmt: skip
    return {
        "issuers": {TENANT: {"profile": profile, **issuer}},
        "scopes": {
            **{name: name for name in ("openid", "profile", "email", "offline_access")},
            "Tasks.Read": "Read tasks",
            "Tasks.ReadWrite": "Read and write tasks",
            "Files.Read": "Read files",
        },
        "resources": {
            TASKS: {"aliases": [f"api://{TASKS}"], "scopes": ["Tasks.Read", "Tasks.ReadWrite"]},
            "https://files.example": {"scopes": ["Files.Read"]},
        },
        "users": {"alice": {"password": "alice", "claims": alice}, "bob": {}},
        "clients": {
            WEB: {"secret": "web-secret", "redirect_uris": ["http://localhost/callback"]},
            CLI: {"public": True, "grants": ["device_code", "refresh_token"]},
            KEYED: {"jwks": {"keys": [KEY.as_dict(private=False)]}, "grants": ["client_credentials"]},
            DAEMON: {"secret": "daemon-secret", "grants": ["client_credentials"], "scopes": ["Tasks.Read"]},
        },
    }


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(seed("entra", device_interval="1s"), tls=True) as idp:
        yield idp


@pytest.fixture(scope="module")
def v1() -> Iterator[DevIdP]:
    with DevIdP(seed("entra-v1"), tls=True) as idp:
        yield idp


@contextmanager
def program(idp: DevIdP, language: str, **variables: str) -> Iterator[Program]:
    """A program with the libraries, and the CA of ``idp``; who is sent to a browser there is alice."""
    ca = str(idp.ca_file)

    def person(url: str) -> str:
        if "user_code" not in url:
            return str(idp.authorize(url, user="alice"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", ca)
            return Browser().authorize(url)

    if language == NODE:
        with conversing(program_line("entra"), person, NODE_EXTRA_CA_CERTS=ca, **variables) as found:
            yield found
    else:
        variables = {"REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca, **variables}
        with running(".venv-vendors", "tests.vendors.programs.entra", person, **variables) as found:
            yield found


@pytest.fixture(scope="module", params=[PYTHON, NODE])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def libraries(language: str, idp: DevIdP) -> Iterator[Program]:
    with program(idp, language) as found:
        yield found


def authority(idp: DevIdP, *, oidc: bool) -> dict[str, Any]:
    """What MSAL is told of where Entra ID is: as an authority of its own, or as any OpenID provider."""
    return {"authority": idp.issuer if oidc else f"{idp.url}/{TENANT}", "oidc": oidc}


def part(token: str, place: int) -> dict[str, Any]:
    text = token.split(".")[place]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def header(token: str) -> dict[str, Any]:
    return part(token, 0)


def claims(token: str) -> dict[str, Any]:
    return part(token, 1)


@pytest.mark.parametrize("oidc", [False, True])
def test_a_daemon_gets_its_permissions_as_roles_and_the_same_token_again(
    idp: DevIdP, libraries: Program, oidc: bool
) -> None:
    where = authority(idp, oidc=oidc)
    asked = {"client": DAEMON, "secret": "daemon-secret", "scopes": [f"api://{TASKS}/.default"], **where}
    first, second = libraries.ask(do="daemon", **asked)["answer"]
    assert first["access_token"] == second["access_token"]
    said = claims(first["access_token"])
    assert {name: said[name] for name in ("aud", "roles", "azp", "azpacr", "tid", "ver", "iss")} == {
        "aud": TASKS, "roles": ["Tasks.Read"], "azp": DAEMON, "azpacr": "1", "tid": TENANT, "ver": "2.0",
        "iss": idp.issuer,
    }  # fmt: skip
    assert not {"scp", "scope", "name"} & set(said)
    assert said["oid"] == said["sub"]


def test_a_daemon_may_have_a_key_in_place_of_a_secret(idp: DevIdP) -> None:
    with program(idp, PYTHON) as libraries:
        asked = {"client": KEYED, "key": KEY.as_pem(private=True).decode(), "scopes": [f"{TASKS}/.default"]}
        first, _ = libraries.ask(do="daemon", **asked, **authority(idp, oidc=False))["answer"]
    assert claims(first["access_token"])["azpacr"] == "2"


@pytest.mark.parametrize("oidc", [False, True])
def test_a_login_gets_tokens_one_from_the_cache_and_one_for_another_resource(
    idp: DevIdP, libraries: Program, oidc: bool
) -> None:
    idp.reset()
    idp.login(client=WEB, scope=FILES, redirect_uri="http://localhost/callback")  # alice has agreed to that
    asked = {"client": WEB, "secret": "web-secret", "scopes": [READ], "further": [FILES]}
    first, again, other, *account = libraries.ask(do="login", **asked, **authority(idp, oidc=oidc))["answer"]
    said = claims(first["access_token"])
    assert (said["aud"], said["scp"], said["oid"], said["roles"]) == (TASKS, "Tasks.Read", OID, ["Tasks.Admin"])
    assert (said["name"], said["preferred_username"]) == ("Alice Anderson", "alice@acme.example")
    assert again["access_token"] == first["access_token"]
    assert (claims(other["access_token"])["aud"], claims(other["access_token"])["scp"]) == (
        "https://files.example", "Files.Read",
    )  # fmt: skip
    told = first["id_token_claims"]
    assert {name: told[name] for name in ("aud", "oid", "tid", "ver", "preferred_username", "roles")} == {
        "aud": WEB, "oid": OID, "tid": TENANT, "ver": "2.0", "preferred_username": "alice@acme.example",
        "roles": ["Tasks.Admin"],
    }  # fmt: skip
    known_as = {**first, **(account[0] if account else {})}
    assert (known_as["username"], known_as["local"]) == ("alice@acme.example", OID)


def test_who_has_not_agreed_to_the_other_resource_is_to_be_asked(idp: DevIdP, libraries: Program) -> None:
    idp.reset()
    asked = {"client": WEB, "secret": "web-secret", "scopes": [READ], "further": [FILES]}
    _, _, refused, *_ = libraries.ask(do="login", **asked, **authority(idp, oidc=False))["answer"]
    assert refused["error"] == "invalid_grant"
    assert refused.get("name", "InteractionRequiredAuthError") == "InteractionRequiredAuthError"
    idp.assert_seen("token", error="invalid_grant", client=WEB)


ID_FAULTS = [name for name, fault in FAULTS.items() if fault.applies_to == ("id",) and fault.evidence == "token"]
OTHER_REQUEST = {"id-nonce-wrong", "id-nonce-missing", "id-access-token"}
"""Faults that MSAL refuses: it decodes an ID token that came from the token endpoint, and does not verify it."""


def test_msal_refuses_the_id_token_of_another_request_and_looks_at_little_else_in_it(
    idp: DevIdP, libraries: Program, language: str
) -> None:
    refused = set()
    for name in ID_FAULTS:
        with contextlib.suppress(FaultNotApplicable):
            idp.arm(name, client=WEB, token_type="id")
            asked = {"client": WEB, "secret": "web-secret", "scopes": [READ], "further": [READ]}
            first, *_ = libraries.ask(do="login", **asked, **authority(idp, oidc=False))["answer"]
            refused |= {name} if "error" in first else set()
    assert refused == OTHER_REQUEST | ({"id-sub-missing"} if language == PYTHON else set())


def test_a_device_gets_tokens(idp: DevIdP, libraries: Program) -> None:
    asked = {"client": CLI, "scopes": [READ]}
    (tokens,) = libraries.ask(do="device", **asked, **authority(idp, oidc=False))["answer"]
    said = claims(tokens["access_token"])
    assert (said["scp"], said["azp"], said["azpacr"]) == ("Tasks.Read", CLI, "0")


CATALOGUE = [
    fault.name
    for fault in FAULTS.values()
    if fault.applies_to[0] == "access" and fault.evidence == "token" and fault.name != "cnf-missing"
]
"""Every fault that a token shows which is bound to no key."""
SEEN_BY_ALL = {"expired", "audience-wrong", "issuer-wrong", "signature-bad"}
IN_ALL = frozenset(
    {
        "claims-duplicate", "client-id-missing", "exp-milliseconds", "jti-missing", "kid-duplicate",
        "lifetime-30-days", "oversized", "sub-empty", "token-use-id",
    }
)  # fmt: skip
LET_IN = {
    "fastapi-azure-auth": IN_ALL | {"base64-padded", "exp-string", "iat-string", "nbf-string", "typ-logout-token"},
    "passport-azure-ad": IN_ALL | {
        "alg-ps256", "client-id-number", "crit-empty", "crit-unknown", "exp-infinite", "iat-future", "iat-missing",
        "iat-string", "payload-not-utf8", "sub-missing", "sub-null", "sub-number",
    },
    "jose": IN_ALL | {
        "audience-array-mixed", "audience-array-with-others", "base64-padded", "client-id-number", "exp-infinite",
        "exp-missing", "iat-future", "iat-missing", "kid-missing", "sub-missing", "sub-null", "sub-number",
        "typ-logout-token",
    },
}  # fmt: skip
"""Faults that an API with the package does not see, where it is set up as Microsoft and the package document it."""


UNCAUGHT = {"passport-azure-ad": {"scope-array", "scope-number", "scp-array"}}
"""Faults at which the package throws where nobody can catch it, which ends the process of an API."""


def verdicts(idp: DevIdP, package: str, tokens: list[str], app_id: str = TASKS, **where: str) -> list[str]:
    """Why the API refuses each of the tokens; empty where it lets one in."""
    asked: dict[str, Any] = {"tokens": tokens, "app_id": app_id, "issuer": idp.issuer, "scope": "Tasks.Read", **where}
    if package == "fastapi-azure-auth":
        with program(idp, PYTHON) as libraries:
            answers = libraries.ask(do="api", ca=str(idp.ca_file), **asked)["answer"]
        return ["" if status == 200 else f"{status}" for status, _ in answers]
    asked["jwks"] = requests.get(idp.discovery_url, verify=str(idp.ca_file), timeout=60).json()["jwks_uri"]
    with program(idp, NODE) as libraries:
        found: list[str] = libraries.ask(do=package.partition("-")[0], **asked)["answer"]
    return found


@pytest.mark.parametrize("package", LET_IN)
def test_an_api_takes_a_sound_token_and_refuses_the_catalogue_but_for_what_it_does_not_see(
    idp: DevIdP, package: str
) -> None:
    faulty = {}
    for name in CATALOGUE:
        with contextlib.suppress(FaultNotApplicable):
            faulty[name] = idp.token(scope=READ, client=WEB, fault=name)
    sound, *others = verdicts(idp, package, [idp.token(scope=READ, client=WEB), *faulty.values()])
    assert sound == ""
    uncaught = {name for name, why in zip(faulty, others, strict=True) if why.startswith("uncaught")}
    assert uncaught == UNCAUGHT.get(package, set())
    let_in = {name for name, why in zip(faulty, others, strict=True) if not why}
    assert let_in == LET_IN[package]
    assert faulty.keys() - let_in >= SEEN_BY_ALL


def test_an_api_that_has_the_host_of_entra_built_in_takes_tokens_of_an_issuer_that_the_seed_puts_there() -> None:
    there = f"https://login.microsoftonline.com/{TENANT}/v2.0"
    with DevIdP(seed("entra", url=there), tls=True) as idp, proxy(idp.local_url, "login.microsoftonline.com") as by:
        tokens = [
            idp.token(scope=READ, client=WEB, fault=fault)
            for fault in ((), "expired", "audience-wrong", "issuer-wrong", "signature-bad")
        ]
        with program(idp, PYTHON, HTTPS_PROXY=by) as libraries:
            asked = {"app_id": TASKS, "scope": "Tasks.Read", "tenant": TENANT, "issuer": there}
            answers = libraries.ask(do="api", tokens=tokens, ca=str(idp.ca_file), **asked)["answer"]
    assert [status for status, _ in answers] == [200, 401, 401, 401, 401]
    assert answers[0][1]["tid"] == TENANT


ALWAYS = {"iss", "aud", "sub", "iat", "nbf", "exp", "tid", "uti", "ver", "oid"}
OF_USER = {"name", "scp", "roles"}
IN_VERSION_1 = {"unique_name", "upn", "given_name"}


@pytest.mark.parametrize(
    ("profile", "user", "app", "id_token"),
    [
        (
            "entra",
            {*ALWAYS, *OF_USER, "azp", "azpacr", "preferred_username"},
            {*ALWAYS, "azp", "azpacr", "roles"},
            {*ALWAYS, "name", "preferred_username", "roles", "nonce", "sid"},
        ),
        (
            "entra-v1",
            {*ALWAYS, *OF_USER, "appid", "appidacr", "acr", "amr", *IN_VERSION_1},
            {*ALWAYS, "appid", "appidacr", "roles", "idp"},
            {*ALWAYS, "name", *IN_VERSION_1, "roles", "nonce", "sid", "amr"},
        ),
    ],
)
def test_tokens_have_the_claims_that_microsoft_documents(
    profile: str, user: set[str], app: set[str], id_token: set[str]
) -> None:
    with DevIdP(seed(profile)) as idp:
        tokens = idp.login(client=WEB, scope=f"openid profile {READ}", nonce="n")
        assert claims(tokens["access_token"]).keys() == user
        assert claims(tokens["id_token"]).keys() == id_token
        more = idp.login(client=WEB, scope=f"openid email {READ}")
        assert claims(more["id_token"])["email"] == "alice@acme.example"
        where = requests.get(idp.discovery_url, timeout=60).json()["userinfo_endpoint"]
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert requests.get(where, headers=bearer, timeout=60).json().keys() == {"sub", "name", "given_name"}
        assert claims(idp.token(client=DAEMON, scope=f"{TASKS}/.default")).keys() == app
        assert [header(tokens[name])["typ"] for name in ("access_token", "id_token")] == ["JWT", "JWT"]


@pytest.mark.parametrize(("client", "how"), [(WEB, "1"), (CLI, "0"), (KEYED, "2")])
def test_a_token_says_how_its_client_authenticates(idp: DevIdP, v1: DevIdP, client: str, how: str) -> None:
    assert claims(idp.token(client=client, scope=READ))["azpacr"] == how
    assert claims(v1.token(client=client, scope=READ))["appidacr"] == how


def test_an_application_for_the_endpoints_of_version_2_gets_tokens_of_version_1(v1: DevIdP) -> None:
    with program(v1, PYTHON) as libraries:
        asked = {"client": DAEMON, "secret": "daemon-secret", "scopes": [f"{TASKS}/.default"]}
        first, _ = libraries.ask(do="daemon", **asked, **authority(v1, oidc=False))["answer"]
    said = claims(first["access_token"])
    assert (said["iss"], said["ver"], said["appid"], said["roles"]) == (
        f"{v1.url}/{TENANT}/", "1.0", DAEMON, ["Tasks.Read"],
    )  # fmt: skip


def test_version_1_names_the_api_as_resource(v1: DevIdP) -> None:
    sent = {"client_id": DAEMON, "client_secret": "daemon-secret", "grant_type": "client_credentials"}
    where = f"{v1.url}/{TENANT}/oauth2/token"
    answer = requests.post(where, data={**sent, "resource": TASKS}, verify=str(v1.ca_file), timeout=60).json()
    assert (claims(answer["access_token"])["aud"], claims(answer["access_token"])["roles"]) == (TASKS, ["Tasks.Read"])


@pytest.mark.parametrize("package", LET_IN)
def test_apis_take_tokens_of_version_1(v1: DevIdP, package: str) -> None:
    faults = ((), "expired", "audience-wrong", "issuer-wrong", "issuer-trailing-slash", "signature-bad")
    tokens = [v1.token(scope=READ, client=WEB, fault=fault) for fault in faults]
    sound, *refused = verdicts(v1, package, tokens)
    assert sound == ""
    assert all(refused)
