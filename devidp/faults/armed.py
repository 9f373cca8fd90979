"""An armed fault in the response of an issuer: what signs the tokens in place of the issuer."""

from __future__ import annotations

from typing import Literal

from devidp.faults.case import Case
from devidp.faults.registry import Fault, spoil_and_sign
from devidp.issuer.issuer import Issuer, Sign
from devidp.keys.tokens import Draft
from devidp.models import Authorization


def signer(issuer: Issuer, authorization: Authorization, fault: Fault) -> Sign:
    """Signs the tokens of one response, and spoils the one that ``fault`` is meant for."""

    def sign(draft: Draft, token_type: Literal["access", "id"]) -> str:
        return spoil_and_sign(Case(draft, issuer, authorization), fault if fault.meant_for(token_type) else None)

    return sign
