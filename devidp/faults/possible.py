"""Which faults the tokens of an issuer can have: found by trying, as nobody could declare it for every shape."""

from __future__ import annotations

from collections.abc import Sequence

from devidp.faults import FAULTS, Fault, arming
from devidp.faults.refusal import MintRefused
from devidp.issuer.issuer import Issuer
from devidp.store.overrides import Scripted


def inapplicable(issuers: Sequence[Issuer]) -> dict[str, str]:
    """Why no flow of ``issuers`` gives a token of any type that could have a fault, by the name of the fault."""
    found = ((name, _why_not(issuers, fault)) for name, fault in FAULTS.items())
    return {name: why for name, why in found if why}


def _why_not(issuers: Sequence[Issuer], fault: Fault) -> str:
    """What is said of the type that the fault is for first; empty where a token can have it."""
    why = ""
    for kind in (each for each in fault.applies_to if each in arming.ISSUED):
        try:
            arming.check(issuers, Scripted(0, fault.name, token_type=kind), ())
        except MintRefused as refusal:
            why = why or refusal.reason
        else:
            return ""
    return why
