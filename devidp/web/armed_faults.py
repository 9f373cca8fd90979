"""Tokens with the faults that are armed for them: imported with the first one that is armed."""

from __future__ import annotations

from devidp.faults import Case, arming
from devidp.issuer.issuer import Issuer
from devidp.keys.tokens import Draft, IssuedType
from devidp.models import Authorization
from devidp.store.overrides import Overrides, Scripted
from devidp.system.event_log import Facts


def spoilt(
    overrides: Overrides,
    tried: set[str],
    issuer: Issuer,
    draft: Draft,
    token_type: IssuedType,
    authorization: Authorization,
) -> str | None:
    """The token with the armed faults that match ``authorization``: they are used up, and among the ``tried``."""
    seen = Facts(
        client=authorization.client.client_id,
        user=authorization.user.username if authorization.user else "",
        grant=authorization.grant_type,
        state=authorization.state or "",
    )
    matching = [each for each in overrides.current.faults if each.match.fits(seen, issuer.name)]

    def use(armed: Scripted) -> bool:
        used = overrides.use("faults", armed)
        if used:
            tried.add(armed.name)
            authorization.faults.append(armed.name)
        return used

    return arming.spoilt(matching, Case(draft, issuer, authorization), token_type, use)
