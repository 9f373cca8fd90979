"""Makes requests out of live values, good values, odd values and random bytes.

Every choice is one of the given ``Random``: a seed makes the same requests again, hypothesis can shrink them.
"""

from __future__ import annotations

import io
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, urlencode

from tests.fuzz import words
from tests.fuzz.live import Live
from tests.fuzz.targets import Target

LARGE = 1_000_000
ONE_OF_MANY = 137
SHOWN = 300
"""Characters of a value, where a defect is reported."""
TELLING = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE")


@dataclass(frozen=True, slots=True)
class Made:
    """A request, and what it is meant for."""

    target: Target
    environ: dict[str, Any]
    body: bytes

    def shown(self) -> str:
        told = {name: str(value)[:SHOWN] for name, value in self.environ.items() if name in TELLING or "HTTP" in name}
        return f"{self.target.name} {told} {self.body[:SHOWN]!r}"


class Maker:
    """Requests to ``target``."""

    def __init__(self, random: Random, live: Live) -> None:
        self._random = random
        self._live = live

    def make(self, target: Target) -> Made:
        pick = self._random
        method = pick.choice([*target.methods] * 4 + [pick.choice(words.METHODS)])
        sends_json = bool(target.members) or target.name.startswith(("register", "client-conf"))
        content_type = words.JSON if sends_json and pick.random() < 0.8 else pick.choice(words.TYPES)
        body = self._json(target) if content_type == words.JSON or pick.random() < 0.02 else self._pairs(target)
        if pick.randrange(500) == ONE_OF_MANY:
            body += b"&state=" + b"x" * LARGE
        query = self._pairs(target) if method not in ("POST", "PATCH", "PUT") or pick.random() < 0.2 else b""
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": self._path(target), "QUERY_STRING": query.decode("latin-1"),
            "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "localhost", "SERVER_PORT": "6749", "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": "localhost:6749", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "HTTP_COOKIE": self._live.cookie,
        }  # fmt: skip
        environ |= {f"HTTP_{name}": self._header() for name in self._few(words.HEADERS)}
        if not target.members and pick.random() < 0.5:
            environ["HTTP_AUTHORIZATION"] = self._authorization()
        return Made(target, environ, body)

    def _few(self, names: list[str]) -> list[str]:
        return [self._random.choice(names) for _ in range(self._random.choice([0, 0, 0, 1, 2]))]

    def _path(self, target: Target) -> str:
        pick = self._random
        if target.path.startswith("/_devidp") or target.path in ("/", "/health"):
            segment, path = "", target.path
        else:
            segment, path = "/default" if pick.random() < 0.85 else pick.choice(words.SEGMENTS), target.path
        if "{" in path:
            front, _, rest = path.partition("{")
            path = front + self._text() + rest.partition("}")[2]
        return segment + path + (pick.choice(["/", "//x", "/../..", ";a", "\0"]) if pick.random() < 0.02 else "")

    def _text(self) -> str:
        return self._random.choice([*words.GOOD, *(odd.decode("latin-1") for odd in words.ODD)])

    def _pairs(self, target: Target) -> bytes:
        whole, count = [], self._random.choice([0, 1, 2, 3, 5, 8, 12])
        if target.name in words.WHOLE and self._random.random() < 0.5:
            whole, count = self._whole(words.WHOLE[target.name]), self._random.choice([0, 0, 1, 2])
        return b"&".join([*whole, *(self._pair(target) for _ in range(count))])

    def _whole(self, parameters: Mapping[str, str]) -> list[bytes]:
        filled = {name: value or self._random.choice(self._live.values[name]) for name, value in parameters.items()}
        return [urlencode({name: value}).encode() for name, value in filled.items()]

    def _pair(self, target: Target) -> bytes:
        name = self._random.choice([*target.members] or words.NAMES)
        live = self._live.values.get(name)
        value = self._random.choice(live).encode() if live and self._random.random() < 0.6 else self._value()
        return name.encode() + self._random.choice([b""] * 9 + [b"[]", b"[0]", b"%00"]) + b"=" + value

    def _value(self) -> bytes:
        choice = self._random.random()
        if choice < 0.6:
            return quote_from_bytes(self._random.choice(words.GOOD).encode()).encode()
        if choice < 0.7:
            return self._jwt().encode()
        raw = self._random.choice(words.ODD) if choice < 0.95 else self._random.randbytes(self._random.randrange(20))
        return raw if self._random.random() < 0.2 else quote_from_bytes(raw).encode()

    def _header(self) -> str:
        return self._random.choice([self._text(), self._jwt()])

    def _authorization(self) -> str:
        pick = self._random
        basic = b64encode(pick.choice(words.CREDENTIALS)).decode()
        access = pick.choice([*self._live.values.get("access_token", ()), self._jwt()])
        scheme = pick.choice(["Basic", "basic", "Bearer", "DPoP", "Digest", ""])
        return f"{scheme} {pick.choice([basic, basic, access, access, self._text()])}".strip()

    def _jwt(self) -> str:
        return ".".join(self._segment() for _ in range(self._random.choice([3, 3, 3, 3, 2, 5, 1])))

    def _segment(self) -> str:
        content = self._random.choice([*words.PARTS_OF_TOKENS, self._random.randbytes(8)])
        return urlsafe_b64encode(content).rstrip(b"=").decode()

    def _json(self, target: Target) -> bytes:
        pick, names = self._random, [*target.members] or words.MEMBERS
        members = {pick.choice(names): self._json_value(0) for _ in range(pick.randrange(6))}
        if not target.members and pick.random() < 0.7:
            members = dict(parse_qsl(self._pairs(target).decode("latin-1")))
        if target.name in words.WHOLE_JSON and pick.random() < 0.3:
            members = {**words.WHOLE_JSON[target.name], **(members if pick.random() < 0.5 else {})}
        text = json.dumps(pick.choice([members, members, members, [members], None, 1]))
        if pick.random() < 0.1:
            text = text.replace("{", '{"scope":"openid","scope":1,', 1)
        return text.encode() + (b"\xff" if pick.random() < 0.02 else b"")

    def _json_value(self, depth: int) -> Any:
        pick = self._random
        leaf = pick.choice([pick.choice(words.GOOD), pick.choice(words.LEAVES)])
        if depth > 3 or pick.random() < 0.6:
            return leaf
        inner = [self._json_value(depth + 1) for _ in range(pick.randrange(4))]
        return inner if pick.random() < 0.6 else {str(number): value for number, value in enumerate(inner)}
