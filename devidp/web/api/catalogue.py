"""The catalogues of faults and failures."""

from __future__ import annotations

from devidp.faults import FAULTS
from devidp.faults.failures import FAILURES
from devidp.web.api.operation import Nothing, OperationCall, Result, operation


class FaultInfo(Result):
    """A way for a token to be wrong."""

    name: str
    group: str
    description: str
    section: str
    """What of which specification it breaks."""
    status: int
    """What a correct resource server answers."""


class Faults(Result):
    """Every fault."""

    faults: list[FaultInfo]


class FailureInfo(Result):
    """A way for an answer of an endpoint to be wrong."""

    name: str
    group: str
    description: str
    section: str
    endpoints: list[str]
    """Where it can happen; everywhere, where none is named."""
    options: dict[str, str]
    """What it can be told, and of which type."""


class FailureCatalogue(Result):
    """Every failure."""

    catalogue: list[FailureInfo]


@operation("GET", "/faults", Nothing, Faults)
def faults(_: OperationCall[Nothing]) -> Faults:
    """List the faults that a token can have."""
    return Faults(
        faults=[
            FaultInfo(
                name=each.name,
                group=each.group,
                description=each.description,
                section=each.section,
                status=each.status,
            )
            for each in FAULTS.values()
        ]
    )


@operation("GET", "/failures/catalogue", Nothing, FailureCatalogue)
def failures(_: OperationCall[Nothing]) -> FailureCatalogue:
    """List the failures that endpoints can have."""
    return FailureCatalogue(
        catalogue=[
            FailureInfo(
                name=each.name,
                group=each.group,
                description=each.description,
                section=each.section,
                endpoints=list(each.endpoints),
                options={name: kind.__name__ for name, kind in each.options.items()},
            )
            for each in FAILURES.values()
        ]
    )
