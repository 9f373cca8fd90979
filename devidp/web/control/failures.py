"""Failures that are scripted: checked against the registry before they wait for their requests."""

from __future__ import annotations

from typing import Any

from devidp.faults import failures
from devidp.store.controls import Scripted
from devidp.web import failure_injection
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.control.script import MATCHES, Script
from devidp.web.runtime import Runtime

IMPLIED = {
    "error": "error",
    "status": "status",
    "seconds": "slow",
    "field": "field-missing",
    "retry_after": "unavailable",
}
"""The failure that is meant where only its option is given."""
ALSO = {"jwks.json": "jwks", "introspection": "introspect", "revocation": "revoke", "registration": "register"}
"""Other names that people give to endpoints."""


class Failures(Script):
    """The failures that wait for their requests."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, "failures")

    def fail(self, endpoint: str, failure: str | None = None, *, times: int | None = 1, **options: Any) -> Scripted:
        """Let ``failure`` happen to the next ``times`` answers of ``endpoint`` that match; ``None``: until cleared.

        Keywords are those of the match (``client``, ``user``, ``issuer``, ``grant``, ``state``) and of the failure.
        """
        place = ALSO.get(endpoint, endpoint)
        if place not in failure_injection.places():
            raise UnknownName("endpoint", endpoint, failure_injection.places())
        match = {name: options.pop(name) for name in MATCHES if name in options}
        given = {name: value for name, value in options.items() if value is not None}
        name = failure or next((IMPLIED[option] for option in IMPLIED if option in given), None)
        if name is None:
            raise ControlError(f"which failure? Name one of: {', '.join(failures.FAILURES)}")
        if type(given.get("seconds")) is int:
            given["seconds"] = float(given["seconds"])
        try:
            failures.find(name, place, given)
        except failures.FailureRefused as refusal:
            raise ControlError(str(refusal)) from None
        return self.add(name, times, match, place, given)
