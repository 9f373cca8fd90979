"""What was sent and what came back, without what opens a door: tokens, codes, secrets, cookies."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode

HIDDEN = "<redacted>"
CREDENTIALS = (
    "authorization", "proxy-authorization", "x-authorization", "x-access-token", "x-auth-token",
    "x-forwarded-access-token",
)  # fmt: skip
"""Headers in which a token may be."""
LONGEST_HEADER = 300
"""Characters of the header of a JWT."""
_MEMBERS = (
    "(?:access|refresh|id|logout|subject|actor|registration_access)[_-]?token|token|id_token_hint|device_code|user_code|"
    "(?:client[_-]?)?assertion|code_verifier|passwd|j?session(?:[_-]?id)?|phpsessid|sig|signature|"
    "[a-z0-9_-]{0,40}(?:secret(?:[_-]?key)?|password|api[_-]?key|subscription[_-]?key)"
)
"""Without ``code``, which in JSON is that of an error."""
_JWT = re.compile(r"(?<![\w.-])(e[yw][\w-]{6,})\.[\w-]*(?:\.[\w-]*)*")
_CLAIMS = re.compile(r"(?<![\w-])[\w-]*\.e[yw][\w-]{16,}(?:\.[\w-]*)*")
"""What is a JWT but for its header."""
_MEMBER = re.compile(rf'(?i)("(?:{_MEMBERS})"\s*:\s*)"(?:[^"\\]|\\.)*"?')
_PARAMETER = re.compile(rf"(?i)(?<![\w-])((?:code|{_MEMBERS})=)(?!<)[^\s&;,\"'<>]+")
_OPTION = re.compile(rf"(?i)((?<!\S)--?(?:{_MEMBERS})\s+)[^\s<{{]\S*")
"""Of a command; what is in braces is put there by the judge."""
_TELLING = re.compile(r"(?i)(?<![a-z])(?:secret|token|key|password|session|credentials?|signature)(?![a-z])")
"""Names of headers."""
_SCHEME = re.compile(r"(?i)\b((?:bearer|dpop|token)\s+)[\w.~+/=-]{16,}")
_BASIC = re.compile(r"(?i)\b(basic\s+)[\w.~+/=-]+")
_LONG = re.compile(r"[\w.~+/=-]{16,}")
_COOKIE = re.compile(r"(^|;\s*)([^=;,\s]+)=[^;]*")
_ATTRIBUTES = {"path", "domain", "expires", "max-age", "samesite"}


def text(shown: str) -> str:
    """``shown`` with its secrets hidden; of a JWT its header stays, which says what was wrong with it."""
    shown = _CLAIMS.sub(HIDDEN, _JWT.sub(_of_jwt, shown))
    shown = _MEMBER.sub(rf'\1"{HIDDEN}"', shown)
    shown = _PARAMETER.sub(rf"\1{HIDDEN}", shown)
    shown = _OPTION.sub(rf"\1{HIDDEN}", shown)
    return _BASIC.sub(rf"\1{HIDDEN}", _SCHEME.sub(rf"\1{HIDDEN}", shown))


def header(name: str, value: str) -> str:
    """The value of a header of this name."""
    match name.lower():
        case known if known in CREDENTIALS:
            return _credentials(value)
        case "cookie" | "set-cookie":
            return _COOKIE.sub(_of_cookie, value)
        case known if _TELLING.search(known):
            return text(value) if _JWT.search(value) else HIDDEN
        case _:
            return text(value)


def _credentials(value: str) -> str:
    """JWTs keep their headers, and other long words nothing."""
    parts = re.split(r"(<JWT [^>]*>)", text(value))
    return "".join(part if part.startswith("<JWT ") else _LONG.sub(HIDDEN, part) for part in parts)


def _of_jwt(found: re.Match[str]) -> str:
    encoded = found[1]
    try:
        decoded = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError):
        return HIDDEN
    if not isinstance(decoded, dict):
        return HIDDEN
    shown = json.dumps(decoded, separators=(",", ":")).replace(">", r"\u003e")
    return f"<JWT {shown if len(shown) <= LONGEST_HEADER else shown[:LONGEST_HEADER] + '…'}>"


def _of_cookie(found: re.Match[str]) -> str:
    return found[0] if found[2].lower() in _ATTRIBUTES else f"{found[1]}{found[2]}={HIDDEN}"
