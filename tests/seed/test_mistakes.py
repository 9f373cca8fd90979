"""Every mistake in a seed is named, all of them at once, each with its line, its path and what was meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devidp.seed import SeedError, from_mapping, load
from tests.seed.reading import mistake, mistakes, places

APP = "redirect_uris: [http://localhost/cb]"


def test_mistakes_of_every_kind_are_reported_at_once_in_the_order_of_the_file() -> None:
    assert places("""\
        issuers:
          default: {lifetimes: {access_token: soon}, path: }
          other: {path: /default, auto_approve: mallory, grants: [implicit]}
        users:
          alice: {pasword: x, scopes: [openid, mcp:reed]}
          mallory: {disabled: true, sub: alice}
          mallory: {}
        clients:
          app: {redirect_uris: [/cb], lifetimes: {id_token: 0}}
        policy:
          - {users: [alise]}
        polcy: []
    """) == [
        (2, "issuers.default.lifetimes.access_token"),
        (2, "issuers.default.path"),
        (3, "issuers.other.auto_approve"),
        (3, "issuers.other.grants[0]"),
        (5, "users.alice.pasword"),
        (5, "users.alice.scopes[1]"),
        (6, "users.mallory.sub"),
        (7, "users.mallory"),
        (9, "clients.app"),
        (9, "clients.app.lifetimes.id_token"),
        (9, "clients.app.redirect_uris[0]"),
        (11, "policy[0]"),
        (11, "policy[0].users[0]"),
        (12, "polcy"),
    ]


@pytest.mark.parametrize(
    ("text", "path", "meant"),
    [
        ("user: {}", "user", "users"),
        ("issuers: {main: {grant: []}}", "issuers.main.grant", "grants"),
        ("issuers: {main: {access_token: 5m}}", "issuers.main.access_token", "lifetimes.access_token"),
        ("issuers: {main: {initial_access_token: x}}", "issuers.main.initial_access_token",
         "registration.initial_access_token"),
        ("issuers: {main: {pkce: {require: true}}}", "issuers.main.pkce.require", "required"),
        ("issuers: {main: {features: {introspect: true}}}", "issuers.main.features.introspect", "introspection"),
        ("issuers: {main: {users: {bob: {passwd: x}}}}", "issuers.main.users.bob.passwd", "password"),
        ("users: {users: {scope: []}}", "users.users.scope", "scopes"),
        ("users: {alice: {email: a@acme.example}}", "users.alice.email", "claims.email"),
        ("users: {alice: {roles: [admin]}}", "users.alice.roles", "claims.roles"),
        (f"clients: {{app: {{client_secret: x, secret: y, {APP}}}}}", "clients.app.client_secret", "secret"),
        (f"clients: {{app: {{client_name: x, secret: y, {APP}}}}}", "clients.app.client_name", "name"),
        (f"clients: {{app: {{grant_types: [], secret: y, {APP}}}}}", "clients.app.grant_types", "grants"),
        (f"clients: {{app: {{token_endpoint_auth_method: none, public: true, {APP}}}}}",
         "clients.app.token_endpoint_auth_method", "auth_method"),
        (f"clients: {{app: {{lifetimes: {{access: 5m}}, secret: y, {APP}}}}}", "clients.app.lifetimes.access",
         "access_token"),
        (f"clients: {{app: {{consent: skip, secret: y, {APP}}}}}", "clients.app.consent", "skipped"),
        ("issuers: {main: {signing_algorithm: rs256}}", "issuers.main.signing_algorithm", "RS256"),
        ("issuers: {main: {grants: [authorisation_code]}}", "issuers.main.grants[0]", "authorization_code"),
        ("users: {alice: {scopes: [Open-ID]}}", "users.alice.scopes[0]", "openid"),
        ("users: {alice: {scopes: openid email}}", "users.alice.scopes", "[openid, email]"),
        ("users: {alice: }\nissuers: {main: {auto_approve: Alice}}", "issuers.main.auto_approve", "alice"),
        ("users: {alice: }\npolicy: [{users: [alcie], deny: [openid]}]", "policy[0].users[0]", "alice"),
        (f"clients: {{app: {{secret: y, {APP}}}}}\npolicy: [{{clients: [ap], deny: [openid]}}]",
         "policy[0].clients[0]", "app"),
        ("resources: {http://localhost:8000/mcp: }\nissuers: {main: {default_audience: http://localhost:8000/mpc}}",
         "issuers.main.default_audience", "http://localhost:8000/mcp"),
        ("scopes: {mcp:read: }\nresources: {http://localhost:8000/mcp: {scopes: [mcp.read]}}",
         'resources["http://localhost:8000/mcp"].scopes[0]', "mcp:read"),
        ("profile: auth0", "profile", "issuers.NAME.profile"),
    ],
)  # fmt: skip
def test_a_near_miss_says_what_was_meant(text: str, path: str, meant: str) -> None:
    problem = mistake(text)
    assert problem.path == path
    assert problem.message.endswith((f"did you mean {meant!r}?", f"did you mean {meant}?"))


def test_a_profile_needs_no_seed() -> None:
    assert "--profile NAME, or DevIdP(profile='NAME'), needs no seed; did you mean" in mistake("profile: okta").message


def test_a_client_has_no_session_of_its_own() -> None:
    problem = mistake(f"clients: {{app: {{lifetimes: {{session: 5m}}, secret: y, {APP}}}}}")
    assert problem.path == "clients.app.lifetimes.session"
    assert "there is no key 'session' here, expected one of: access_token" in problem.message


def test_a_key_that_nothing_resembles_is_answered_with_what_is_allowed() -> None:
    message = mistake("issuers: {main: {pkce: {zzz: 1}}}").message
    assert "required, plain" in message
    assert "did you mean" not in message


@pytest.mark.parametrize(
    ("settings", "path", "words"),
    [
        ("{}", "clients.app", ["secret", "public: true"]),
        (f"{{{APP}}}", "clients.app", ["secret", "public: true"]),
        (f"{{{APP}, public: false}}", "clients.app", ["secret", "public: true"]),
        (f"{{{APP}, public: true, secret: x}}", "clients.app", ["secret", "public"]),
        (f"{{{APP}, secret: ''}}", "clients.app.secret", ["empty"]),
        (f"{{{APP}, secret: }}", "clients.app.secret", ["nothing"]),
        ("{secret: x}", "clients.app", ["redirect_uris", "client_credentials"]),
        (
            f"{{{APP}, public: true, grants: [authorization_code, client_credentials]}}",
            "clients.app.grants",
            ["public"],
        ),
        (f"{{{APP}, public: true, auth_method: client_secret_post}}", "clients.app.auth_method", ["none"]),
        (f"{{{APP}, secret: x, auth_method: none}}", "clients.app.auth_method", ["client_secret_basic"]),
        (f"{{{APP}, secret: x, auth_method: basic}}", "clients.app.auth_method", ["client_secret_basic"]),
        (f"{{{APP}, secret: x, grants: []}}", "clients.app.grants", ["empty"]),
        (f"{{{APP}, secret: x, scopes: [openid], default_scopes: [email]}}", "clients.app.default_scopes", ["email"]),
        (f"{{{APP}, secret: x, default_audience: http://x/}}", "clients.app.default_audience", ["resources"]),
        ("{secret: x, redirect_uris: [javascript:alert(1)]}", "clients.app.redirect_uris[0]", ["javascript"]),
        ("{secret: x, redirect_uris: ['https://x/#f']}", "clients.app.redirect_uris[0]", ["fragment"]),
        ("{secret: x, redirect_uris: [/cb]}", "clients.app.redirect_uris[0]", ["absolute"]),
        ("{secret: x, redirect_uris: [localhost:3000/callback]}", "clients.app.redirect_uris[0]",
         ["'localhost:3000/callback'", "http://localhost:3000/callback"]),
        ("{secret: x, redirect_uris: ['idp.example:8443']}", "clients.app.redirect_uris[0]",
         ["http://idp.example:8443"]),
        (f"{{{APP}, secret: x, post_logout_redirect_uris: [localhost:3000]}}",
         "clients.app.post_logout_redirect_uris[0]", ["http://localhost:3000"]),
        (f"{{{APP}, secret: x, backchannel_logout_uri: 'localhost:3000/out'}}", "clients.app.backchannel_logout_uri",
         ["http://localhost:3000/out"]),
        (f"{{{APP}, secret: x, frontchannel_logout_uri: 'http://a b/out'}}", "clients.app.frontchannel_logout_uri",
         ["' '"]),
        (f"{{{APP}, jwks_uri: 'https://idp.example/jwks#keys'}}", "clients.app.jwks_uri", ["fragment"]),
        (f"{{{APP}, jwks_uri: 'https://me:secret@idp.example/jwks'}}", "clients.app.jwks_uri", ["password"]),
        (f"{{{APP}, jwks_uri: 'com.example:/jwks'}}", "clients.app.jwks_uri", ["web address"]),
        (f"{{{APP}, secret: x, request_uris: ['https:///request']}}", "clients.app.request_uris[0]", ["host"]),
        (f"{{{APP}, secret: x, client_ids: {{'localhost:6750/o': app}}}}", 'clients.app.client_ids["localhost:6750/o"]',
         ["URL"]),
        ("{secret: x, redirect_uris: http://localhost/cb}", "clients.app.redirect_uris", ["[http://localhost/cb]"]),
        ("", "clients.app", ["secret", "public"]),
        ("web-secret", "clients.app", ["mapping", "secret"]),
    ],
)  # fmt: skip
def test_a_client_that_cannot_work_is_refused(settings: str, path: str, words: list[str]) -> None:
    found = [problem for problem in mistakes(f"clients:\n  app: {settings}") if problem.path == path]
    assert found
    assert found[0].line == 2
    assert all(word in found[0].message for word in words)


@pytest.mark.parametrize(
    "name", ["health", "_devidp", ".well-known", "a b", "a//b", "é", "a" * 129, "a?b", "a%20b", "a/../b", "a#"]
)
@pytest.mark.parametrize("shape", ["issuers: {{{}: }}", "issuers: {{main: {{path: {}}}}}"])
def test_a_name_or_path_that_cannot_be_in_a_url_is_refused(shape: str, name: str) -> None:
    assert mistake(shape.format(json.dumps(name))).path.startswith("issuers")


@pytest.mark.parametrize("name", [".", "..", "x" * 256, "a\u200b"])
@pytest.mark.parametrize("shape", ["users: {{{}: }}", "clients: {{{}: {{secret: x, grants: [client_credentials]}}}}"])
def test_a_user_or_client_has_a_name_that_it_can_be_called_by(shape: str, name: str) -> None:
    assert " as a " in mistake(shape.format(json.dumps(name))).message


@pytest.mark.parametrize(
    "issuers",
    ["{a: , b: {path: /a}}", "{b: {path: a}, a: }", "{a: {path: /}, b: {path: /}}", "{a: {path: x}, b: {path: /x}}"],
)
def test_two_issuers_cannot_have_one_path(issuers: str) -> None:
    assert "path" in mistake(f"issuers: {issuers}").message


def test_two_issuers_cannot_differ_by_case_alone() -> None:
    assert mistake("issuers: {main: , Main: }").path == "issuers.Main"


def test_two_users_of_an_issuer_cannot_have_one_subject() -> None:
    assert mistake("users: {alice: , bob: {sub: alice}}").path == "users.bob.sub"
    assert mistake("issuers: {main: {users: {a: {sub: 1}, b: {sub: 1}}}}").path == "issuers.main.users.b.sub"


def test_the_approved_user_has_to_be_one_of_the_issuer_and_enabled() -> None:
    assert mistake("users: {mallory: {disabled: true}}\nissuers: {main: {auto_approve: mallory}}").line == 2
    assert mistake("users: {alice: }\nissuers: {main: {users: {bob: }, auto_approve: alice}}").line == 2
    assert (
        mistake("issuers: {main: {users: }, other: {auto_approve: bob}}\nusers: {bob: }").path == "issuers.main.users"
    )


def test_a_mistake_inside_a_user_does_not_hide_others() -> None:
    assert places("""
        users: {alice: {sub: [1]}, bob: {disabled: maybe}, carol: carol}
        issuers: {one: {auto_approve: bob}, two: {auto_approve: carol}, three: {auto_approve: dave}}
    """) == [
        (2, "users.alice.sub"),
        (2, "users.bob.disabled"),
        (2, "users.carol"),
        (3, "issuers.three.auto_approve"),
    ]


@pytest.mark.parametrize("rule", ["{}", "{users: [alice]}", "{deny: []}", "{users: [alice], clients: [], deny: []}"])
def test_a_rule_that_does_nothing_is_refused(rule: str) -> None:
    assert mistake(f"users: {{alice: }}\npolicy: [{rule}]").path == "policy[0]"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("users: [alice]", "users"),
        ("users: {alice: alice}", "users.alice"),
        ("users: {' a': }", 'users[" a"]'),
        ("users: {alice: {sub: " + "x" * 256 + "}}", "users.alice.sub"),
        ("users: {alice: {password: ''}}", "users.alice.password"),
        ("users: {alice: {password: [x]}}", "users.alice.password"),
        ("users: {alice: {claims: [x]}}", "users.alice.claims"),
        ("scopes: [openid]", "scopes"),
        ("scopes: {'a b': x}", 'scopes["a b"]'),
        ("scopes: {a: ''}", "scopes.a.description"),
        ("scopes: {a: {claims: email}}", "scopes.a.claims"),
        ("resources: {/nonsense: }", 'resources["/nonsense"]'),
        ("resources: {'localhost:8000/mcp': }", 'resources["localhost:8000/mcp"]'),
        ("resources: {two words: }", 'resources["two words"]'),
        ("resources: {orders: {aliases: [two words]}}", "resources.orders.aliases[0]"),
        ("resources: {orders: {aliases: [stock]}, stock: }", "resources.orders.aliases[0]"),
        ("resources: {orders: {aliases: [api://a]}, stock: {aliases: [API://a/]}}", "resources.stock.aliases[0]"),
        ("resources: {orders: {aliases: [orders]}}", "resources.orders.aliases[0]"),
        (
            "issuers: {main: {trusted_issuers: {'localhost:6750/other': {jwks_uri: http://localhost:6750/jwks}}}}",
            'issuers.main.trusted_issuers["localhost:6750/other"]',
        ),
        ("resources: {'http://x/#y': }", 'resources["http://x/#y"]'),
        ("clients: {é: {public: true, " + APP + "}}", "clients.é"),
        ("policy: {deny: [openid]}", "policy"),
        ("policy: [openid]", "policy[0]"),
        ("issuers: {main: {grants: []}}", "issuers.main.grants"),
        ("issuers: {main: {refresh_grace: -1}}", "issuers.main.refresh_grace"),
        ("issuers: {main: {key_size: 1024}}", "issuers.main.key_size"),
        ("issuers: {main: {key_size: '2048'}}", "issuers.main.key_size"),
        ("issuers: {main: {failed_logins: {limit: 0}}}", "issuers.main.failed_logins.limit"),
        ("issuers: {main: {failed_logins: {limit: '5'}}}", "issuers.main.failed_logins.limit"),
        ("issuers: {main: {failed_logins: {limit: true}}}", "issuers.main.failed_logins.limit"),
        ("issuers: {main: {failed_logins: {within: 0}}}", "issuers.main.failed_logins.within"),
        ("issuers: {main: {pkce: off}}", "issuers.main.pkce"),
        ("issuers: {main: {lifetimes: }}", "issuers.main.lifetimes"),
        ("issuers: {main: {unknown_resources: all}}", "issuers.main.unknown_resources"),
        ("issuers: {main: {access_token_claims: [scope]}}", "issuers.main.access_token_claims[0]"),
        ("issuers: {main: {features: {userinfo: '1'}}}", "issuers.main.features.userinfo"),
        (
            "issuers: {main: {registration: {initial_access_token: ''}}}",
            "issuers.main.registration.initial_access_token",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_at_its_place(text: str, path: str) -> None:
    assert mistake(text).path == path


@pytest.mark.parametrize("text", ["users: {alice: hush}", "users: {alice: {password: [hush]}}", "clients: {app: hush}"])
def test_what_may_be_a_secret_is_not_repeated(text: str) -> None:
    assert all("hush" not in str(problem) for problem in mistakes(text))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"users": {"alice": {"password": 1234}}}, "users.alice.password"),
        ({"users": {"alice": {"disabled": "true"}}}, "users.alice.disabled"),
        ({"users": {"alice": {"claims": {"photo": b"x"}}}}, "users.alice.claims.photo"),
        ({"users": {"alice": {"claims": {"nan": [float("nan")]}}}}, "users.alice.claims.nan[0]"),
        ({"users": {"alice": {"claims": {"huge": 10**5000}}}}, "users.alice.claims.huge"),
        ({"users": {1: {}}}, "users"),
        ({"users": {"": {}}}, "users"),
        ({"issuers": {"main": {"lifetimes": {"session": 1.5}}}}, "issuers.main.lifetimes.session"),
        ({"issuers": {"main": {"lifetimes": {"session": True}}}}, "issuers.main.lifetimes.session"),
        ({"nope": {}}, "nope"),
    ],
)
def test_mistakes_in_a_mapping_from_python_have_a_path_and_no_line(data: dict[str, Any], path: str) -> None:
    with pytest.raises(SeedError) as caught:
        from_mapping(data)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (None, path)
    assert str(problem).startswith(f"<seed>: {path}: ")


def test_a_mapping_that_contains_itself_is_refused() -> None:
    data: dict[str, Any] = {}
    data["users"] = data
    with pytest.raises(SeedError, match="levels"):
        from_mapping(data)


@pytest.mark.parametrize("data", [[], "users: {}", None, 3])
def test_only_a_mapping_is_a_seed(data: Any) -> None:
    with pytest.raises(SeedError, match="mapping"):
        from_mapping(data)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nonsense", "PRIVATE KEY"),
        ("-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----", "PRIVATE KEY"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n-----END ENCRYPTED PRIVATE KEY-----", "decrypt"),
        ("-----BEGIN PRIVATE KEY----- MII -----END PRIVATE KEY-----", "|"),
        ('{"kty": "RSA", "n": "x", "e": "AQAB"}', "`d`"),
        ('{"kty": "RSA",', "JSON"),
        ('{"kty":' * 5000, "JSON"),
    ],
)
def test_what_is_no_private_key_is_refused_without_being_repeated(tmp_path: Path, key: str, words: str) -> None:
    (tmp_path / "key").write_text(key, encoding="utf-8")
    file = tmp_path / "seed.yaml"
    file.write_text(
        f"issuers:\n  a: {{signing_key: {json.dumps(key)}}}\n  b: {{signing_key_file: key}}", encoding="utf-8"
    )
    with pytest.raises(SeedError) as caught:
        load(file)
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (2, "issuers.a.signing_key"),
        (3, "issuers.b.signing_key_file"),
    ]
    assert all(words in problem.message and "MII" not in problem.message for problem in caught.value.problems)


def test_two_keys_of_one_issuer_are_refused(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text('{"kty": "oct", "d": "x"}', encoding="utf-8")
    file = tmp_path / "seed.yaml"
    file.write_text("issuers: {a: {signing_key: {kty: oct, d: x}, signing_key_file: key.json}}", encoding="utf-8")
    with pytest.raises(SeedError, match="signing_key_file: got a second value beside `signing_key`"):
        load(file)
