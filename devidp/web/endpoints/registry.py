"""What an endpoint is: its address, and what metadata, CORS and dispatch have to know of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, NamedTuple

from devidp.oauth.endpoints import MEMBERS, PATHS

if TYPE_CHECKING:
    from devidp.issuer.issuer import Issuer
    from devidp.protocol import Server
    from devidp.web.context import Context
    from devidp.web.response import Response

View = Callable[["Server", "Context"], "Response"]


@cache
def _resolve(target: str) -> View:
    view: View = resolve_name(f"devidp.web.endpoints.{target}")
    return view


class Endpoint(NamedTuple):
    """What is at an address of each issuer: below it, or where the seed has moved it."""

    name: str
    methods: tuple[str, ...]
    target: str
    """``file:function`` below ``devidp.web.endpoints``: the view."""
    feature: str = ""
    """The feature or grant of the issuer that it belongs to; empty where it is always there."""
    grant: str = ""
    """The grant that it needs beside the feature."""
    json: bool = False
    """Whether it takes its parameters as JSON too, where the issuer does (``json_requests``)."""
    cors: bool = False
    """Whether a web page of another origin may call it, without credentials."""
    page: bool = False
    """Whether people see its errors, as pages."""
    frontchannel: bool = False
    """Whether browsers are sent to it, so that it stays on the public URL."""

    @property
    def path(self) -> str:
        """Where it is below its issuer, unless it is moved."""
        return PATHS[self.name]

    @property
    def metadata(self) -> str:
        """Its member of the metadata; empty where it has none."""
        return MEMBERS.get(self.name, "")

    @property
    def view(self) -> View:
        """The function that answers; its module is imported at the first call."""
        return _resolve(self.target)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The methods that are answered: HEAD with GET, and OPTIONS for pages of another origin."""
        head = ("HEAD",) if "GET" in self.methods else ()
        return (*self.methods, *head, *(("OPTIONS",) if self.cors else ()))

    def enabled(self, issuer: Issuer) -> bool:
        settings = issuer.settings
        needed = (name for name in (self.feature, self.grant) if name)
        return all(name in settings.features or name in settings.grants for name in needed)
