"""What to mint, parsed from keywords or JSON. Nothing in a request is ignored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from devidp.faults import MintRefused, TokenType, unknown
from devidp.oauth.errors import quoted
from devidp.system import durations

KeyName = Literal["active", "retired", "unpublished", "foreign"]


@dataclass(frozen=True, slots=True)
class MintRequest:
    """A token to be minted. What is ``None`` or empty is left to the issuer."""

    user: str | Mapping[str, Any] | None = None
    """A name, or the claims of somebody whom the seed does not have, ``sub`` among them."""
    client: str | None = None
    scope: str | None = None
    audience: tuple[str, ...] = ()
    resource: tuple[str, ...] = ()
    """What an ID-JAG is good for at its audience; another name of ``audience`` for other tokens."""
    free: bool = False
    """Take user, client, audience and scope as they stand, whatever the seed knows and allows."""
    lifetime: int | None = None
    """Seconds; one that is not positive has passed."""
    not_before: int | None = None
    """Seconds from now until the token becomes valid."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Claims to set, whatever they were."""
    drop: tuple[str, ...] = ()
    """Names of claims to leave out."""
    header: Mapping[str, Any] = field(default_factory=dict)
    """Header parameters to set."""
    drop_header: tuple[str, ...] = ()
    """Names of header parameters to leave out."""
    key: str = field(default="active", repr=False)
    """One of ``KeyName``, or a private key as PEM or JWK."""
    token_type: TokenType | None = None
    """``None``: the default of the fault, or an access token."""
    fault: tuple[str, ...] = ()


def parse(fields: Mapping[str, Any]) -> MintRequest:
    """The request in keywords or a JSON object; raises MintRefused for an unknown name or a value of the wrong kind.

    ``resource`` is another name of ``audience`` but for an ID-JAG, which has both; a list may be one string; durations
    are seconds or ``15m``.
    """
    present = {name: value for name, value in fields.items() if value is not None}
    for name in present:
        if name not in _READERS:
            raise unknown("parameter", name, _READERS, "Correct the name, or leave it out")
    request = MintRequest(**{name: _READERS[name](name, value) for name, value in present.items()})
    for claim, parameter in (("exp", "lifetime"), ("nbf", "not_before"), ("aud", "audience"), ("scope", "scope")):
        if getattr(request, parameter) not in (None, ()) and (claim in request.claims or claim in request.drop):
            raise _conflict(parameter, f"claims or drop with {claim}")
    if request.resource and request.token_type != "id-jag" and ("aud" in request.claims or "aud" in request.drop):
        raise _conflict("resource", "claims or drop with aud")
    for claim in request.drop:
        if claim in request.claims:
            raise _conflict(f"claims with {claim}", f"drop with {claim}")
    for name in request.drop_header:
        if name in request.header:
            raise _conflict(f"header with {name}", f"drop_header with {name}")
    return request


def for_type(request: MintRequest, token_type: TokenType) -> MintRequest:
    """``request`` for a token of this type; raises MintRefused where it says what such a token does not have."""
    request = replace(request, token_type=token_type)
    if token_type == "client-assertion":
        refused = [name for name in ("user", "scope", "resource") if getattr(request, name)]
        if refused:
            raise MintRefused(
                f"A client assertion speaks for the client alone and has no {' and no '.join(refused)}",
                remedy="Leave them out",
            )
    if token_type == "logout" and (
        refused := [name for name in ("scope", "audience", "resource") if getattr(request, name)]
    ):
        raise MintRefused(
            f"A logout token tells its client of the end of a session and has no {' and no '.join(refused)} of its own",
            remedy="Leave them out, or set aud with claims",
        )
    if token_type == "id-jag" or not request.resource:
        return request
    if request.audience not in ((), request.resource):
        raise _conflict("resource", "audience")
    return replace(request, audience=request.resource, resource=())


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
    """A duration, which has passed where a minus is before it."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _wrong(name, value, durations.EXPECTED)
    text = str(value).strip()
    try:
        return -durations.parse(text[1:]) if text.startswith("-") else durations.parse(text)
    except ValueError as error:
        raise MintRefused(f"{name}: {error}", remedy=f"Send {name} as a duration") from None


def _user(name: str, value: Any) -> str | Mapping[str, Any]:
    if not isinstance(value, Mapping):
        return _text(name, value)
    claims = _members(name, value)
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise MintRefused(
            f"{name} has the claims {', '.join(claims) or 'none'}, expected sub among them, as a non-empty string",
            remedy="Add sub, or send the name of a user of the seed",
        )
    return claims


def _key(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return json.dumps(_members(name, value))
    text = _text(name, value).strip()
    if text.startswith(("{", "-----BEGIN")):
        return text
    return _one_of(get_args(KeyName), "a private key as PEM or JWK")(name, text)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _one_of(options: tuple[str, ...], other: str = "") -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value not in options:
            raise unknown(name, str(value), options, f"Or send {other}" if other else "")
        return str(value)

    return read


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "user": _user,
    "client": _text,
    "scope": lambda name, value: value if isinstance(value, str) else " ".join(_texts(name, value)),
    "audience": _texts,
    "resource": _texts,
    "free": _flag,
    "lifetime": _seconds,
    "not_before": _seconds,
    "claims": _members,
    "drop": _texts,
    "header": _members,
    "drop_header": _texts,
    "key": _key,
    "token_type": _one_of(get_args(TokenType)),
    "fault": _texts,
}
PARAMETERS: tuple[str, ...] = tuple(_READERS)
"""The names that ``parse`` takes."""
