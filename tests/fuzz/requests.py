"""Makes requests out of good values, odd values and random bytes; the same seed makes the same requests."""

from __future__ import annotations

import io
import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from devidp.endpoints import ENDPOINTS
from tests.flow import CHALLENGE, REDIRECT_URI, VERIFIER

NAMES = [
    "grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "scope",
    "resource", "audience", "token", "token_type_hint", "access_token", "response_type", "state", "nonce", "prompt",
    "max_age", "login_hint", "code_challenge", "code_challenge_method", "response_mode", "request", "request_uri",
    "claims", "transaction", "username", "password", "login_as", "decision", "client_assertion", "device_code",
    "client_assertion_type", "user_code", "id_token_hint", "post_logout_redirect_uri", "subject_token",
    "subject_token_type", "assertion", "requested_token_type", "logout_hint", "ui_locales", "acr_values", "dpop_jkt",
]  # fmt: skip
MEMBERS = [
    "redirect_uris", "token_endpoint_auth_method", "grant_types", "response_types", "client_name", "scope", "contacts",
    "jwks", "application_type", "client_uri", "default_max_age", "post_logout_redirect_uris", "client_id",
    "backchannel_logout_uri", "request_uris", "subject_type", "software_statement", "logo_uri",
]  # fmt: skip
GOOD = [
    "authorization_code", "refresh_token", "client_credentials", "web", "spa", "service", "web-secret", "code", "query",
    "openid mcp:read", REDIRECT_URI, CHALLENGE, VERIFIER, "S256", "none", "login", "allow", "alice", "e30.e30.e30",
    "code id_token", "form_post", "fragment", "urn:ietf:params:oauth:grant-type:device_code", "bob", "deny", "0", "1",
    "urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "http://localhost:8000/mcp", '{"userinfo":{"a":null}}',
    "urn:ietf:params:oauth:request_uri:x", "web:mcp", "en de",
]  # fmt: skip
ODD = [
    b"", b"\0", b'"', b"'\"\\<>&", b"\r\nX-Injected: 1", "é😀\u202e\ud7ff".encode(), b"%", b"%00", b"%zz", b"{}", b"[]",
    b"null", b"-1", b"9" * 400, b" ", b"\xff\xfe", b"\xed\xa0\x80", b"../../etc/passwd", b"//evil.example/x",
    b"javascript:alert(1)", b"http://localhost:5555/callback@evil.example", b"a" * 5000, b"1e999", b"0x10", b"+", b"\t",
]  # fmt: skip
SEGMENTS = ["/default", "", "/nobody", "/default/", "//default", "/%2e%2e/default", "/default/..", "/é", "/default\0"]
METHODS = ["GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "NONSENSE"]
HEADERS = ["DPOP", "COOKIE", "ORIGIN", "ACCEPT", "IF_NONE_MATCH", "HOST", "FORWARDED", "X_FORWARDED_HOST", "RANGE"]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = [FORM, FORM, FORM, JSON, "text/plain", "multipart/form-data; boundary=x", f"{FORM}; charset=utf-16", "", "\xff"]
LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """A request, and the name of the endpoint that it is meant for."""

    endpoint: str
    environ: dict[str, Any]


class Maker:
    """An endless supply of requests."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def make(self) -> Made:
        pick = self._random
        each = pick.choice(list(ENDPOINTS.values()))
        method = pick.choice([*each.methods, *each.methods, pick.choice(METHODS)])
        segment = "/default" if pick.random() < 0.9 else pick.choice(SEGMENTS)
        content_type = pick.choice(TYPES)
        body = self._json() if content_type == JSON or pick.random() < 0.02 else self._pairs()
        if pick.random() < 0.002:
            body += b"&state=" + b"x" * LARGE
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": segment + each.path,
            "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
            "QUERY_STRING": self._pairs().decode("latin-1") if method != "POST" or pick.random() < 0.2 else "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "6749", "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": "localhost:6749", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        environ |= {f"HTTP_{name}": self._header() for name in pick.sample(HEADERS, pick.choice([0, 0, 0, 1, 2]))}
        if pick.random() < 0.5:
            environ["HTTP_AUTHORIZATION"] = self._authorization()
        return Made(each.name, environ)

    def _pairs(self) -> bytes:
        count = self._random.choice([0, 1, 2, 3, 5, 8, 12])
        return b"&".join(self._name() + b"=" + self._value() for _ in range(count))

    def _name(self) -> bytes:
        name = self._random.choice(NAMES).encode()
        return name + self._random.choice([b"", b"", b"", b"", b"", b"", b"", b"[]", b"[0]", b"%00"])

    def _value(self) -> bytes:
        choice = self._random.random()
        if choice < 0.6:
            return quote_from_bytes(self._random.choice(GOOD).encode()).encode()
        if choice < 0.7:
            return self._jwt().encode()
        raw = self._random.choice(ODD) if choice < 0.95 else self._random.randbytes(self._random.randrange(20))
        return raw if self._random.random() < 0.2 else quote_from_bytes(raw).encode()

    def _header(self) -> str:
        return self._random.choice([*GOOD, *(odd.decode("latin-1") for odd in ODD)])

    def _authorization(self) -> str:
        pick = self._random
        basic = pick.choice([b"web:web-secret", b"service:service-secret", b"web:wrong", b":", b"\xff:\xff", b"web"])
        return pick.choice(
            [f"Basic {b64encode(basic).decode()}", f"Bearer {self._jwt()}", f"DPoP {self._jwt()}", self._header(),
             f"Basic {self._header()}", "Basic", "Bearer", f"basic {b64encode(b'service:service-secret').decode()}"]
        )  # fmt: skip

    def _jwt(self) -> str:
        parts = [self._segment() for _ in range(self._random.choice([3, 3, 3, 3, 2, 5, 1]))]
        return ".".join(parts)

    def _segment(self) -> str:
        pick = self._random
        content = pick.choice(
            [b"{}", b"[]", b"null", b'{"alg":"none"}', b'{"alg":"RS256","kid":[]}', b'{"alg":"RS256","typ":"at+jwt"}',
             b'{"iss":1,"exp":"x"}', b'{"alg":"RS256","crit":["x"]}', b'{"a":' + b"[" * 300 + b"]" * 300 + b"}",
             b'{"alg":"RS256","alg":"none"}', pick.randbytes(8), b'{"alg":"HS256","b64":false}', b""]
        )  # fmt: skip
        return urlsafe_b64encode(content).rstrip(b"=").decode()

    def _json(self) -> bytes:
        members = {self._random.choice(MEMBERS): self._json_value(0) for _ in range(self._random.randrange(6))}
        text = json.dumps(self._random.choice([members, members, members, [members], None, 1]))
        if self._random.random() < 0.1:
            text = text.replace("{", '{"scope":"openid","scope":1,', 1)
        return text.encode() + (b"\xff" if self._random.random() < 0.02 else b"")

    def _json_value(self, depth: int) -> Any:
        pick = self._random
        leaf = pick.choice([*GOOD, None, True, -1, 1e308, "\0", "\ud800", "é", "https://example.test/x", 10**30])
        if depth > 3 or pick.random() < 0.5:
            return leaf
        inner = [self._json_value(depth + 1) for _ in range(pick.randrange(4))]
        return inner if pick.random() < 0.6 else {str(number): value for number, value in enumerate(inner)}
