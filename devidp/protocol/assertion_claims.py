"""What an assertion must say beside who it is from: for whom, until when, and that it counts once (RFC 7523)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import OAuthError, quoted
from devidp.protocol.client_keys import NotVerified
from devidp.protocol.single_use import SingleUse

LEEWAY = 60
"""Seconds by which the clock of a signer may be wrong."""
MAX_LIFETIME = 3600
MAX_JTI = 255


def check(
    issuer: Issuer,
    claims: dict[str, Any],
    signer: str,
    refusal: Callable[[str, str], OAuthError],
    *,
    jti_needed: bool = True,
) -> SingleUse | None:
    """The id in verified ``claims`` of ``signer``; raises NotVerified where they do not count here.

    Where the id came before, the ``refusal`` of a reason and a remedy is raised, now or when it is used up.
    """
    check_audience(claims.get("aud"), audiences(issuer))
    expires_at = check_times(issuer.clock.now(), claims)
    jti = claims.get("jti")
    if jti is None and not jti_needed:
        return None
    if not isinstance(jti, str) or not 1 <= len(jti) <= MAX_JTI:
        raise NotVerified(f"jti is {quoted(jti)}", f"Give each assertion an id of its own, up to {MAX_JTI} characters")
    came_before = f"an assertion with the jti {quoted(jti)} came before"
    used = SingleUse(
        f"assertion\0{signer}\0{jti}",
        int(expires_at) + LEEWAY,
        refusal(came_before, "Sign a new one for each request"),
    )
    used.check(issuer)
    return used


def audiences(issuer: Issuer) -> tuple[str, ...]:
    """What an assertion for this server may be addressed to: the issuer, or the endpoint that it is sent to."""
    bases = [issuer.url]
    if issuer.backchannel_url is not None:
        bases.append(f"{issuer.backchannel_url}{issuer.settings.path}")
    paths = ("", "/", "/token", "/introspect", "/revoke", "/par", "/device_authorization")
    return tuple(f"{base}{path}" for base in bases for path in paths)


def check_audience(audience: Any, expected: tuple[str, ...]) -> None:
    named = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    if named not in expected:
        raise NotVerified(
            f"aud is {quoted(audience)}, expected {expected[0]} alone",
            "Set aud to the issuer, character by character",
        )


def check_times(now: float, claims: dict[str, Any]) -> float:
    """The instant at which the assertion expires."""
    times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    for name, value in times.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
            raise NotVerified(f"{name} is {quoted(value)}", f"Send {name} as seconds since the epoch, a number")
    if "exp" not in times:
        raise NotVerified("exp is missing", "Let the assertion expire within a few minutes")
    if times["exp"] <= now - LEEWAY:
        raise NotVerified(f"it expired {now - times['exp']:.0f} s ago", "Sign a new one each time; compare clocks")
    if times["exp"] > now + MAX_LIFETIME + LEEWAY:
        raise NotVerified(
            f"it lives {times['exp'] - now:.0f} s from now, at most {MAX_LIFETIME} are accepted", "Set an earlier exp"
        )
    for name in ("nbf", "iat"):
        if times.get(name, now) > now + LEEWAY:
            raise NotVerified(f"its {name} is {times[name] - now:.0f} s in the future", "Compare the clocks")
    return float(times["exp"])
