"""How strong a login is: its methods in the words of RFC 8176, and the class that they reach.

One password or one click is one factor. ``mfa`` among the methods says that there was a second one.
"""

from __future__ import annotations

from collections.abc import Iterable

from devidp.models import IssuerSettings, User
from devidp.models.accounts import SecondFactor

MULTI_FACTOR = "mfa"
SECOND_FACTORS: dict[SecondFactor, tuple[str, ...]] = {
    "none": (),
    "totp": ("otp", MULTI_FACTOR),
    # approved by way of another channel
    "push": ("mca", MULTI_FACTOR),
}
"""What each second factor adds to the methods of a login (RFC 8176 section 2)."""


def factors(amr: Iterable[str]) -> int:
    """How many factors a login by the methods ``amr`` had."""
    return 2 if MULTI_FACTOR in amr else 1


def most_factors(user: User) -> int:
    """How many factors a login of ``user`` can have."""
    return factors(SECOND_FACTORS[user.mfa])


def acr(settings: IssuerSettings, amr: Iterable[str], wanted: Iterable[str] = ()) -> str | None:
    """The first of ``wanted`` that a login by ``amr`` has reached, otherwise the highest; ``None``: there is none."""
    had = factors(amr)
    reached = {value: needed for value, needed in settings.acr_values.items() if needed <= had}
    return next((value for value in wanted if value in reached), max(reached, key=reached.__getitem__, default=None))
