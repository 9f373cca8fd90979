"""A provider becomes a profile, which devidp serves with the same metadata; of a token only its shape is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import jwt
import pytest
from click.testing import CliRunner, Result

from devidp import DevIdP
from devidp.cli.main import main
from devidp.oauth import names
from devidp.seed import load, profile
from devidp.tools.recording import Recording, Unreadable, record
from devidp.tools.recording.settings import FEATURES
from tests.document_server import serving, serving_bytes

METADATA = {
    "issuer": "https://idp.example.test/tenants/acme/",
    "authorization_endpoint": "https://idp.example.test/oauth2/authorize",
    "token_endpoint": "https://login.example.test/oauth2/token?p=b2c",
    "revocation_endpoint": "https://idp.example.test/%20",
    "scopes_supported": ["openid", "read:all", "not a scope"],
    "response_types_supported": ["code", "code id_token"],
    "grant_types_supported": ["authorization_code", "urn:ietf:params:oauth:grant-type:saml2-bearer", "password"],
    "code_challenge_methods_supported": ["plain", "S256"],
    "service_documentation": "https://docs.example.test/",
    "tenant_region_scope": "EU",
}


def metadata(idp: DevIdP) -> dict[str, Any]:
    with urlopen(idp.discovery_url, timeout=60) as answer:
        found: dict[str, Any] = json.loads(answer.read().decode().replace(idp.url, "https://idp.example.test"))
    return found


def settings(recording: Recording) -> dict[str, Any]:
    return dict(profile.settings(profile.parse(recording.text, "recorded")))


@pytest.fixture(scope="module")
def recording() -> Recording:
    with serving(METADATA) as url:
        return record(url)


@pytest.mark.parametrize("name", profile.names())
def test_each_profile_recorded_and_served_again_has_the_same_metadata(name: str) -> None:
    with DevIdP(profile=name) as idp:
        found = record(idp.issuer)
        before = metadata(idp)
    with DevIdP(found.text) as again:
        assert metadata(again) == before


def shape(token: str) -> tuple[object, dict[str, type]]:
    """The ``typ`` of the header, and the claims with their types."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.get_unverified_header(token).get("typ"), {name: type(value) for name, value in claims.items()}


def tokens(idp: DevIdP, client: str, user: str | None) -> dict[str, str]:
    asked: dict[str, Any] = {"client": client, "user": user}
    return {kind: idp.token(**asked, token_type=kind) for kind in ("access", "id") if user or kind == "access"}


SHAPED = {
    "issuers": {
        "pool": {
            "access_token": {
                "typ": "JWT",
                "rename": {"client_id": "cid"},
                "drop": ["aud", "auth_time"],
                "claims": {
                    "scp": "{scopes}",
                    "ver": 1,
                    "tenant": "acme",
                    "deep": {"roles": ["a"], "on": True},
                    "oid": "{user_id}",
                    "email": "{user.email}",
                    "https://acme.example/plan": "gold",
                },
            },
            "id_token": {
                "typ": "none",
                "claims": {"azp": "{client_id}", "locale": "{user.locale}"},
                "drop": ["auth_time"],
            },
        },
    },
    "users": {"alice": {"claims": {"email": "a@acme.example", "locale": "cs"}}},
    "clients": {
        "spa": {"public": True, "redirect_uris": ["http://localhost/cb"]},
        "service": {"secret": "s", "grants": ["client_credentials"]},
    },
}


@pytest.mark.parametrize("user", ["alice", None])
def test_a_token_recorded_and_served_again_has_the_same_claims_of_the_same_types(user: str | None) -> None:
    client = "spa" if user else "service"
    with DevIdP(SHAPED) as idp:
        before = tokens(idp, client, user)
        found = record(idp.issuer, before["access"], before.get("id"))
    with DevIdP(found.text) as again:
        after = tokens(again, client, user)
    assert {kind: shape(token) for kind, token in after.items()} == {
        kind: shape(token) for kind, token in before.items()
    }


def test_no_value_of_a_token_is_in_the_profile() -> None:
    with DevIdP(SHAPED) as idp:
        found = record(idp.issuer, idp.token(user="alice", client="spa"))
    assert [
        value for value in ("acme", "gold", "a@acme", "https://acme.example/plan: gold") if f" {value}" in found.text
    ] == []
    assert "https://acme.example/plan" in found.text


def test_an_opaque_token_says_that_tokens_are_opaque_and_what_is_no_token_is_refused_without_a_word_of_it() -> None:
    with DevIdP(SHAPED) as idp:
        assert settings(record(idp.issuer, "zzz-opaque-zzz"))["access_token_format"] == "opaque"
        for given in ({"access_token": "riddle.of"}, {"id_token": "riddle"}):
            with pytest.raises(Unreadable) as caught:
                record(idp.issuer, **given)
            assert "riddle" not in str(caught.value)


def test_addresses_are_those_of_the_provider_without_its_host(recording: Recording) -> None:
    found = settings(recording)
    assert found["path"] == "/tenants/acme/"
    assert found["endpoints"]["authorize"] == "/oauth2/authorize"
    assert found["endpoints"]["token"] == "/oauth2/token"
    assert "example.test" not in str(found)


def test_what_the_metadata_says_is_on_is_on_and_the_rest_is_off(recording: Recording) -> None:
    found = settings(recording)
    assert found["features"]["hybrid"] == "true"
    assert found["features"]["userinfo"] == "false"
    assert found["pkce"] == {"plain": "true"}
    assert found["grants"] == ["authorization_code", "password"]
    assert found["metadata"]["tenant_region_scope"] == "EU"


def test_every_feature_is_read_for_which_metadata_has_a_word() -> None:
    assert set(names.FEATURES) - set(FEATURES) == {names.MANAGEMENT, names.X5C, names.CERTIFICATES, names.TOKENINFO}


@pytest.mark.parametrize(
    "said",
    [
        "endpoints.token: it is at login.example.test, another host",
        "endpoints.token: its address has a query, p=b2c",
        "endpoints.revoke: got '/%20'",
        "signing_algorithm: it names no JWK Set",
        "grants: urn:ietf:params:oauth:grant-type:saml2-bearer, which devidp does not know",
        "metadata.service_documentation: it has an address of the provider",
        "got 'not a scope' as a scope",
    ],
)
def test_what_a_seed_cannot_say_is_named(recording: Recording, said: str) -> None:
    assert [note for note in recording.notes if said in note]
    assert said in recording.text


def test_the_nearest_profile_is_named_with_the_difference() -> None:
    with DevIdP({"issuers": {"x": {"features": {"userinfo": False}}}}) as idp:
        found = record(idp.issuer)
    assert found.nearest in profile.names()
    assert "+features.userinfo: false" in found.difference


def test_what_a_provider_says_cannot_get_out_of_the_comments_or_act_on_a_terminal() -> None:
    strange = {
        "issuer": "http://idp.example.test/x\x1b[31m",
        "token_endpoint": "http://[",
        "authorization_endpoint": 3,
        "grant_types_supported": ["a\nissuers: {evil: }\n"],
        "jwks_uri": {},
        "odd\x1b": "b\x1b",
        "acr_values_supported": ["one", "two", "three"],
        "scopes_supported": "openid",
    }
    with serving(strange) as url:
        found = record(url)
    assert list(profile.parse(found.text, "recorded")["issuers"]) == ["default"]
    assert "\x1b" not in "".join((*found.notes, *found.difference))
    assert settings(found)["acr_values"] == {"one": "1", "two": "1", "three": "2"}


@pytest.mark.parametrize("keys", [{"keys": [{"kty": [1], "alg": {}}, 3, {"kty": "RSA", "n": 4}]}, {"keys": 3}, [1]])
def test_keys_that_are_none_are_no_trouble(keys: object) -> None:
    with serving(keys) as jwks, serving({"issuer": "http://idp.example.test", "jwks_uri": jwks}) as url:
        assert record(url).text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "answers something that is not JSON"),
        (b"[]", "answers JSON that is no object"),
        (b"{}", "has no `issuer`, which metadata must have (RFC 8414 section 2)"),
    ],
)
def test_what_is_no_provider_is_refused_with_every_address_that_was_tried(body: bytes, said: str) -> None:
    with serving_bytes(body, "application/json") as url, pytest.raises(Unreadable) as caught:
        record(url)
    assert said in str(caught.value)
    assert str(caught.value).count("/.well-known/") == 4


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["profile", "record", *arguments], input=typed)


def test_the_command_writes_a_profile_that_check_accepts_and_overwrites_nothing(tmp_path: Path) -> None:
    with DevIdP(profile="okta") as idp:
        told = run(idp.issuer, "--output", str(tmp_path / "mine.yaml"))
        assert (told.exit_code, told.stdout) == (0, "")
        assert told.stderr.startswith("Wrote ")
        assert "\n--- " in told.stderr
        refused = run(idp.issuer, "--output", str(tmp_path / "mine.yaml"))
        assert refused.exit_code == 1
        assert "is there already" in refused.stderr
        assert run(idp.issuer).stdout == (tmp_path / "mine.yaml").read_text()
    assert load(tmp_path / "mine.yaml").warnings == ()


def test_diff_compares_a_profile_with_a_provider() -> None:
    with DevIdP({"issuers": {"x": {"features": {"userinfo": False}}}}) as idp:
        told = CliRunner().invoke(main, ["profile", "diff", "okta", idp.issuer])
    assert told.exit_code == 1
    assert told.stdout.splitlines()[:2] == ["--- okta", f"+++ {idp.issuer}"]
    assert "+features.userinfo: false" in told.stdout


def test_the_command_says_why_a_provider_cannot_be_read(tmp_path: Path) -> None:
    told = run("http://127.0.0.1:9/none")
    assert told.exit_code == 1
    assert "no metadata was found" in told.stderr
