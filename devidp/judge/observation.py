"""What was seen of one attempt, at devidp, at the MCP server, at the foreign origin and at the browser."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from devidp.judge.journal import Visit
from devidp.judge.provider import Asked
from devidp.judge.turn import End

ENDPOINTS = ("register", "par", "device_authorization", "authorize", "token", "userinfo")
"""The way of a login after the metadata."""
USED_AT = {
    "discovery": ENDPOINTS,
    "register": ENDPOINTS[1:],
    "par": ("authorize", "token"),
    "device_authorization": ("token",),
    "authorize": ("token",),
}
"""Where a client uses what an endpoint has answered; a token, where the client ends well."""


@dataclass(frozen=True, slots=True)
class Observation:
    asked: tuple[Asked, ...]
    """What came to devidp."""
    visits: tuple[Visit, ...]
    """What came elsewhere."""
    end: End
    admitted: int
    """How often the MCP server said yes to a token."""
    happened: bool
    """Whether the client came to what was wrong."""
    opened: tuple[str, ...] = ()
    """What the browser was told to open and did not: neither devidp nor the foreign origin."""
    stuck: str = ""
    """Why the browser never came back to the client; the client could only wait."""

    @property
    def places(self) -> frozenset[str]:
        """The endpoints of devidp that were asked."""
        return frozenset(each.place for each in self.asked)

    @property
    def trapped(self) -> tuple[Visit, ...]:
        return tuple(each for each in self.visits if each.place == "trap")

    def succeeded(self, *, oidc: bool) -> bool:
        """Whether the client got what it wanted."""
        if self.end.error or self.end.timed_out:
            return False
        got_token = any(each.place == "token" and each.status == 200 for each in self.asked)
        return got_token if oidc else self.admitted > 0

    def beyond(self, place: str) -> list[Asked]:
        """What was asked of later endpoints of a login since an answer of ``place`` was spoilt."""
        spoilt = next((number for number, each in enumerate(self.asked) if each.spoilt_by), None)
        if spoilt is None:
            spoilt = next((number for number, each in enumerate(self.asked) if each.place == place), None)
        if spoilt is None:
            return []
        return [each for each in self.asked[spoilt + 1 :] if each.place in USED_AT.get(place, ())]

    def sent(self, parameter: str) -> bool:
        """Whether an authorization request had it."""
        return any(parameter in each.parameters or parameter in each.sent for each in self.asked)

    def busiest(self) -> tuple[str, int]:
        """What was asked most often, and how often: ``POST /default/token``."""
        counted = Counter(each.line for each in self.asked)
        counted.update(each.line for each in self.visits if each.place != "browser")
        return next(iter(counted.most_common(1)), ("", 0))

    @property
    def logins(self) -> int:
        """How often a user was asked to log in."""
        return sum(each.place == "browser" for each in self.visits)
