"""Claims of users: any JSON, except what only the issuer may say.

A scalar without quotes that YAML 1.1, YAML 1.2 and its reader could take for different values is refused, since the
claim would not be the one that was meant.
"""

from __future__ import annotations

import re
from typing import Any

from yaml.resolver import Resolver

from devidp.oauth.names import STANDARD_CLAIMS
from devidp.seed.fields import FALSE, TRUE, flag
from devidp.seed.problems import Finding, Place, Refused, describe
from devidp.seed.values import Plain

RESERVED = frozenset(
    {
        "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope", "azp", "nonce", "auth_time", "at_hash",
        "c_hash", "s_hash", "sid", "act", "may_act", "cnf", "active", "token_type",
    }
)  # fmt: skip
"""Claims that the issuer sets (RFC 7519 section 4.1, RFC 9068 section 2.2, OpenID Connect Core section 2)."""

BOOLEAN = frozenset({"email_verified", "phone_number_verified"})
TEXT = frozenset(name for names in STANDARD_CLAIMS.values() for name in names) - BOOLEAN - {"updated_at"}
"""Standard claims that are text; ``address`` has text inside (OpenID Connect Core section 5.1)."""

_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float"))
_NEWER_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+")
"""Numbers of YAML 1.2 (section 10.3.2), some of which are text in YAML 1.1."""


def user_claims(value: object) -> dict[str, Any]:
    """The claims of a user as JSON; raises Refused with every claim that may not be."""
    if not isinstance(value, dict):
        raise Refused(f"{describe(value)}, expected a mapping of claims, such as `email: alice@acme.example`")
    reader = _Reader()
    result = {name: reader.claim(name, content) for name, content in value.items()}
    if reader.findings:
        raise Refused(*reader.findings)
    return result


def read_json(value: object) -> tuple[Any, list[Finding]]:
    """``value`` as JSON has it, and what in it could be read in two ways."""
    reader = _Reader()
    return reader.json(value, (), as_text=False), reader.findings


def problem_with_name(name: str) -> str | None:
    """Why the claim ``name`` may not be given, or ``None`` where it may."""
    if name == "sub":
        return "the claim sub comes from the key `sub` of the user; move it there"
    return f"the claim {name} is set by the issuer; remove it" if name in RESERVED else None


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def claim(self, name: str, value: object) -> object:
        if why := problem_with_name(name):
            self.findings.append(((name,), why))
        elif name in BOOLEAN and isinstance(value, Plain) and value.lower() in TRUE | FALSE:
            return flag(value)
        return self.json(value, (name,), as_text=name in TEXT)

    def json(self, value: object, place: Place, *, as_text: bool) -> object:
        if isinstance(value, dict):
            return {name: self.json(item, (*place, name), as_text=as_text) for name, item in value.items()}
        if isinstance(value, list):
            return [self.json(item, (*place, index), as_text=as_text) for index, item in enumerate(value)]
        if isinstance(value, Plain):
            return str(value) if as_text else self._interpret(value, place)
        return value

    def _interpret(self, value: Plain, place: Place) -> object:
        try:
            return scalar(value)
        except Refused as error:
            self.findings.append((place, str(error)))
            return None


def scalar(value: Plain) -> str | bool | int | float:
    """A scalar without quotes as JSON has it; raises Refused where it could be read in two ways."""
    written = str(value)
    if written.lower() in ("true", "false"):
        return written.lower() == "true"
    if not (_is_special_in_yaml_1_1(written) or _NEWER_NUMBER.fullmatch(written)):
        return written
    for number in (int, float):
        try:
            read = number(written)
        except ValueError:
            continue
        if str(read) == written and written.strip("-")[0].isdigit():
            return read
    raise Refused(
        f"{describe(value)}, which readers of YAML take for different values; put it in quotes{_or_write(written)}"
    )


def _is_special_in_yaml_1_1(written: str) -> bool:
    rules = Resolver.yaml_implicit_resolvers.get(written[:1], [])
    return any(tag in _TAGS and pattern.match(written) for tag, pattern in rules)


def _or_write(written: str) -> str:
    if written.lower() in TRUE | FALSE:
        return f", or write {str(written.lower() in TRUE).lower()}"
    try:
        return f", or write {float(written)}" if "." in written and written[-1].isdigit() else ""
    except ValueError:
        return ""
