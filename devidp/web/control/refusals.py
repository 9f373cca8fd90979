"""Refusals of the faults, as the controller raises them."""

from __future__ import annotations

from devidp.faults.refusal import MintRefused, NotApplicable
from devidp.web.control.errors import ControlError, FaultNotApplicable


def from_refusal(refusal: MintRefused) -> ControlError:
    """What the controller raises where a token cannot be as asked."""
    kind = FaultNotApplicable if isinstance(refusal, NotApplicable) else ControlError
    return kind(refusal.description)
