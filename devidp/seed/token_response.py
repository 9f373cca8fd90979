"""Members that a seed adds to the answer of the token endpoint."""

from __future__ import annotations

from typing import Annotated, Any

from devidp.oauth.names import TOKEN_RESPONSE
from devidp.seed.fields import Before
from devidp.seed.shape import templated

_FIXED = {
    name: f"{name} is set by the endpoint (RFC 6749 section 5.1); a wrong one is a failure (docs/failures.md)"
    for name in TOKEN_RESPONSE
}


def _members(value: object) -> dict[str, Any]:
    return templated(value, 'members, such as `session_state: "{sid}"`', _FIXED)


TokenResponse = Annotated[dict[str, Any], Before(_members)]
