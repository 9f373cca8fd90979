"""Faults of identity assertions for another issuer, which that issuer must notice (ID-JAG draft section 4.4.1)."""

from __future__ import annotations

from dataclasses import replace

from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys.tokens import Draft

PROCESSING = "ID-JAG draft section 4.4.1"
group = Group("id-jag", applies_to=("id-jag",))


@group.fault(PROCESSING)
def jag_client_id_other(case: Case) -> Draft:
    """`client_id` is another client than the one that presents the assertion."""
    return case.with_claim("client_id", "another-client")


@group.fault(PROCESSING)
def jag_audience_token_endpoint(case: Case) -> Draft:
    """`aud` is the token endpoint of the issuer that the assertion is for, and not its identifier."""
    return case.with_claim("aud", f"{case.audience().rstrip('/')}/token")


@group.fault("RFC 8725 section 3.12")
def jag_access_token(case: Case) -> Draft:
    """The assertion is a valid access token of the same user and client."""
    own = case.issuer.audience(case.authorization.client, ())
    return case.issuer.access_draft(replace(case.authorization, audience=own))
