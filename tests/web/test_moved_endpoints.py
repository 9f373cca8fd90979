"""Endpoints that the seed has moved, by way of clients that find them in the metadata."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from devidp import DevIdP
from tests.flow import Form

KEY, PROOF_KEY = RSAKey.generate_key(2048, {"kid": "rsa"}), ECKey.generate_key("P-256")
CALLBACK = "http://localhost/cb"
SEED: dict[str, Any] = {
    "users": {"alice": None},
    "scopes": {"openid": None},
    "clients": {
        "web": {"secret": "web-secret", "redirect_uris": [CALLBACK]},
        "tv": {"public": True, "grants": ["urn:ietf:params:oauth:grant-type:device_code"]},
        "signer": {
            "auth_method": "private_key_jwt",
            "jwks": {"keys": [KEY.as_dict(private=False)]},
            "grants": ["client_credentials"],
        },
    },
    "issuers": {
        "default": {
            "path": "/t/",
            "endpoints": {
                "authorize": "/oauth2/v1/authorize",
                "token": ["oauth/token", "/oauth2/v1/token"],
                "par": "/oauth2/v1/par",
                "register": "/clients",
                "device": "/activate",
                "device_authorization": "/oauth2/v1/device",
                "logout": "/v2/logout",
                "userinfo": "/me",
                "revoke": "/oauth2/v1/revoke",
                "openid-configuration": ["/.well-known/openid-configuration", ".well-known/openid-configuration"],
            },
        }
    },
}


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as running:
        yield running


@pytest.fixture(scope="module")
def metadata(idp: DevIdP) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(idp.discovery_url, timeout=10).json()
    return found


def test_the_metadata_is_where_the_seed_has_it_and_is_valid(idp: DevIdP, metadata: dict[str, Any]) -> None:
    assert idp.discovery_url == f"{idp.url}/.well-known/openid-configuration"
    assert requests.get(f"{idp.issuer}.well-known/openid-configuration", timeout=10).json() == metadata
    assert requests.get(f"{idp.url}/.well-known/oauth-authorization-server/t", timeout=10).json() == metadata
    # what was moved is not inserted as well
    assert requests.get(f"{idp.url}/.well-known/openid-configuration/t", timeout=10).status_code == 404
    # it looks for https alone
    secure = {
        name: value.replace("http:", "https:") if isinstance(value, str) else value for name, value in metadata.items()
    }
    AuthorizationServerMetadata(secure).validate()
    OpenIDProviderMetadata(secure).validate()


def test_authlib_signs_an_assertion_for_the_address_that_it_calls(idp: DevIdP, metadata: dict[str, Any]) -> None:
    for address in (metadata["token_endpoint"], f"{idp.url}/oauth2/v1/token"):
        session = OAuth2Session("signer", KEY.as_pem(private=True), token_endpoint_auth_method="private_key_jwt")
        session.register_client_auth_method(PrivateKeyJWT(address, headers={"kid": "rsa"}))
        assert session.fetch_token(address, grant_type="client_credentials")["access_token"]
    elsewhere = private_key_jwt_sign(KEY, "signer", f"{idp.issuer}token", header={"alg": "RS256", "kid": "rsa"})
    form = {
        "grant_type": "client_credentials", "client_assertion": elsewhere,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    assert requests.post(metadata["token_endpoint"], form, timeout=10).json()["error"] == "invalid_client"


@pytest.mark.parametrize("address", ["/t/oauth/token", "/oauth2/v1/token", "/t/token"])
def test_a_proof_of_possession_is_for_any_of_its_addresses(idp: DevIdP, metadata: dict[str, Any], address: str) -> None:
    claims = {"jti": uuid4().hex, "htm": "POST", "htu": f"{idp.url}{address}", "iat": int(time.time())}
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": PROOF_KEY.as_dict(private=False)}
    assertion = private_key_jwt_sign(KEY, "signer", idp.issuer, header={"alg": "RS256", "kid": "rsa"})
    form = {
        "grant_type": "client_credentials", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    proof = {"DPoP": jwt.encode(head, claims, PROOF_KEY, algorithms=["ES256"])}
    answer = requests.post(metadata["token_endpoint"], form, headers=proof, timeout=10).json()
    if address == "/t/token":  # where it would be, had it not been moved
        assert answer["error"] == "invalid_dpop_proof"
        assert f"Set it to {idp.url}/t/oauth/token" in answer["error_description"]
    else:
        assert answer["token_type"] == "DPoP"


def test_a_pushed_request_is_answered_and_ends_in_a_logout(idp: DevIdP, metadata: dict[str, Any]) -> None:
    request = {
        "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid", "code_challenge_method": "S256",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    }  # fmt: skip
    pushed = requests.post(
        metadata["pushed_authorization_request_endpoint"], request, auth=("web", "web-secret"), timeout=10
    )
    browser = requests.Session()
    page = browser.get(
        metadata["authorization_endpoint"],
        params={"client_id": "web", "request_uri": pushed.json()["request_uri"]}, timeout=10,
    )  # fmt: skip
    for wanted in ({"login_as": "alice"}, {"decision": "allow"}):
        form = Form(page.text)
        assert form.action.startswith("/t/")
        page = browser.post(
            urljoin(page.url, form.action), {**form.hidden, **wanted}, allow_redirects=False, timeout=10
        )
    answer = {name: values[0] for name, values in parse_qs(urlsplit(page.headers["Location"]).query).items()}
    assert answer["iss"] == idp.issuer
    # the session is known at the pages of the issuer, and at what was moved out of its path
    left = browser.get(metadata["end_session_endpoint"], timeout=10)
    form = Form(left.text)
    assert form.action == "/t/logout/confirm"
    done = browser.post(
        urljoin(left.url, form.action), {**form.hidden, "decision": form.offered["decision"][0]}, timeout=10
    )
    assert done.ok
    assert idp.events("logout-confirm")[-1].status == 200


def test_a_user_code_is_typed_where_the_device_says(idp: DevIdP, metadata: dict[str, Any]) -> None:
    started = requests.post(metadata["device_authorization_endpoint"], {"client_id": "tv"}, timeout=10).json()
    assert started["verification_uri"] == f"{idp.url}/activate"
    browser = requests.Session()
    page = browser.get(started["verification_uri"], timeout=10)
    form = Form(page.text)
    assert form.action == "/activate"
    page = browser.post(urljoin(page.url, form.action), {**form.hidden, "user_code": started["user_code"]}, timeout=10)
    for wanted in ({"login_as": "alice"}, {"decision": "allow"}):
        form = Form(page.text)
        page = browser.post(urljoin(page.url, form.action), {**form.hidden, **wanted}, timeout=10)
    poll = {
        "client_id": "tv", "device_code": started["device_code"],
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
    }  # fmt: skip
    assert requests.post(metadata["token_endpoint"], poll, timeout=10).json()["access_token"]


def test_a_registered_client_is_managed_below_the_issuer(idp: DevIdP, metadata: dict[str, Any]) -> None:
    assert metadata["registration_endpoint"] == f"{idp.url}/clients"
    made = requests.post(metadata["registration_endpoint"], json={"redirect_uris": [CALLBACK]}, timeout=10).json()
    bearer = {"Authorization": f"Bearer {made['registration_access_token']}"}
    assert (
        requests.get(made["registration_client_uri"], headers=bearer, timeout=10).json()["client_id"]
        == made["client_id"]
    )


def test_pages_of_other_origins_may_call_it_there(metadata: dict[str, Any]) -> None:
    asked = {"Origin": "https://app.example.test", "Access-Control-Request-Method": "POST"}
    for name in ("token_endpoint", "userinfo_endpoint", "revocation_endpoint"):
        answer = requests.options(metadata[name], headers=asked, timeout=10)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_failures_are_scripted_for_the_endpoint_wherever_it_is(idp: DevIdP, metadata: dict[str, Any]) -> None:
    idp.fail("userinfo", status=503)
    assert requests.get(metadata["userinfo_endpoint"], timeout=10).status_code == 503
