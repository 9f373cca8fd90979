"""Addresses of issuers and their endpoints, as a seed may say them."""

from __future__ import annotations

import pytest

from devidp import seed


def mistakes(text: str) -> list[str]:
    with pytest.raises(seed.SeedError) as caught:
        seed.loads(text)
    return [f"{problem.line} {problem.path}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{path: /a, url: https://idp.example.test}", "either says where the issuer is"),
        ("{url: idp.example.test/x}", "a URL with its scheme and host"),
        ("{url: 'https://idp.example.test/x?y'}", "has a query"),
        ("{url: https://IDP.example.test/x}", "'https://idp.example.test/x'; write it like this"),
        ("{url: https://idp.example.test:443/x}", "'https://idp.example.test/x'; write it like this"),
        ("{url: https://idp.example.test//x}", "single slashes"),
        ("{url: https://me:secret@idp.example.test/x}", "carries credentials"),
        ("{url: https://idp.example.test/_devidp/x}", "reserved name"),
        ("{url: /health}", "reserved name"),
        ("{path: /a/../b}", "single slashes"),
        ("{endpoints: [token]}", "expected a mapping such as"),
        ("{endpoints: {tokn: /x}}", "did you mean 'token'"),
        ("{endpoints: {consent: /x}}", "no endpoint that can be moved"),
        ("{endpoints: {token: }}", "got nothing"),
        ("{endpoints: {token: []}}", "got an empty list"),
        ("{endpoints: {token: /}}", "where the landing page is"),
        ("{endpoints: {token: '/x<y>'}}", "expected path segments"),
        ("{endpoints: {token: [/x, /_devidp/y]}}", "reserved name"),
        ("{endpoints: {token: /x, userinfo: /x/}}", "would be at '/x"),
        ("{follow_host: idp, url: https://idp.example.test}", "names its host"),
        ("{follow_host: ['http://idp']}", "without scheme or port"),
        ("{follow_host: {a: b}}", "expected true or false"),
        ("{metadata: {token_endpoint: https://a.example}}", "move the endpoint under `endpoints`, as `token: /…`"),
        ("{metadata: {grant_types_supported: []}}", "change what it says in the seed"),
        ("{metadata: {x: 1_0}}", "put it in quotes"),
        ("{metadata: []}", "expected a mapping such as"),
    ],
)
def test_what_cannot_be_an_address_is_refused(text: str, words: str) -> None:
    found = mistakes(f"issuers:\n  main: {text}\n")
    assert len(found) == 1
    assert words in found[0]
    assert found[0].startswith("2 issuers.main")


CONFLICTS = """\
issuers:
  one:
    path: /a
    endpoints:
      token: /oauth2/token
  two:
    path: {path}
    endpoints:
      authorize: {authorize}
"""


@pytest.mark.parametrize(
    ("path", "authorize", "line", "words"),
    [
        ("/b", "/oauth2/token", "9 issuers.two.endpoints.authorize", "token of the issuer 'one' is already (line 5)"),
        ("/a/authorize", "x", "7 issuers.two.path", "authorize of the issuer 'one' is already (line 3)"),
        ("/a/", "x", "7 issuers.two.path", "that of the issuer 'one' already (line 3)"),
        ("/b", "/.well-known/openid-configuration/a", "9 issuers.two.endpoints.authorize", "'one' is already (line 3)"),
    ],
)
def test_two_issuers_at_one_address_are_refused_with_both_lines(
    path: str, authorize: str, line: str, words: str
) -> None:
    found = mistakes(CONFLICTS.format(path=path, authorize=authorize))
    assert len(found) == 1
    assert found[0].startswith(line)
    assert words in found[0]


def test_two_issuers_of_a_profile_that_says_the_address_are_refused_at_their_own_lines() -> None:
    text = "issuers:\n  a:\n    profile: auth0\n  b:\n    profile: auth0\n"
    (found,) = mistakes(text)
    assert found.startswith("5 issuers.b.profile")
    assert found.endswith("that of the issuer 'a' already (line 3); give one of them another `path`")
    assert len(seed.loads(f"{text}    path: /b\n").issuers) == 2


def test_issuers_on_hosts_of_their_own_may_have_the_same_paths() -> None:
    found = seed.loads(
        "issuers: {a: {url: https://a.example.test}, b: {url: https://b.example.test}, c: {path: /}, d: {path: /d}}"
    )
    assert len(found.issuers) == 4
