"""Redirect URIs: which may be registered, and which registered one a request matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devidp.oauth import redirect_uri

REGISTERED = "http://localhost/callback"

MATCHING = [
    (REGISTERED, "http://localhost/callback"),
    (REGISTERED, "http://localhost:1/callback"),
    (REGISTERED, "http://localhost:65535/callback"),
    ("http://localhost:3000/callback", "http://localhost:4000/callback"),
    ("http://localhost:3000/callback", "http://localhost/callback"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb"),
    ("http://[::1]/cb", "http://[::1]:51234/cb"),
    ("http://127.0.0.1/", "http://127.0.0.1:33418"),
    ("http://127.0.0.1", "http://127.0.0.1:33418/"),
    ("http://localhost/cb?a=1", "http://localhost:9/cb?a=1"),
    ("https://app.example/cb", "https://app.example/cb"),
    ("https://app.example:8443/cb?x=%20", "https://app.example:8443/cb?x=%20"),
    ("cursor://anysphere.cursor-mcp/oauth/callback", "cursor://anysphere.cursor-mcp/oauth/callback"),
    ("com.example.app:/oauth", "com.example.app:/oauth"),
]

DIFFERENT = [
    (REGISTERED, "http://localhost:5555/callback/"),
    (REGISTERED, "http://localhost:5555/Callback"),
    (REGISTERED, "http://localhost:5555/callback/../admin"),
    (REGISTERED, "http://localhost:5555/callback;x"),
    (REGISTERED, "http://localhost:5555/%63allback"),
    (REGISTERED, "http://localhost:5555/callback?x=1"),
    (REGISTERED, "http://localhost:5555/callback#x"),
    (REGISTERED, "http://localhost:5555/callback#"),
    (REGISTERED, "http://127.0.0.1:5555/callback"),
    (REGISTERED, "http://[::1]:5555/callback"),
    (REGISTERED, "https://localhost:5555/callback"),
    (REGISTERED, "http://localhost.:5555/callback"),
    (REGISTERED, "http://localhost.evil.example/callback"),
    (REGISTERED, "http://evil.example/callback"),
    (REGISTERED, "http://localhost@evil.example/callback"),
    (REGISTERED, "http://evil.example@localhost/callback"),
    (REGISTERED, "http://user:password@localhost:5555/callback"),
    (REGISTERED, "http://@localhost:5555/callback"),
    (REGISTERED, "http://localhost:5555@evil.example/callback"),
    (REGISTERED, "http://evil.example\\@localhost/callback"),
    (REGISTERED, "http://localhost\\.evil.example/callback"),
    (REGISTERED, "http://localhost:5555\\evil.example/callback"),
    (REGISTERED, "http://localhost:99999/callback"),
    (REGISTERED, "http://localhost:x/callback"),
    (REGISTERED, "http://localhost:5555/call\tback"),
    (REGISTERED, "http://localhost:5555/call\r\nback"),
    (REGISTERED, "http://localhost:5555/callback\r\nSet-Cookie: a=b"),
    (REGISTERED, "\x00http://localhost:5555/callback"),
    (REGISTERED, " http://localhost:5555/callback"),
    (REGISTERED, "http://localhost:5555/callback "),
    (REGISTERED, "http://local\nhost:5555/callback"),
    (REGISTERED, "http://ⓛocalhost:5555/callback"),
    (REGISTERED, "//localhost:5555/callback"),
    (REGISTERED, ""),
    ("http://127.0.0.1/cb", "http://127.0.0.2/cb"),
    ("http://127.0.0.1/cb", "http://127.1/cb"),
    ("http://127.0.0.1/cb", "http://2130706433/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
    ("http://[::1]/cb", "http://[::ffff:127.0.0.1]/cb"),
    ("http://localhost/cb?a=1", "http://localhost:9/cb?a=2"),
    ("http://localhost/cb?a=1", "http://localhost:9/cb"),
    ("https://app.example/cb", "https://app.example:443/cb"),
    ("https://app.example/cb", "https://APP.example/cb"),
    ("https://app.example/cb", "http://app.example/cb"),
    ("https://app.example/cb", "https://app.example/cb/"),
    ("https://localhost/cb", "https://localhost:8443/cb"),
    ("http://app.example/cb", "http://app.example:81/cb"),
    ("cursor://anysphere.cursor-mcp/oauth/callback", "cursor://anysphere.cursor-mcp/oauth/callback?x=1"),
    ("cursor://anysphere.cursor-mcp/oauth/callback", "cursor://evil/oauth/callback"),
    ("cursor://anysphere.cursor-mcp/oauth/callback", "CURSOR://anysphere.cursor-mcp/oauth/callback"),
]

REFUSED = {
    "javascript:alert(1)": "the scheme javascript: is not allowed",
    "JavaScript:alert(1)": "the scheme javascript: is not allowed",
    "data:text/html,x": "the scheme data: is not allowed",
    "vbscript:x": "the scheme vbscript: is not allowed",
    "file:///etc/passwd": "the scheme file: is not allowed",
    "blob:https://app.example/1": "the scheme blob: is not allowed",
    "about:blank": "the scheme about: is not allowed",
    "java\tscript:alert(1)": "it holds the character '\\t'",
    " https://app.example/": "it holds the character ' '",
    "https://app.example/\r\nX: y": "it holds the character '\\r'",
    "https://app.example/\x00": "it holds the character '\\x00'",
    "https://app.example/é": "it holds the character 'é'",
    "https://app.example/\ud800": "it holds the character",
    "https://app.example\\@evil.example/": "it holds the character '\\\\'",
    "https://app.example/<b>": "it holds the character '<'",
    "https://app.example/cb#x": "it has a fragment",
    "cursor://host/cb#x": "it has a fragment",
    "https://user@app.example/": "it holds a user name or password",
    "https://:@app.example/": "it holds a user name or password",
    "https:///cb": "it has no host",
    "http:cb": "it has no host",
    "https://[::1/cb": "it is not a URI",
    "https://app.example:port/": "it is not a URI",
    "https://app.example:99999/": "it is not a URI",
    "/callback": "it is not absolute",
    "callback": "it is not absolute",
    "//app.example/cb": "it is not absolute",
    "": "it is not absolute",
    "localhost:3000/callback": "its scheme is missing: it would be http://localhost:3000/callback",
    "app.example:8443": "its scheme is missing",
    "127.0.0.1:3000/cb": "its scheme is missing",
    "http:3000/cb": "it has no host",
    "myapp:": "nothing follows the scheme",
}

ACCEPTED = [
    "https://app.example/cb",
    "http://app.example:8080/cb?a=b&c",
    "http://idp:9000/cb",
    "http://localhost",
    "http://[::1]:3000/",
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "com.example.app:/oauth2redirect",
    "vscode://vscode.github-authentication/did-authenticate?windowId=1",
    "my.app+x-1:callback",
    "my.app:/3000",
    "my.app:3000x",
]


@pytest.mark.parametrize(("registered", "requested"), MATCHING)
def test_a_request_matches_its_registered_uri(registered: str, requested: str) -> None:
    assert redirect_uri.find(["https://other.example/", registered], requested) == registered


@pytest.mark.parametrize(("registered", "requested"), DIFFERENT)
def test_whatever_differs_in_more_than_a_loopback_port_does_not_match(registered: str, requested: str) -> None:
    assert redirect_uri.find([registered], requested) is None


@pytest.mark.parametrize(("uri", "why"), REFUSED.items())
def test_a_dangerous_or_malformed_uri_cannot_be_registered(uri: str, why: str) -> None:
    assert why in (redirect_uri.problem(uri) or "nothing was wrong")


@pytest.mark.parametrize("uri", ACCEPTED)
def test_web_and_private_use_uris_can_be_registered(uri: str) -> None:
    assert redirect_uri.problem(uri) is None


@given(st.text(), st.sampled_from([REGISTERED, "http://[::1]/cb", "http://127.0.0.1/cb?a=b", "app:/cb"]))
def test_what_matches_could_itself_be_registered(text: str, registered: str) -> None:
    for requested in (text, registered + text, text + registered, registered.replace("/c", f":1{text}/c")):
        if redirect_uri.matches(registered, requested):
            assert redirect_uri.problem(requested) is None


def test_an_answer_is_added_to_a_query_that_is_already_there() -> None:
    assert redirect_uri.with_query("app:/cb", {"code": "a b"}) == "app:/cb?code=a+b"
    assert redirect_uri.with_query("app:/cb?x=%20&y", {"code": "c"}) == "app:/cb?x=%20&y&code=c"
