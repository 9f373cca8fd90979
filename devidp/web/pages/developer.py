"""What a page shows to a developer: the request with what becomes of each parameter, and answers to try out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import Markup

from devidp.oauth.parameters import Parameters
from devidp.protocol.explanation import Explained
from devidp.web.pages.environment import brief

VARYING: Final = ("state", "nonce", "code_challenge", "dpop_jkt")
"""Parameters that are others in every request: a page that is kept has places for them."""


class Trial(NamedTuple):
    """An answer that can be sent to the client by hand: the name of an error or of a failure."""

    name: str
    meaning: str
    section: str


@dataclass(frozen=True, slots=True)
class Developer:
    """What a developer finds on a page. What is not compared follows from what is, so that a page can be kept."""

    key: Hashable
    """What ``explain`` depends on."""
    explain: Callable[[], tuple[Explained, ...]] = field(compare=False)
    parameters: Parameters = field(compare=False)
    source: str = ""
    """How the parameters came."""
    errors: tuple[Trial, ...] = field(default=(), compare=False)
    failures: tuple[Trial, ...] = field(default=(), compare=False)
    """What can be wrong with the answer."""
    chosen: str = ""
    """The failure that the answer to this request will have."""
    once: bool = False
    """Whether a trial ends what it tries."""

    def places(self) -> Mapping[str, Markup]:
        """The values that differ from request to request."""
        return {name: brief(self.parameters[name]) for name in VARYING if name in self.parameters}

    @property
    def wrong(self) -> Trial | None:
        return next((each for each in self.failures if each.name == self.chosen), None)


def constant(parameters: Parameters) -> Hashable:
    """What of ``parameters`` is the same in each request of an application."""
    return tuple((name, "" if name in VARYING else parameters.all(name)) for name in parameters)
