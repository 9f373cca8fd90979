"""Everything back to the seed."""

from __future__ import annotations

from devidp.web.api.operation import Body, Result, operation
from devidp.web.control.controller import Controller


class ResetRequest(Body):
    """What is reset beside everything else."""

    keys: bool = False
    """Generate new keys too."""


class ResetDone(Result):
    """It is done."""

    reset: bool


@operation(ResetRequest, ResetDone)
def reset(control: Controller, body: ResetRequest) -> ResetDone:
    """Forget all that happened and was changed: as after a start, with the same keys unless asked otherwise."""
    control.reset(keys=body.keys)
    return ResetDone(reset=True)
