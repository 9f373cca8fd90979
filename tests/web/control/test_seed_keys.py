"""Users and clients have the keys of the seed on every surface, each with its checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import ECKey

from devidp.models import Client, User
from devidp.seed.client import ClientEntry
from devidp.seed.entries import UserEntry
from devidp.system.passwords import matches
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError
from devidp.web.servable import StartError
from tests.flow import Flow
from tests.shipped import Start, shipped

API = "/_devidp/api"
KEYS = {"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}
REDIRECT = {"redirect_uris": ["http://localhost/cb"]}
WEB: dict[str, Any] = {"secret": "s" * 32, **REDIRECT}
CLIENTS: dict[str, dict[str, Any]] = {
    "name": {"name": "Shop"},
    "secret": {"secret": "another"},
    "jwks": {"jwks": KEYS},
    "jwks_uri": {"jwks_uri": "https://app.example/jwks"},
    "public": {"public": True, "secret": None},
    "auth_method": {"auth_method": "client_secret_post"},
    "auth_signing_alg": {"auth_method": "client_secret_jwt", "auth_signing_alg": "HS256"},
    "grants": {"grants": ["client_credentials", "device_code"]},
    "response_types": {"response_types": ["code", "id_token"]},
    "redirect_uris": {"redirect_uris": ["com.example:/cb"]},
    "post_logout_redirect_uris": {"post_logout_redirect_uris": ["http://localhost/"]},
    "backchannel_logout_uri": {"backchannel_logout_uri": "http://localhost/out"},
    "frontchannel_logout_uri": {"frontchannel_logout_uri": "http://localhost/out"},
    "pairwise_sector": {"pairwise_sector": "shop"},
    "scopes": {"scopes": ["openid", "mcp:read"]},
    "default_scopes": {"default_scopes": ["mcp:read", "mcp:write"]},
    "default_audience": {"default_audience": "http://localhost:8000/mcp"},
    "lifetimes": {"lifetimes": {"access_token": "1m", "id_token": 60}},
    "id_token_signed_response_alg": {"id_token_signed_response_alg": "PS256"},
    "userinfo_signed_response_alg": {"userinfo_signed_response_alg": "ES256"},
    "introspection_signed_response_alg": {"introspection_signed_response_alg": "EdDSA"},
    "access_token_format": {"access_token_format": "opaque"},
    "refresh_token_format": {"refresh_token_format": "jwt"},
    "access_token": {
        "access_token": {
            "typ": "none",
            "drop": ["aud"],
            "cases": [
                {"when": {"user": False, "grant": ["password"]}, "claims": {"a": {"b": [1, None, "{sub}"]}, "c": None}}
            ],
        }
    },
    "id_token": {"id_token": {"rename": {"sub": "uid"}}},
    "userinfo": {"userinfo": {"claims": {"id": "{sub}"}}},
    "dpop_bound": {"dpop_bound": True},
    "rotate_refresh_tokens": {"rotate_refresh_tokens": False},
    "default_max_age": {"default_max_age": 0},
    "default_acr_values": {"default_acr_values": ["1"]},
    "request_uris": {"request_uris": ["https://app.example/request#hash"]},
    "request_object_signing_alg": {"request_object_signing_alg": "ES256"},
    "require_signed_request_object": {"require_signed_request_object": True},
    "require_pushed_authorization_requests": {"require_pushed_authorization_requests": True},
    "access_token_claims": {"access_token_claims": ["roles", "tenant"]},
    "claims_in_id_token": {"claims_in_id_token": True},
    "refresh_tokens": {"refresh_tokens": "offline_access"},
    "refresh_grace": {"refresh_grace": "10s"},
    "pkce": {"pkce": {"required": False}},
    "client_authentication": {"client_authentication": "lenient"},
    "second_factor": {"second_factor": "always"},
    "step_up": {"step_up": "always"},
    "unknown_scopes": {"unknown_scopes": "ignore"},
    "consent": {"consent": "skipped"},
    "client_ids": {"client_ids": {"enterprise": "agent-7", "https://idp.example": "a"}},
    "disabled": {"disabled": True},
}
USERS: dict[str, dict[str, Any]] = {
    "sub": {"sub": "248289761001"},
    "password": {"password": "secret"},
    "claims": {"claims": {"email": "carol@acme.example", "org": {"units": [1, None]}}},
    "scopes": {"scopes": ["openid"]},
    "mfa": {"mfa": "push"},
    "disabled": {"disabled": True},
}


def without_null(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def seeded_client(entry: dict[str, Any]) -> Client:
    return shipped(clients={"app": without_null(entry)}).issuers[0].clients["app"]


def seeded_user(entry: dict[str, Any]) -> User:
    return shipped(users={"carol": without_null(entry)}).issuers[0].users["carol"]


def test_every_key_of_the_seed_is_tried() -> None:
    assert {*CLIENTS, "secret_file"} == set(ClientEntry.model_fields)
    assert {*USERS, "password_file"} == set(UserEntry.model_fields)


@pytest.mark.parametrize("key", CLIENTS)
def test_a_client_is_added_and_changed_as_the_seed_has_it(control: Controller, http: FlaskClient, key: str) -> None:
    wanted = {**WEB, **CLIENTS[key]}
    expected = seeded_client(wanted)
    assert expected != seeded_client(WEB)
    control.clients.add("app", **WEB)
    control.clients["app"].change(**CLIENTS[key])
    assert control.clients["app"].record == expected
    control.clients["app"].delete()
    shown = http.post(f"{API}/clients", json={"client_id": "app", **wanted})
    assert shown.status_code == 201, shown.text
    assert control.clients["app"].record == expected
    assert http.get(f"{API}/clients/app").get_json() == shown.get_json()
    again = {name: value for name, value in shown.get_json().items() if name in ClientEntry.model_fields}
    assert seeded_client({**again, "secret": wanted["secret"]}) == expected


def expect_user(control: Controller, expected: User) -> None:
    """A database has the hash of the password alone."""
    found = control.users["carol"].record
    assert replace(found, password=expected.password, password_hash=None) == expected
    assert found.has_password == expected.has_password
    assert expected.password is None or matches(found, expected.password)


@pytest.mark.parametrize("key", USERS)
def test_a_user_is_added_and_changed_as_the_seed_has_it(control: Controller, http: FlaskClient, key: str) -> None:
    expected = seeded_user(USERS[key])
    control.users.add("carol")
    control.users["carol"].change(**USERS[key])
    expect_user(control, expected)
    control.users["carol"].change(**dict.fromkeys(USERS[key]))
    expect_user(control, seeded_user({}))
    control.users["carol"].delete()
    shown = http.post(f"{API}/users", json={"username": "carol", **USERS[key]})
    expect_user(control, expected)
    assert "password" not in shown.get_json()
    assert http.get(f"{API}/users/carol").get_json() == shown.get_json()


def test_the_description_of_the_api_has_every_key(http: FlaskClient) -> None:
    schemas = http.get(f"{API}/openapi.json").get_json()["components"]["schemas"]
    assert set(schemas["NewClient"]["properties"]) == {*CLIENTS, "client_id", "issuer"}
    assert set(schemas["UserChange"]["properties"]) == {*USERS, "issuer"}
    assert schemas["ClientChange"]["properties"]["dpop_bound"]["description"].startswith("Give it tokens only with")
    assert schemas["NewUser"]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"secrt": "s"}, "clients.web.secrt: there is no key 'secrt' here"),
        ({"self": 1}, "there is no key 'self' here"),
        ({"client_id": "other"}, "there is no key 'client_id' here"),
        ({"public": True}, "clients.web: the client has a secret and is public"),
        ({"secret": None}, "clients.web: the client has no secret"),
        ({"disabled": "yes"}, "disabled: got 'yes', expected true or false"),
        ({"jwks_uri": "localhost:3000/jwks"}, "http://localhost:3000/jwks"),
        ({"name": 7}, "clients.web.name: got a number, expected text"),
        ({"grants": ["client_credential"]}, "did you mean 'client_credentials'"),
    ],
)
def test_a_wrong_key_is_refused_in_the_words_of_the_seed(http: FlaskClient, members: dict[str, Any], said: str) -> None:
    answer = http.patch(f"{API}/clients/web", json=members)
    assert answer.status_code == 400
    assert said in answer.get_json()["error_description"]


def test_every_kind_of_client_can_be_disabled_and_enabled(control: Controller, flow: Flow, start: Start) -> None:
    control.clients.add("signer", jwks=KEYS, grants=["client_credentials"])
    forms = start({"features": {"implicit": True}, "client_id_metadata_documents": {"unfetchable": "loopback"}})
    controls = Controller(forms.runtime)
    registered = forms.http.post("/default/register", json={**REDIRECT, "grant_types": ["implicit"],
                                 "response_types": ["id_token"], "token_endpoint_auth_method": "none"})  # fmt: skip
    kinds = [
        (control, "spa"),
        (control, "signer"),
        (control, flow.http.post("/default/register", json=REDIRECT).get_json()["client_id"]),
        (controls, registered.get_json()["client_id"]),
        (controls, "https://localhost:1/client.json"),
    ]
    for each, client_id in kinds:
        before = each.clients[client_id].record
        each.clients[client_id].disable()
        assert each.clients[client_id].record.disabled
        each.clients[client_id].enable()
        assert each.clients[client_id].record == before


def test_a_change_keeps_what_a_client_has_registered(control: Controller, flow: Flow) -> None:
    asked = {**REDIRECT, "logo_uri": "https://app.example/logo", "default_max_age": 60}
    client_id = flow.http.post("/default/register", json=asked).get_json()["client_id"]
    before = control.clients[client_id].record
    control.clients[client_id].change(name="Shop", default_max_age=None, default_acr_values=["1"])
    after = control.clients[client_id].record
    assert (after.name, after.secret, after.redirect_uris) == ("Shop", before.secret, before.redirect_uris)
    assert after.metadata["logo_uri"] == "https://app.example/logo"
    assert "default_max_age" not in after.metadata
    assert after.metadata["default_acr_values"] == ["1"]


def test_no_two_users_have_one_subject(control: Controller, http: FlaskClient) -> None:
    taken = "users.alice.sub: got 'bob', which is the subject of 'bob' already"
    answer = http.patch(f"{API}/users/alice", json={"sub": "bob"})
    assert answer.status_code == 400
    assert taken in answer.get_json()["error_description"]
    with pytest.raises(ControlError, match="the subject of 'alice' already"):
        control.users.add("carol", sub="alice")
    assert control.users["alice"].record.sub == "alice"
    assert "carol" not in control.users
    control.users["bob"].delete()
    control.users["alice"].change(sub="bob")
    assert control.users["alice"].record.sub == "bob"


def test_an_edited_seed_gives_nobody_the_subject_of_who_was_added(control: Controller) -> None:
    control.users.add("carol", sub="7")
    with pytest.raises(StartError, match=r"'7', which is the subject of 'dave' already.* a reset forgets that"):
        control.runtime.adopt(shipped(users={"dave": {"sub": "7"}}))
    assert "dave" not in control.users
    control.reset()
    control.runtime.adopt(shipped(users={"dave": {"sub": "7"}}))
    assert control.users["dave"].record.sub == "7"
