"""The signing keys of an issuer."""

from __future__ import annotations

from typing import Literal

from devidp.web.api.operation import Body, OperationCall, Result, operation
from devidp.web.control import ControlError
from devidp.web.control.keys import KeyInfo


class OfIssuer(Body):
    """Which issuer is meant: its name or URL; the first one without it."""

    issuer: str | None = None


class KeyChange(OfIssuer):
    """What is to be done with the keys."""

    action: Literal["rotate", "retire", "hide", "publish", "renew"]
    kid: str | None = None
    """The key that is to be retired, hidden or published."""
    overlap: bool = True
    """Whether the old key stays in the JWK Set when it is rotated."""
    publish: bool = True
    """Whether the new key is in the JWK Set at once."""


class Key(Result):
    """A key, without its private part."""

    kid: str
    algorithm: str
    state: str
    published: bool


class Keys(Result):
    """The keys, the newest first."""

    keys: list[Key]


def _shown(keys: tuple[KeyInfo, ...]) -> Keys:
    return Keys(
        keys=[Key(kid=each.kid, algorithm=each.algorithm, state=each.state, published=each.published) for each in keys]
    )


@operation("GET", "/keys", OfIssuer, Keys)
def show(call: OperationCall[OfIssuer]) -> Keys:
    """List the keys of an issuer."""
    return _shown(call.control.keys.list(call.body.issuer))


@operation("POST", "/keys", KeyChange, Keys)
def change(call: OperationCall[KeyChange]) -> Keys:
    """Rotate, retire, hide, publish or renew keys."""
    wanted, keys = call.body, call.control.keys
    if wanted.action == "rotate":
        keys.rotate(wanted.issuer, overlap=wanted.overlap, publish=wanted.publish)
    elif wanted.action == "renew":
        keys.renew(wanted.issuer)
    elif wanted.kid is None:
        raise ControlError(f"kid is missing: the key to {wanted.action}")
    else:
        {"retire": keys.retire, "hide": keys.hide, "publish": keys.publish}[wanted.action](wanted.kid, wanted.issuer)
    return _shown(keys.list(wanted.issuer))
