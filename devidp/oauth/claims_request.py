"""The claims parameter: claims that a request names one by one (OpenID Connect Core section 5.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from devidp.oauth import ijson
from devidp.oauth.errors import InvalidRequest, quoted

SECTION = "OpenID Connect Core section 5.5"


class RequestedClaim(NamedTuple):
    """What a request says of one claim; empty ``values``: any value will do."""

    essential: bool = False
    values: tuple[Any, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The values that could be those of a claim that is always text."""
        return tuple(value for value in self.values if isinstance(value, str))


@dataclass(frozen=True, slots=True)
class ClaimsRequest:
    """The requested claims, by where they are returned."""

    id_token: Mapping[str, RequestedClaim] = field(default_factory=dict)
    userinfo: Mapping[str, RequestedClaim] = field(default_factory=dict)

    def requested(self, claim: str) -> RequestedClaim:
        """What the request says of a claim of the login itself, such as ``sub`` and ``acr``."""
        return self.id_token.get(claim) or self.userinfo.get(claim) or RequestedClaim()


def parse(text: str | None) -> ClaimsRequest:
    """The claims request in ``text``; raises InvalidRequest where it is malformed."""
    if text is None:
        return ClaimsRequest()
    try:
        document = ijson.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise _malformed(f"is {quoted(text)}, expected an object")
    # section 5.5: other members are not understood here, and ignored
    return ClaimsRequest(_member(document, "id_token"), _member(document, "userinfo"))


def _member(document: dict[str, Any], name: str) -> dict[str, RequestedClaim]:
    member = document.get(name)
    if member is None:
        return {}
    if not isinstance(member, dict):
        raise _malformed(f"has {quoted(json.dumps(member))} as {name}, expected an object")
    return {claim: _requested(f"{name}.{claim}", value) for claim, value in member.items()}


def _requested(place: str, value: object) -> RequestedClaim:
    if value is None:
        return RequestedClaim()
    if not isinstance(value, dict):
        raise _malformed(f"has {quoted(json.dumps(value))} at {place}, expected null or an object")
    essential, values = value.get("essential", False), value.get("values", [])
    if not isinstance(essential, bool):
        raise _malformed(f"has {quoted(json.dumps(essential))} at {place}.essential, expected true or false")
    if not isinstance(values, list):
        raise _malformed(f"has {quoted(json.dumps(values))} at {place}.values, expected an array")
    return RequestedClaim(essential, (value["value"],) if "value" in value else tuple(values))


def _malformed(what: str) -> InvalidRequest:
    return InvalidRequest(
        f"The parameter 'claims' {what}",
        remedy='Send JSON such as {"userinfo": {"email": {"essential": true}}, "id_token": {"acr": null}}',
        section=SECTION,
    )
