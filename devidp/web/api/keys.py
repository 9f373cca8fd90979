"""The signing keys of an issuer."""

from __future__ import annotations

from typing import Any, Literal

from devidp.web.api.operation import Body, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError

TAKES = {"rotate": ("overlap", "publish"), "renew": ()}
"""What an action takes beside the issuer; the others take a ``kid``."""


class OfIssuer(Body):
    """Which issuer is meant: its name or URL; the first one without it."""

    issuer: str | None = None


class KeyChange(OfIssuer):
    """What is to be done with the keys."""

    action: Literal["rotate", "activate", "retire", "hide", "publish", "delete", "renew"]
    kid: str | None = None
    """The key that is meant; ``rotate`` and ``renew`` take none."""
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
    created_at: int | None
    """In seconds since the epoch; null: nobody knows, as of a key of the seed."""


class Keys(Result):
    """The keys, the newest first."""

    keys: list[Key]


@operation(OfIssuer, Keys)
def show(control: Controller, query: OfIssuer) -> Any:
    """List the keys of an issuer."""
    return {"keys": control.keys.list(query.issuer)}


@operation(KeyChange, Keys)
def change(control: Controller, body: KeyChange) -> Any:
    """Rotate, activate, retire, hide, publish, delete or renew keys."""
    keys = control.keys
    for name, value in body.keywords().items():
        if value is not None and name not in ("action", "issuer", *TAKES.get(body.action, ("kid",))):
            raise ControlError(f"got {name}, but {body.action} takes none; leave it out")
    if body.action == "rotate":
        keys.rotate(body.issuer, overlap=body.overlap, publish=body.publish)
    elif body.action == "renew":
        keys.renew(body.issuer)
    elif body.kid is None:
        raise ControlError(f"kid is missing: the key to {body.action}")
    else:
        getattr(keys, body.action)(body.kid, body.issuer)
    return {"keys": keys.list(body.issuer)}
