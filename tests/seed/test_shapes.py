"""Mistakes in the shapes of tokens are named where they stand."""

from __future__ import annotations

import pytest

from tests.seed.reading import mistake

SHAPE = "issuers:\n  main:\n    {key}:\n      {line}\n"


@pytest.mark.parametrize(
    ("line", "path", "said"),
    [
        ("typ: jwt", "typ", "did you mean 'JWT'?"),
        ("header: {}", "header", "there is no key 'header' here"),
        ("drop: [iss]", "drop[0]", "every token keeps iss: it is the URL of the issuer"),
        ("drop: [exp]", "drop[0]", "follows from `lifetimes`; one without it is a fault"),
        ("rename: {iat: issued}", "rename.iat", "every token keeps iat"),
        ("rename: {client_id: sub}", "rename.client_id", "got 'sub', a claim that tokens have"),
        ("rename: {a: x, b: x}", "rename.b", "got 'x', the new name of another claim, too"),
        ("drop: [aud]\n      rename: {aud: x}", "rename.aud", "`drop` leaves this claim out"),
        ("claims: [a]", "claims", "expected a mapping of claims"),
        ("claims: {exp: 1}", "claims.exp", "no shape sets exp: it follows from `lifetimes`"),
        ("claims: {cnf: {jkt: a}}", "claims.cnf", "no shape sets cnf"),
        ("claims: {at_hash: a}", "claims.at_hash", "no shape sets at_hash"),
        ("drop: [a]\n      claims: {a: 1}", "claims.a", "`drop` leaves this claim out"),
        ("rename: {aud: x}\n      claims: {x: 1}", "claims.x", "`rename` sets this claim already"),
        ("claims: {n: 010}", "claims.n", "put it in quotes"),
        ('claims: {a: "{client}"}', "claims.a", "'client' is no placeholder"),
        ('claims: {a: "{clientid}"}', "claims.a", "did you mean 'client_id'?"),
        ('claims: {a: {b: ["{sub|usr.x}"]}}', "claims.a.b[0]", "'usr.x' is no placeholder"),
        ('claims: {a: "{user.}"}', "claims.a", "user.CLAIM"),
        ('claims: {a: "{}"}', "claims.a", "'' is no placeholder"),
        ('claims: {a: "a { b"}', "claims.a", "write {{ for one that is text"),
        ('claims: {a: "a } b"}', "claims.a", "write }} for one that is text"),
        ("claims: {a: {client_id}}", "claims.a", 'put the template in quotes: "{client_id}"'),
        ('claims: {a: {"{sup}": 1}}', 'claims.a["{sup}"]', "did you mean 'sub'?"),
        ("cases: [{claims: {a: 1}}]", "cases[0].when", "got nothing, expected a mapping with keys of: grant"),
        (
            "cases: [{when: {}, claims: {a: 1}}]",
            "cases[0].when",
            "got nothing, expected a mapping with keys of: grant, scope",
        ),
        ("cases: [{when: {grant: client}}]", "cases[0].when.grant[0]", "expected one of: authorization_code"),
        ("cases: [{when: {scope: [openid, admin]}}]", "cases[0].when.scope[1]", "has no scope of this name"),
        ("cases: [{when: {client: app}}]", "cases[0].when.client[0]", "has no client of this name"),
        ("cases: [{when: {resource: api}}]", "cases[0].when.resource[0]", "has no resource of this name"),
        ("cases: [{when: {user: alice}}]", "cases[0].when.user", "expected true or false"),
        ("cases: [{when: {user: true}, claims: {iss: x}}]", "cases[0].claims.iss", "no shape sets iss"),
    ],
)
@pytest.mark.parametrize("key", ["access_token", "id_token"])
def test_a_mistake_in_a_shape(key: str, line: str, path: str, said: str) -> None:
    problem = mistake(SHAPE.format(key=key, line=line))
    assert problem.path == f"issuers.main.{key}.{path}"
    assert problem.line == 4 + line.count("\n")
    assert said in problem.message


def test_userinfo_has_neither_a_header_nor_a_grant() -> None:
    assert "no key 'typ'" in mistake(SHAPE.format(key="userinfo", line="typ: JWT")).message
    case = "cases: [{when: {grant: password}}]"
    assert "UserInfo does not know the grant" in mistake(SHAPE.format(key="userinfo", line=case)).message


def test_a_lifetime_is_told_from_a_shape() -> None:
    assert "did you mean 'lifetimes.id_token'?" in mistake("issuers: {main: {id_token: 5m}}").message


def test_the_shape_of_a_client_names_no_client() -> None:
    text = "clients:\n  a:\n    public: true\n    redirect_uris: [http://localhost/]\n    {}\n"
    shape = "access_token: {cases: [{when: {client: a}}]}"
    problem = mistake(text.replace("{}", shape))
    assert (problem.line, problem.path) == (5, "clients.a.access_token.cases[0].when.client")


def test_scopes_of_openid_connect_may_be_named_in_any_seed() -> None:
    case = "cases: [{when: {scope: [openid, offline_access]}}]\n"
    seed = SHAPE.format(key="id_token", line=case) + "scopes: {a: a}\npolicy: [{deny: [admin]}]"
    assert mistake(seed).path == "policy[0].deny[0]"
