"""What a minted token should be like, and reading that from keywords or JSON. Nothing that was asked for is ignored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from devidp.faults import MintRefused, TokenType, unknown
from devidp.oauth.errors import quoted
from devidp.system import durations

KeyName = Literal["active", "retired", "unpublished", "foreign"]
KEYS: tuple[KeyName, ...] = get_args(KeyName)
TOKEN_TYPES: tuple[TokenType, ...] = get_args(TokenType)


@dataclass(frozen=True, slots=True)
class MintRequest:
    """A token to be made. What is ``None`` or empty is as the issuer would have it."""

    user: str | None = None
    client: str | None = None
    scope: str | None = None
    audience: tuple[str, ...] = ()
    lifetime: int | None = None
    """Seconds."""
    not_before: int | None = None
    """Seconds from now until the token becomes valid."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Claims to set, whatever they were."""
    drop: tuple[str, ...] = ()
    """Names of claims to leave out."""
    header: Mapping[str, Any] = field(default_factory=dict)
    """Header parameters to set."""
    key: KeyName = "active"
    token_type: TokenType | None = None
    """``None``: the type that the fault is meant for, or an access token."""
    fault: str | None = None


def parse(fields: Mapping[str, Any]) -> MintRequest:
    """The request in keywords or a JSON object; raises MintRefused for an unknown name or a value of the wrong kind.

    ``resource`` is another name of ``audience``; both take a string or a list; durations are seconds or ``15m``.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    for name in given:
        if name not in _READERS:
            raise unknown("parameter", name, _READERS, "Correct the name, or leave it out")
    if "resource" in given and given.setdefault("audience", given["resource"]) != given["resource"]:
        raise _conflict("resource", "audience")
    given.pop("resource", None)
    request = MintRequest(**{name: _READERS[name](name, value) for name, value in given.items()})
    _check_conflicts(request)
    return request


def _check_conflicts(request: MintRequest) -> None:
    said = {
        "exp": ("lifetime", request.lifetime is not None),
        "nbf": ("not_before", request.not_before is not None),
        "aud": ("audience", bool(request.audience)),
        "scope": ("scope", request.scope is not None),
    }
    for claim, (parameter, given) in said.items():
        if given and (claim in request.claims or claim in request.drop):
            raise _conflict(parameter, f"claims or drop with {claim}")
    for claim in request.drop:
        if claim in request.claims:
            raise _conflict(f"claims with {claim}", f"drop with {claim}")


def _conflict(one: str, other: str) -> MintRefused:
    return MintRefused(f"{one} and {other} say two things about one", remedy="Send one of them")


def _wrong(name: str, value: object, expected: str) -> MintRefused:
    return MintRefused(f"{name} is {quoted(value)}, expected {expected}", remedy=f"Send {name} as {expected}")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(name, value, "a string that is not empty")
    return value


def _scope(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    return " ".join(_texts(name, value))


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) and each for each in values):
        raise _wrong(name, value, "a string or a list of strings")
    return tuple(values)


def _members(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value):
        raise _wrong(name, value, "an object of names and values")
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise MintRefused(f"{name} cannot be written as JSON: {error}", remedy="Use JSON values") from None
    return dict(value)


def _seconds(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _wrong(name, value, durations.EXPECTED)
    try:
        return durations.parse(value)
    except ValueError as error:
        raise MintRefused(f"{name}: {error}", remedy=f"Send {name} as a duration") from None


def _lifetime(name: str, value: Any) -> int:
    seconds = _seconds(name, value)
    if seconds == 0:
        raise MintRefused(f"{name} is 0", remedy="Give it a second at least, or use the fault expired")
    return seconds


def _key(name: str, value: Any) -> KeyName:
    found = next((key for key in KEYS if key == value), None)
    if found is None:
        raise unknown(name, str(value), KEYS)
    return found


def _token_type(name: str, value: Any) -> TokenType:
    found = next((each for each in TOKEN_TYPES if each == value), None)
    if found is None:
        raise unknown(name, str(value), TOKEN_TYPES)
    return found


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "user": _text,
    "client": _text,
    "scope": _scope,
    "audience": _texts,
    "resource": _texts,
    "lifetime": _lifetime,
    "not_before": _seconds,
    "claims": _members,
    "drop": _texts,
    "header": _members,
    "key": _key,
    "token_type": _token_type,
    "fault": _text,
}
PARAMETERS: tuple[str, ...] = tuple(_READERS)
"""The names that ``parse`` takes."""
