"""Which faults the tokens of an issuer can have: found by trying, as nobody could declare it for every shape."""

from __future__ import annotations

from collections.abc import Sequence

from devidp.faults import FAULTS, arming
from devidp.faults.refusal import MintRefused
from devidp.issuer.issuer import Issuer
from devidp.store.overrides import Scripted


def inapplicable(issuers: Sequence[Issuer]) -> dict[str, str]:
    """Why no flow of ``issuers`` gives a token that could have a fault, by the name of the fault."""
    found = {}
    for name in FAULTS:
        try:
            arming.check(issuers, Scripted(0, name), ())
        except MintRefused as refusal:
            found[name] = refusal.reason
    return found
