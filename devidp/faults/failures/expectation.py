"""What a client has to do where an answer is wrong, and who gets what where it does not.

``refuse``: stop. Nothing may be sent to the endpoints that use what was answered, and the client may not end well.
``ignore``: go on and succeed. ``retry``: it happens once; try again and succeed. ``report``: nothing can succeed; end
with an error, after few requests. ``avoid``: tell nothing to where the answer leads; both going on without it and
ending with an error are right. ``either``: both going on and ending with an error are right. In each case a client may
neither repeat the same request for ever nor hang.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

Duty = Literal["refuse", "ignore", "retry", "report", "avoid", "either"]
Severity = Literal["advice", "low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Of a client that meets a failure."""

    duty: Duty
    severity: Severity = "low"
    """Of a client that does otherwise."""
    topic: str = "errors"
    """Key of the remedies: what the client lacks."""
    why: str = ""
    """The consequence: who can do what because of it."""


refuse: Final = partial(Expectation, "refuse")
ignore: Final = partial(Expectation, "ignore")
retry: Final = partial(Expectation, "retry")
report: Final = partial(Expectation, "report")
avoid: Final = partial(Expectation, "avoid")
EITHER: Final = Expectation("either")

UNNOTICED: Final = "Whoever uses it does not learn what is wrong, and believes that it worked"
TOO_STRICT: Final = "Issuers that do what the specification allows cannot be used"
BUSY: Final = "An issuer that is busy or restarted for a second ends the work of the user"
IN_USE: Final = "Issuers that are in use cannot be used"
"""Reasons of several failures."""
