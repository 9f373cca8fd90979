"""Which requests a scripted answer is meant for, refused where no request can be like that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import quoted
from devidp.store.overrides import Match
from devidp.web.control import issuers, overrides
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime

CRITERIA = tuple(each.name for each in fields(Match))
WITHOUT_USER = (names.CLIENT_CREDENTIALS,)
WITHOUT_STATE = (*WITHOUT_USER, names.DEVICE_CODE, names.TOKEN_EXCHANGE, names.JWT_BEARER)


def parse(runtime: Runtime, criteria: Mapping[str, str | None]) -> Match:
    """The match that ``criteria`` describe; raises ControlError for what no request can be like."""
    given = {name: value for name, value in criteria.items() if value is not None}
    for name, value in given.items():
        if name not in CRITERIA:
            raise UnknownName("criterion", name, CRITERIA)
        if type(value) is not str or not value:
            raise ControlError(f"{name}: got {value!r}, expected text")
    if "issuer" in given:
        given["issuer"] = issuers.named(runtime, given["issuer"]).name
    match = Match(**given)
    among = issuers.matching(runtime, match.issuer)
    _check_names(runtime, match, among)
    _check_grant(match, among)
    return match


def _check_names(runtime: Runtime, match: Match, among: Iterable[Issuer]) -> None:
    if match.user is not None and not any(each.user(match.user) for each in among):
        raise UnknownName("user", match.user, overrides.names(runtime, "users"))
    if match.client is not None and not any(_may_know(each, match.client) for each in among):
        raise UnknownName("client", match.client, overrides.names(runtime, "clients"))


def _may_know(issuer: Issuer, client_id: str) -> bool:
    """Whether there is such a client; a document is not fetched to find out."""
    if "://" in client_id and issuer.supports(names.CLIENT_DOCUMENTS):
        return True
    return issuer.find_client(client_id) is not None


def _check_grant(match: Match, among: Iterable[Issuer]) -> None:
    clients = [issuer.settings.clients.get(match.client or "") for issuer in among]
    known = [client for client in clients if client is not None]
    if match.user is not None and known and not any(acts_for_users(client) for client in known):
        raise ControlError(
            f"client {quoted(match.client)} acts for itself, so no request of it has the user {quoted(match.user)}; "
            "leave one of them out"
        )
    if match.grant is None:
        return
    on = list(dict.fromkeys(name for issuer in among for name in (*issuer.grants(), *_front_channel(issuer))))
    if match.grant not in on:
        raise UnknownName("grant", match.grant, on)
    if known and not any(match.grant in client.grants for client in known) and match.grant != names.IMPLICIT:
        has = ", ".join(sorted(known[0].grants)) or "none"
        raise ControlError(f"client {quoted(match.client)} may not use the grant {match.grant}; it has: {has}")
    for name, value, without in (("user", match.user, WITHOUT_USER), ("state", match.state, WITHOUT_STATE)):
        if value is not None and match.grant in without:
            raise ControlError(f"a request with the grant {match.grant} has no {name}; leave {name} or grant out")


def _front_channel(issuer: Issuer) -> tuple[str, ...]:
    """What tokens of the authorization endpoint go by."""
    return (names.IMPLICIT,) if issuer.supports(names.IMPLICIT) or issuer.supports(names.HYBRID) else ()


def acts_for_users(client: Client) -> bool:
    """Whether a token of the client can be that of a user."""
    return bool(client.grants - {*WITHOUT_USER})
