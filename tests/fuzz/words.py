"""Out of what requests are made: names, values that mean something, and values that nobody would send."""

from __future__ import annotations

from typing import Any

from tests.flow import CHALLENGE, MCP, REDIRECT_URI, VERIFIER

NAMES = [
    "grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "scope",
    "resource", "audience", "token", "token_type_hint", "access_token", "response_type", "state", "nonce", "prompt",
    "max_age", "login_hint", "code_challenge", "code_challenge_method", "response_mode", "request", "request_uri",
    "claims", "transaction", "username", "password", "login_as", "decision", "client_assertion", "device_code",
    "client_assertion_type", "user_code", "id_token_hint", "post_logout_redirect_uri", "subject_token",
    "subject_token_type", "assertion", "requested_token_type", "logout_hint", "ui_locales", "acr_values", "dpop_jkt",
    "actor_token", "actor_token_type",
]  # fmt: skip
MEMBERS = [
    "redirect_uris", "token_endpoint_auth_method", "grant_types", "response_types", "client_name", "scope", "contacts",
    "jwks", "application_type", "client_uri", "default_max_age", "post_logout_redirect_uris", "client_id",
    "backchannel_logout_uri", "request_uris", "subject_type", "software_statement", "logo_uri", "client_secret",
]  # fmt: skip
GOOD = [
    "authorization_code", "refresh_token", "client_credentials", "web", "spa", "service", "web-secret", "code", "query",
    "openid mcp:read", REDIRECT_URI, CHALLENGE, VERIFIER, "S256", "none", "login", "allow", "alice", "e30.e30.e30",
    "code id_token", "form_post", "fragment", "urn:ietf:params:oauth:grant-type:device_code", "bob", "deny", "0", "1",
    "urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", MCP, '{"userinfo":{"a":null}}', "default", "enterprise",
    "urn:ietf:params:oauth:request_uri:x", "web:mcp", "en de", "urn:ietf:params:oauth:token-type:access_token",
    "expired", "server_error", "advance", "freeze", "rotate", "5m", "token", "*",
]  # fmt: skip
ODD = [
    b"", b"\0", b'"', b"'\"\\<>&", b"\r\nX-Injected: 1", "é😀\u202e\ud7ff".encode(), b"%", b"%00", b"%zz", b"{}", b"[]",
    b"null", b"-1", b"9" * 400, b" ", b"\xff\xfe", b"\xed\xa0\x80", b"../../etc/passwd", b"//evil.example/x",
    b"javascript:alert(1)", b"http://localhost:5555/callback@evil.example", b"a" * 5000, b"1e999", b"0x10", b"+", b"\t",
    b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"100000000d",
]  # fmt: skip
SEGMENTS = ["/enterprise"] * 6 + [
    "", "/nobody", "/default/", "//default", "/%2e%2e/default", "/default/..", "/é", "/default\0",
]  # fmt: skip
METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "NONSENSE"]
HEADERS = ["DPOP", "COOKIE", "ORIGIN", "ACCEPT", "IF_NONE_MATCH", "HOST", "FORWARDED", "X_FORWARDED_HOST", "RANGE"]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = [FORM, FORM, FORM, JSON, "text/plain", "multipart/form-data; boundary=x", f"{FORM}; charset=utf-16", "", "\xff"]
LEAVES = [None, True, -1, 0, 1e308, "\0", "\ud800", "é", "https://example.test/x", 10**30]
PARTS_OF_TOKENS = [
    b"{}", b"[]", b"null", b'{"alg":"none"}', b'{"alg":"RS256","kid":[]}', b'{"alg":"RS256","typ":"at+jwt"}',
    b'{"iss":1,"exp":"x"}', b'{"alg":"RS256","crit":["x"]}', b'{"a":' + b"[" * 300 + b"]" * 300 + b"}",
    b'{"alg":"RS256","alg":"none"}', b'{"alg":"HS256","b64":false}', b"",
    b'{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC"}}', b'{"exp":1e400,"iat":null,"aud":[1]}',
]  # fmt: skip
CREDENTIALS = [b"web:web-secret", b"service:service-secret", b"web:wrong", b":", b"\xff:\xff", b"web"]

_REQUEST = {
    "response_type": "code", "client_id": "web", "redirect_uri": REDIRECT_URI, "scope": "openid mcp:read", "state": "s",
    "code_challenge": CHALLENGE, "code_challenge_method": "S256",
}  # fmt: skip
REFRESH = {"grant_type": "refresh_token", "refresh_token": ""}
WHOLE: dict[str, dict[str, str]] = {
    "authorize": _REQUEST, "par": _REQUEST, "token": REFRESH, "introspect": {"token": ""}, "revoke": {"token": ""},
    "login": {"transaction": "", "login_as": "alice"}, "device": {"transaction": "", "user_code": ""},
    "consent": {"transaction": "", "decision": "allow", "scope": "openid"}, "logout": {"id_token_hint": ""},
    "device-login": {"transaction": "", "username": "alice", "password": "alice"},
    "device-consent": {"transaction": "", "decision": "allow"}, "device_authorization": {"scope": "openid"},
    "logout-confirm": {"transaction": ""}, "userinfo": {"access_token": ""},
}  # fmt: skip
"""Requests that are complete, by endpoint; an empty value is to be a live one."""

WHOLE_JSON: dict[str, dict[str, Any]] = {
    "post-users": {"username": "zoe", "password": "zoe"},
    "post-clients": {"client_id": "app", "public": True, "redirect_uris": ["http://localhost:5555/callback"]},
    "post-arm": {"fault": "expired"},
    "post-failures": {"endpoint": "jwks", "failure": "keys-empty"},
}
"""What an operation of the control API accepts as it is."""
