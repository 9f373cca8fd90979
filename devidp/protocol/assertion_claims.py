"""The claims of an assertion beside its signer: audience, lifetime and a single use (RFC 7523)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.oauth.endpoints import CLIENT_AUTHENTICATION
from devidp.oauth.errors import OAuthError, Problem, as_text, quoted
from devidp.protocol.client_keys import LEEWAY, NotVerified, check_times
from devidp.protocol.single_use import SingleUse

MAX_LIFETIME = 3600
MAX_JTI = 255


def check(
    issuer: Issuer,
    claims: dict[str, Any],
    signer: str,
    refusal: Callable[[Problem], OAuthError],
    *,
    jti_needed: bool = True,
) -> SingleUse | None:
    """The id in verified ``claims`` of ``signer``; raises Problem where they do not count here.

    Where the id was used before, the ``refusal`` of that problem is raised, now or when it is used up.
    """
    # its audience is the issuer, or the endpoint that it is sent to
    endpoints = (url for name in CLIENT_AUTHENTICATION for url in issuer.urls_of(name))
    check_audience(claims.get("aud"), (*spellings(issuer.urls), *endpoints))
    expires_at = _expiry(issuer.clock.now(), claims)
    jti = claims.get("jti")
    if jti is None and not jti_needed:
        return None
    if not isinstance(jti, str) or not 1 <= len(jti) <= MAX_JTI:
        raise NotVerified(f"jti is {quoted(jti)}", f"Give each assertion an id of its own, up to {MAX_JTI} characters")
    used = SingleUse(
        f"assertion\0{signer}\0{jti}",
        expires_at + LEEWAY,
        refusal(Problem(f"an assertion with the jti {quoted(jti)} was used before", "Sign a new one for each request")),
    )
    used.check(issuer)
    return used


def spellings(urls: Iterable[str]) -> tuple[str, ...]:
    """Each of ``urls``, and with or without the slash at its end, in which libraries differ."""
    return tuple(spelling for url in urls for spelling in (url, url.rstrip("/") if url.endswith("/") else f"{url}/"))


def check_audience(audience: Any, expected: tuple[str, ...]) -> None:
    named = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    if named not in expected:
        raise NotVerified(
            f"aud is {quoted(audience)}, expected {expected[0]} alone",
            "Set aud to the issuer, character by character",
            got=as_text(audience),
            expected=expected[:1],
        )


def _expiry(now: float, claims: dict[str, Any]) -> int:
    """The second at which the assertion expires."""
    if "exp" not in claims:
        raise NotVerified("exp is missing", "Let the assertion expire within a few minutes")
    check_times(now, claims)
    lifetime = claims["exp"] - now
    if lifetime > MAX_LIFETIME + LEEWAY:
        raise NotVerified(
            f"it lives {lifetime:.0f} s from now, at most {MAX_LIFETIME} are accepted", "Set an earlier exp"
        )
    return int(claims["exp"])
