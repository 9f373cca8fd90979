"""What a seed says ends in the records, and what it leaves out has the documented default."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from devidp.models import IssuerSettings, Lifetimes, PolicyRule, Resource
from devidp.oauth import names
from devidp.seed import from_mapping, loads
from tests.seed.reading import client, issuer, read, user

ON = frozenset(names.FEATURES) - names.OFF_BY_DEFAULT


def test_an_empty_mapping_is_an_issuer_with_every_default() -> None:
    found = read("{}")
    assert found.issuers == (
        IssuerSettings("default", "/default", grants=frozenset(names.DEFAULT_GRANTS), features=ON),
    )
    assert set(found.scopes) == names.OPENID_SCOPES


def test_sections_whose_entries_are_commented_out_are_as_good_as_absent() -> None:
    assert read("issuers:\nscopes:\nresources:\nusers:\nclients:\npolicy:\n") == read("{}")


def test_an_issuer_has_what_it_says() -> None:
    found = issuer(
        "{path: idp, lifetimes: {access_token: 5m, session: 1d}, signing_algorithm: ES256, grants: [refresh_token],"
        " features: {userinfo: false, revocation: off}, fetch: {private_addresses: true},"
        " pkce: {required: no, plain: true}, refresh_grace: 10s, failed_logins: {limit: 5, within: 1m},"
        " registration: {initial_access_token: t0ken}, auto_approve: alice, default_scopes: [email, openid],"
        " default_audience: http://localhost:8000/mcp, unknown_scopes: ignore,"
        " unknown_resources: accept, unknown_clients: loopback, unknown_users: accept,"
        " access_token_claims: [plan], claims_in_id_token: yes}"
    )
    assert found == IssuerSettings(
        name="main",
        path="/idp",
        lifetimes=Lifetimes(access_token=300, session=86400),
        signing_algorithm="ES256",
        grants=frozenset({"refresh_token"}),
        features=ON - {"userinfo", "revocation"},
        fetch_private_addresses=True,
        pkce_required=False,
        pkce_plain=True,
        refresh_grace=10,
        failed_logins=5,
        failed_logins_within=60,
        initial_access_token="t0ken",
        auto_approve="alice",
        default_scopes=("email", "openid"),
        default_audience="http://localhost:8000/mcp",
        unknown_clients="loopback",
        unknown_users="accept",
        unknown_scopes="ignore",
        unknown_resources="accept",
        access_token_claims=("plan",),
        claims_in_id_token=True,
        users=found.users,
    )


@pytest.mark.parametrize(("path", "expected"), [("/", ""), ("/x", "/x"), ("x", "/x"), ("v2.0", "/v2.0")])
def test_a_path_is_kept_as_urls_have_it(path: str, expected: str) -> None:
    assert issuer(f"{{path: {path}}}").path == expected


def test_issuers_keep_the_order_of_the_file() -> None:
    assert [each.name for each in read("issuers: {zulu: , alpha: , mike: }").issuers] == ["zulu", "alpha", "mike"]


def test_own_users_and_clients_of_an_issuer_replace_the_shared_ones() -> None:
    shared, own, none = read("""
        issuers:
          shared:
          own:
            users: {carol: }
            clients: {job: {secret: s, grants: [client_credentials]}}
          none: {users: {}, clients: {}}
        users: {alice: }
        clients: {app: {public: true, redirect_uris: [http://localhost/cb]}}
    """).issuers
    assert (list(shared.users), list(shared.clients)) == (["alice"], ["app"])
    assert (list(own.users), list(own.clients)) == (["carol"], ["job"])
    assert (list(none.users), list(none.clients)) == ([], [])


def test_standard_scopes_release_the_standard_claims() -> None:
    scopes = read("scopes: {openid: , email: Your address, phone: {claims: []}, tenant: {claims: [org_id]}}").scopes
    assert scopes["openid"].claims == ("sub",)
    assert (scopes["email"].description, scopes["email"].claims) == ("Your address", ("email", "email_verified"))
    assert scopes["phone"].claims == ()
    assert (scopes["tenant"].description, scopes["tenant"].claims) == ("tenant", ("org_id",))


def test_a_wildcard_is_an_ordinary_scope() -> None:
    found = read("scopes: {write:*: Write everything}\nusers: {alice: {scopes: [write:*]}}")
    assert list(found.scopes) == ["write:*"]
    assert found.issuers[0].users["alice"].scopes == frozenset({"write:*"})


def test_resources_and_policy_are_kept() -> None:
    found = read("""
        resources:
          http://localhost:8000/mcp:
          https://api.example: {name: API, scopes: [openid]}
        users: {alice: }
        policy: [{users: [alice], allow: [openid, email]}, {deny: [phone]}]
    """)
    assert found.resources["http://localhost:8000/mcp"] == Resource("http://localhost:8000/mcp")
    assert found.resources["https://api.example"] == Resource("https://api.example", frozenset({"openid"}), "API")
    assert found.policy == (
        PolicyRule(users=frozenset({"alice"}), allow=frozenset({"openid", "email"})),
        PolicyRule(deny=frozenset({"phone"})),
    )


def test_a_user_has_a_subject_and_every_scope_unless_told_otherwise() -> None:
    plain = read("users: {alice: }").issuers[0].users["alice"]
    assert (plain.sub, plain.password, plain.scopes, plain.disabled, plain.claims) == ("alice", None, None, False, {})
    told = user("{sub: u-1, scopes: [openid], disabled: true}")
    assert (told.sub, told.scopes, told.disabled) == ("u-1", frozenset({"openid"}), True)


@pytest.mark.parametrize(
    ("settings", "methods"),
    [
        ("secret: s", {"client_secret_basic", "client_secret_post"}),
        ("secret: s, auth_method: client_secret_post", {"client_secret_post"}),
        ("public: true", {"none"}),
        ("public: true, auth_method: none", {"none"}),
    ],
)
def test_a_client_authenticates_as_its_secret_allows(settings: str, methods: set[str]) -> None:
    assert client(f"{{{settings}, redirect_uris: [http://localhost/cb]}}").auth_methods == methods


def test_lifetimes_of_a_client_fall_back_to_those_of_each_issuer() -> None:
    first, second = read("""
        issuers: {first: {lifetimes: {id_token: 1m}}, second: }
        clients:
          app: {public: true, redirect_uris: [http://localhost/cb], lifetimes: {access_token: 2m}}
    """).issuers
    assert first.clients["app"].lifetimes == Lifetimes(access_token=120, id_token=60)
    assert second.clients["app"].lifetimes == Lifetimes(access_token=120)


def test_a_client_without_lifetimes_leaves_them_to_the_issuer() -> None:
    assert client("{public: true, redirect_uris: [http://localhost/cb]}").lifetimes is None


def test_a_machine_needs_no_redirect_uri() -> None:
    found = client("{secret: s, grants: [client_credentials]}")
    assert (found.redirect_uris, found.response_types) == ((), frozenset())


def test_a_mapping_from_python_reads_as_the_same_yaml() -> None:
    data = {
        "issuers": {"main": {"lifetimes": {"access_token": "5m", "id_token": 60}, "grants": ("client_credentials",)}},
        "users": {
            "alice": {"password": "0123", "claims": {"level": 3, "ratio": 0.5, "none": None, "tags": {"b", "a"}}}
        },
        "clients": {"job": {"secret": "s", "grants": ["client_credentials"]}},
    }
    written = """
        issuers: {main: {lifetimes: {access_token: 5m, id_token: 60}, grants: [client_credentials]}}
        users: {alice: {password: 0123, claims: {level: 3, ratio: 0.5, none: null, tags: [a, b]}}}
        clients: {job: {secret: s, grants: [client_credentials]}}
    """
    assert from_mapping(data) == read(written)


def test_values_of_python_that_have_a_text_are_taken_as_text(tmp_path: Path) -> None:
    class Consent(StrEnum):
        SKIPPED = "skipped"

    found = from_mapping(
        {
            "users": {"alice": {"claims": {"birthdate": date(1990, 1, 31)}}},
            "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"], "consent": Consent.SKIPPED}},
        }
    ).issuers[0]
    assert found.users["alice"].claims == {"birthdate": "1990-01-31"}
    assert found.clients["app"].consent == "skipped"


def test_secrets_do_not_show_when_records_are_printed() -> None:
    found = loads("users: {alice: {password: hush-1}}\nclients: {job: {secret: hush-2, grants: [client_credentials]}}")
    assert "hush" not in repr(found)


def test_a_login_may_have_to_be_of_this_moment() -> None:
    assert client("{secret: s, redirect_uris: [http://localhost/cb], default_max_age: 0}").metadata == {
        "default_max_age": 0
    }
