"""The URL under which clients know devidp."""

from __future__ import annotations

from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller


class PublicUrlChange(Body):
    """The new one."""

    url: str | None
    """The base of the issuers, as clients see it; null for that of the start."""


class PublicUrl(Result):
    """Where clients are to find the issuers."""

    url: str
    issuers: list[str]
    """The identifiers of the issuers."""


@operation(Nothing, PublicUrl)
def show(control: Controller, _: Nothing) -> PublicUrl:
    """Say under which URL clients know devidp, and its issuers."""
    return PublicUrl(url=control.public_url, issuers=[issuer.url for issuer in control.runtime.issuers])


@operation(PublicUrlChange, PublicUrl)
def change(control: Controller, body: PublicUrlChange) -> PublicUrl:
    """Set the URL under which clients know devidp: for ports and names that are known once it runs."""
    control.set_public_url(body.url)
    return show(control, Nothing())
