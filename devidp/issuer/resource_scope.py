"""Scopes that name their resource: ``api://tasks/Tasks.Read`` is the scope ``Tasks.Read`` at the resource ``api://tasks``.

Where an issuer has ``resource_in_scope``, a request is read as if it had said both apart, and the token response names
them together again, as Microsoft Entra ID does.
"""

from __future__ import annotations

from devidp.issuer import policy
from devidp.issuer.lookup import Lookup
from devidp.models import Authorization, Client
from devidp.oauth import names, scope
from devidp.oauth.errors import InvalidRequest, InvalidScope, quoted
from devidp.oauth.parameters import Parameters

ALL = ".default"
"""All that a client may have at a resource."""
SECTION = "RFC 8707 section 2"


def separate(issuer: Lookup, client: Client, parameters: Parameters) -> Parameters:
    """``parameters`` with scopes of the seed, and ``audience`` for the resource that they named.

    Raises InvalidScope for scopes of two resources, InvalidTarget for one that the issuer does not know.
    """
    if not issuer.settings.resource_in_scope:
        return parameters
    asked = scope.parse(parameters.get("scope"))
    if not asked:
        return parameters
    parts = {name: _split(issuer, name) for name in asked}
    if parameters.get("grant_type") == names.CLIENT_CREDENTIALS:
        _check_asks_for_all(parts)
    place = _only_place(issuer, client, parts)
    if not place:
        return parameters
    _check_named(issuer, parameters, place)
    everything = _asks_for_all(parts)
    located = parameters.without("resource").replaced("audience", place)
    if everything and parameters.get("grant_type", names.PASSWORD) not in (names.CLIENT_CREDENTIALS, names.PASSWORD):
        return located.without("scope")  # what was granted, or what the token holds that is presented
    wanted = [short for _, short in parts.values() if short != ALL]
    every = _everything(issuer, client, place) if everything else ()
    return located.replaced("scope", scope.join(dict.fromkeys([*wanted, *every])))


def join(issuer: Lookup, authorization: Authorization) -> str:
    """The granted scopes as a token response has them: with the resource before each that means something there."""
    granted, audience = authorization.scope, authorization.audience
    client = authorization.client
    if not issuer.settings.resource_in_scope or len(audience) != 1 or audience == issuer.audience(client, ()):
        return scope.join(granted)
    place = audience[0]
    named = [name if name in names.OPENID_SCOPES else f"{place}/{name}" for name in granted]
    everything = _everything(issuer, client, place)
    if everything and set(everything) <= set(granted):
        named.append(f"{place}/{ALL}")
    return scope.join(named)


def agreed(issuer: Lookup, client: Client, username: str, place: str) -> tuple[str, ...]:
    """What of ``place`` the user has agreed that ``client`` has; all of it, where nobody is asked."""
    everything = _everything(issuer, client, place)
    if client.consent == "skipped" or issuer.settings.auto_approve == username:
        return everything
    known = issuer.store.consents.find(client.client_id, username)
    return tuple(name for name in everything if name in known)


def _split(issuer: Lookup, name: str) -> tuple[str, str]:
    """The resource that a scope names, as it is spelled, and the rest; without one an empty text and the scope."""
    if "/" not in name or name in issuer.seed.scopes:
        return "", name
    ends = [index for index, char in enumerate(name) if char == "/"]
    known = (end for end in reversed(ends) if issuer.knows_resource(name[:end]))
    end = next(known, ends[-1])
    return issuer.find_resource(name[:end], "resource of the scope").uri, name[end + 1 :]


def _only_place(issuer: Lookup, client: Client, parts: dict[str, tuple[str, str]]) -> str:
    """The one resource that is named, or the default one where all of it is asked for; empty where none is."""
    default = issuer.audience(client, ())[0]
    place = next((place for place, _ in parts.values() if place), default if ALL in parts else "")
    for name, (other, short) in parts.items():
        if place and short not in names.OPENID_SCOPES and not issuer.is_among([place], other or default):
            raise InvalidScope(
                f"The scope is for more than one resource: {quoted(name)} for {other or default}, another one for "
                f"{place}",
                remedy="Ask for the scopes of one resource at a time, and write the resource before each of them",
                section=SECTION,
            )
    return place


def _check_asks_for_all(parts: dict[str, tuple[str, str]]) -> None:
    for name, (place, short) in parts.items():
        if short != ALL:
            raise InvalidScope(
                f"The scope is {quoted(name)}, and a client that acts for itself gets all that it may have, or nothing",
                remedy=f"Send the scope {place or 'RESOURCE'}/{ALL}, and list what it may have as 'scopes' of the "
                "client in the seed",
            )


def _asks_for_all(parts: dict[str, tuple[str, str]]) -> bool:
    shorts = {short for _, short in parts.values() if short not in names.OPENID_SCOPES}
    if ALL in shorts and len(shorts) > 1:
        raise InvalidScope(
            f"The scope asks for {ALL} and for {quoted(min(shorts - {ALL}))}, which is a part of it",
            remedy=f"Ask for {ALL} alone, or for single scopes; those of OpenID Connect may stand beside",
        )
    return ALL in shorts


def _check_named(issuer: Lookup, parameters: Parameters, place: str) -> None:
    for parameter in ("resource", "audience"):
        for uri in parameters.all(parameter):
            if not issuer.is_among([place], uri):
                raise InvalidRequest(
                    f"The scope is for {quoted(place)}, and {parameter} is {quoted(uri)}",
                    remedy="Send one of them",
                    section=SECTION,
                )


def _everything(issuer: Lookup, client: Client, place: str) -> tuple[str, ...]:
    return policy.every_scope(issuer.seed, client, issuer.audience_resources((place,)))
