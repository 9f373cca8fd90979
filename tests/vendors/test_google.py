"""The profile google: applications that verify Google's ID tokens and log in with Google take those of devidp."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import ControlError
from tests.flow import header, payload
from tests.real_clients.program import Program, conversing, running
from tests.vendors.examples import example
from tests.vendors.node import program_line
from tests.vendors.proxy import proxy

CLIENT, SECRET = "123456789012-web.apps.googleusercontent.com", "web-secret"
HOSTS = ("accounts.google.com", "oauth2.googleapis.com", "openidconnect.googleapis.com", "www.googleapis.com")
CALLBACK = "http://localhost/callback"
AUTH_JS = "http://localhost:3000/auth/callback/google"
SEED = example("google")
SEED["users"] |= {"bob": {"sub": "108204268033311374519", "claims": {"email": "bob@mail.example"}}}
SEED["clients"][CLIENT]["redirect_uris"].append(AUTH_JS)
ID_FAULTS = [name for name, fault in FAULTS.items() if "id" in fault.applies_to and fault.evidence == "token"]
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
PYTHON, NODE = "google-auth", "google-auth-library"
AUTHLIB, AUTHJS = "Authlib", "Auth.js"
LOGIN_FAULTS = ["id-expired", "id-issuer-wrong", "id-audience-wrong", "id-nonce-wrong", "id-signature-bad"]
LETS_IN_AT_LOGIN = {AUTHLIB: "id-audience-wrong", AUTHJS: "id-signature-bad"}
"""Authlib looks at ``azp`` alone where there is one; Auth.js trusts TLS (OpenID Connect Core section 3.1.3.7 (6))."""
GOOGLE = {
    "issuer": "https://accounts.google.com",
    "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
    "device_authorization_endpoint": "https://oauth2.googleapis.com/device/code",
    "token_endpoint": "https://oauth2.googleapis.com/token",
    "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
    "revocation_endpoint": "https://oauth2.googleapis.com/revoke",
    "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
    "subject_types_supported": ["public"],
}
"""Of https://accounts.google.com/.well-known/openid-configuration."""
IMPOSSIBLE = {"id-nonce-missing"}
"""A minted token has no nonce that could be missing."""
LETS_IN = {
    PYTHON: {
        "base64-padded", "claims-duplicate", "crit-empty", "crit-unknown", "exp-infinite", "exp-milliseconds",
        "id-at-hash-wrong", "id-azp-wrong", "id-iat-old", "id-nonce-wrong", "id-sub-missing", "id-sub-other",
        "kid-duplicate", "kid-empty", "kid-missing", "lifetime-30-days", "nbf-future", "nbf-string", "oversized",
        "typ-logout-token",
    },
    NODE: {
        "alg-lower-case", "alg-missing", "alg-none-signed", "alg-unknown", "base64-padded", "claims-duplicate",
        "crit-empty", "crit-unknown", "exp-float", "exp-string", "expired-10s", "expired-30s", "expired-61s",
        "iat-string", "id-at-hash-wrong", "id-azp-wrong", "id-iat-old", "id-nonce-wrong", "id-sub-missing",
        "id-sub-other", "kid-duplicate", "nbf-future", "nbf-string", "oversized", "payload-not-utf8",
        "typ-logout-token",
    },
}  # fmt: skip
"""What a library does not look at: nonce and ``at_hash`` are left to the application. Node's has a leeway of 300 s."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED, tls=True) as idp:
        yield idp


@pytest.fixture(scope="module")
def surroundings(idp: DevIdP) -> Iterator[dict[str, str]]:
    """An environment in which Google's hosts are this devidp."""
    ca = str(idp.ca_file)
    with proxy(idp.local_url, *HOSTS) as address:
        trusted = {"NODE_EXTRA_CA_CERTS": ca, "REQUESTS_CA_BUNDLE": ca, "SSL_CERT_FILE": ca}
        yield {"HTTPS_PROXY": address, "https_proxy": address, "NO_PROXY": "", "no_proxy": "", **trusted}


@contextmanager
def program(idp: DevIdP, name: str, surroundings: dict[str, str]) -> Iterator[Program]:
    def person(url: str) -> str:
        return str(idp.authorize(url, user="alice"))

    if name == PYTHON:
        with running(".venv-vendors", "tests.vendors.programs.google", person, **surroundings) as found:
            yield found
    else:
        with conversing(program_line("google"), person, **surroundings) as found:
            yield found


@pytest.fixture(scope="module", params=[PYTHON, NODE])
def library(request: pytest.FixtureRequest, idp: DevIdP, surroundings: dict[str, str]) -> Iterator[tuple[str, Program]]:
    with program(idp, request.param, surroundings) as found:
        yield request.param, found


def verdicts(library: Program, tokens: dict[str, str], audience: str = CLIENT) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = library.ask(do="verdicts", tokens=tokens, audience=audience)["verdicts"]
    return found


def id_token(idp: DevIdP, user: str = "alice", **changes: Any) -> str:
    return idp.token(token_type="id", user=user, client=CLIENT, scope="openid email profile", **changes)


def test_an_id_token_is_taken_with_what_google_puts_into_it(idp: DevIdP, library: tuple[str, Program]) -> None:
    token, private = id_token(idp), id_token(idp, "bob")
    found = verdicts(library[1], {"company": token, "private": private})
    claims = found["company"]["claims"]
    assert claims == payload(token)
    assert claims.items() >= {
        "iss": "https://accounts.google.com", "azp": CLIENT, "aud": CLIENT, "sub": "110169484474386276334",
        "hd": "acme.example", "email": "alice@acme.example", "email_verified": True,
    }.items()  # fmt: skip
    assert claims.keys() - {"iss", "azp", "aud", "sub", "hd", "email", "email_verified"} == {
        "iat", "exp", "at_hash",
    }  # fmt: skip
    assert header(token).keys() == {"alg", "kid", "typ"}
    assert "hd" not in found["private"]["claims"]


def test_every_fault_is_refused_but_those_that_the_library_does_not_look_at(
    idp: DevIdP, library: tuple[str, Program]
) -> None:
    name, found = library
    tokens = {fault: id_token(idp, fault=fault) for fault in ID_FAULTS if fault not in IMPOSSIBLE}
    assert {fault for fault, verdict in verdicts(found, tokens).items() if "claims" in verdict} == LETS_IN[name]


@pytest.mark.parametrize("fault", sorted(IMPOSSIBLE))
def test_a_fault_that_such_a_token_cannot_have_is_refused_by_name(idp: DevIdP, fault: str) -> None:
    with pytest.raises(ControlError, match="does not apply"):
        id_token(idp, fault=fault)


def test_a_token_for_another_client_is_refused(idp: DevIdP, library: tuple[str, Program]) -> None:
    (verdict,) = verdicts(library[1], {"good": id_token(idp)}, "another.apps.googleusercontent.com").values()
    assert "claims" not in verdict


def test_after_a_rotation_both_keys_have_certificates(idp: DevIdP, surroundings: dict[str, str]) -> None:
    before = id_token(idp)
    idp.control.keys.rotate()
    for name in (PYTHON, NODE):
        with program(idp, name, surroundings) as library:
            found = verdicts(library, {"before": before, "after": id_token(idp)})
        assert all("claims" in verdict for verdict in found.values()), found


def test_google_auth_library_logs_in_refreshes_and_revokes(idp: DevIdP, surroundings: dict[str, str]) -> None:
    with program(idp, NODE, surroundings) as library:
        found = library.ask(do="login", clientId=CLIENT, clientSecret=SECRET, redirectUri=CALLBACK)
    assert "." not in found["tokens"]["access_token"]
    assert found["claims"]["email"] == found["userinfo"]["email"] == found["info"]["email"] == "alice@acme.example"
    assert found["claims"]["hd"] == found["userinfo"]["hd"] == "acme.example"
    assert (found["info"]["aud"], found["info"]["scopes"]) == (CLIENT, ["openid", EMAIL])
    assert found["refreshed"]["access_token"] != found["tokens"]["access_token"]
    assert found["revoked"] == {"refused": "invalid_token"}


@contextmanager
def application(idp: DevIdP, name: str, surroundings: dict[str, str]) -> Iterator[Program]:
    """A web application with a login by Google's provider of a framework."""
    commands: dict[str, list[str | Path]] = {
        AUTHLIB: [sys.executable, "-W", "ignore", "-m", "tests.vendors.programs.google_login"],
        AUTHJS: program_line("google-authjs"),
    }
    variables = {"GOOGLE_CLIENT_ID": CLIENT, "GOOGLE_CLIENT_SECRET": SECRET, "NODE_USE_ENV_PROXY": "1", **surroundings}
    with conversing(commands[name], lambda url: str(idp.authorize(url, user="alice")), **variables) as found:
        yield found


@pytest.fixture(scope="module", params=[AUTHLIB, AUTHJS])
def provider(
    request: pytest.FixtureRequest, idp: DevIdP, surroundings: dict[str, str]
) -> Iterator[tuple[str, Program]]:
    with application(idp, request.param, surroundings) as found:
        yield request.param, found


def test_a_refresh_token_is_for_offline_access_alone(idp: DevIdP) -> None:
    assert "refresh_token" not in idp.login(client=CLIENT)
    assert "refresh_token" in idp.login(client=CLIENT, access_type="offline")


def test_a_person_logs_in_with_the_provider_of_a_framework(idp: DevIdP, provider: tuple[str, Program]) -> None:
    user = provider[1].ask()["user"]
    assert (user["email"], user["hd"], user["azp"]) == ("alice@acme.example", "acme.example", CLIENT)


@pytest.mark.parametrize(
    "fault", ["id-expired", "id-issuer-wrong", "id-audience-wrong", "id-nonce-wrong", "id-signature-bad"]
)
def test_a_login_with_a_faulty_id_token_is_refused(idp: DevIdP, provider: tuple[str, Program], fault: str) -> None:
    name, framework = provider
    idp.arm(fault)
    answer = framework.ask()
    assert idp.control.armed.waiting() == ()
    assert ("user" in answer) == (LETS_IN_AT_LOGIN[name] == fault)


def test_discovery_says_what_google_says(idp: DevIdP, surroundings: dict[str, str]) -> None:
    proxies = {"https": surroundings["HTTPS_PROXY"]}
    url = "https://accounts.google.com/.well-known/openid-configuration"
    metadata = requests.get(url, proxies=proxies, verify=str(idp.ca_file), timeout=60).json()
    assert {name: metadata[name] for name in GOOGLE} == GOOGLE
    assert "introspection_endpoint" not in metadata


def test_it_has_the_paths_of_google_below_its_own_address_unless_the_seed_names_the_host() -> None:
    with DevIdP(profile="google") as idp:
        metadata = requests.get(idp.discovery_url, timeout=60).json()
        assert metadata["issuer"] == f"{idp.url}/default"
        assert metadata["authorization_endpoint"] == f"{idp.issuer}/o/oauth2/v2/auth"
        assert requests.get(f"{idp.issuer}/oauth2/v1/certs", timeout=60).json().keys() == {
            key["kid"] for key in requests.get(metadata["jwks_uri"], timeout=60).json()["keys"]
        }
        assert not [value for value in metadata.values() if "google" in str(value) and "/auth/" not in str(value)]
