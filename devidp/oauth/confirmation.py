"""The key that a token is bound to, in its claim ``cnf`` (RFC 7800 section 3.1, RFC 9449 section 6.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from devidp.oauth.errors import Problem, quoted

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


def is_thumbprint(text: str) -> bool:
    """Whether ``text`` can be the SHA-256 thumbprint of a key (RFC 7638 section 3)."""
    return _THUMBPRINT.fullmatch(text) is not None


def thumbprint(claims: Mapping[str, Any]) -> str | None:
    """The thumbprint of the key; ``None`` for a bearer token. Raises Problem where nothing here can prove the key."""
    if "cnf" not in claims:
        return None
    confirmed = claims["cnf"]
    jkt = confirmed.get("jkt") if isinstance(confirmed, dict) else None
    if not isinstance(jkt, str) or len(confirmed) > 1:
        raise Problem(f"its cnf is {quoted(confirmed)}, expected jkt alone", "Bind it to a DPoP key, or to none")
    return jkt
