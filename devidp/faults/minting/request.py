"""What to mint, parsed from keywords or JSON. Nothing in a request is ignored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from devidp.faults import MintRefused, TokenType, unknown
from devidp.oauth.errors import quoted
from devidp.system import durations

KeyName = Literal["active", "retired", "unpublished", "foreign"]


@dataclass(frozen=True, slots=True)
class MintRequest:
    """A token to be minted. What is ``None`` or empty is left to the issuer."""

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
    """``None``: the default of the fault, or an access token."""
    fault: str | None = None


def parse(fields: Mapping[str, Any]) -> MintRequest:
    """The request in keywords or a JSON object; raises MintRefused for an unknown name or a value of the wrong kind.

    ``resource`` is another name of ``audience``; both take a string or a list; durations are seconds or ``15m``.
    """
    present = {name: value for name, value in fields.items() if value is not None}
    for name in present:
        if name not in _READERS:
            raise unknown("parameter", name, _READERS, "Correct the name, or leave it out")
    if "resource" in present and present.setdefault("audience", present["resource"]) != present["resource"]:
        raise _conflict("resource", "audience")
    present.pop("resource", None)
    request = MintRequest(**{name: _READERS[name](name, value) for name, value in present.items()})
    for claim, parameter in (("exp", "lifetime"), ("nbf", "not_before"), ("aud", "audience"), ("scope", "scope")):
        if getattr(request, parameter) not in (None, ()) and (claim in request.claims or claim in request.drop):
            raise _conflict(parameter, f"claims or drop with {claim}")
    for claim in request.drop:
        if claim in request.claims:
            raise _conflict(f"claims with {claim}", f"drop with {claim}")
    return request


def _conflict(one: str, other: str) -> MintRefused:
    return MintRefused(f"{one} and {other} contradict each other", remedy="Send one of them")


def _wrong(name: str, value: object, expected: str) -> MintRefused:
    return MintRefused(f"{name}: got {quoted(value)}, expected {expected}", remedy=f"Send {name} as {expected}")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(name, value, "a non-empty string")
    return value


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
        raise MintRefused(f"{name}: got 0, expected at least 1s", remedy="Or leave it out and use the fault expired")
    return seconds


def _one_of(options: tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value not in options:
            raise unknown(name, str(value), options)
        return str(value)

    return read


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "user": _text,
    "client": _text,
    "scope": lambda name, value: value if isinstance(value, str) else " ".join(_texts(name, value)),
    "audience": _texts,
    "resource": _texts,
    "lifetime": _lifetime,
    "not_before": _seconds,
    "claims": _members,
    "drop": _texts,
    "header": _members,
    "key": _one_of(get_args(KeyName)),
    "token_type": _one_of(get_args(TokenType)),
    "fault": _text,
}
PARAMETERS: tuple[str, ...] = tuple(_READERS)
"""The names that ``parse`` takes."""
