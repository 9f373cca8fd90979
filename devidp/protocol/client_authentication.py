"""Client authentication at the token, introspection and revocation endpoints (OAuth 2.1 section 2.4).

One method per request, the one that the client is registered for; Authlib takes Basic and body together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, quoted
from devidp.protocol.client_credential import SECTION, ClientCredential, read_assertion, read_basic, read_post
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.single_use import SingleUse

CLIENT_AUTHENTICATION = ("client_secret", "client_assertion", "client_assertion_type")
"""Parameters that authenticate a client."""


def authenticate(issuer: Issuer, request: ProtocolRequest, methods: Collection[str]) -> Client:
    """The client of ``request``; raises InvalidClient, or InvalidRequest for several credentials.

    A single-use id of its credential is noted in ``request``, to be used up at the end.
    """
    credential = _credential(issuer, request)
    request.facts.auth_method = credential.method
    known = [(client, proof) for name, proof in credential.readings if (client := issuer.client(name)) is not None]
    # of two readings of one header, that of a client that somebody has named
    known = [each for each in known if not each[0].unlisted] or known
    if not known:
        sent = credential.readings[0][0]
        reason, remedy = issuer.unknown_client(sent)
        near, headers = issuer.clients_like(sent), credential.challenge
        raise InvalidClient(reason, remedy=remedy, section=SECTION, headers=headers, got=sent, expected=near)
    client = known[0][0]
    request.facts.client = client.client_id
    _check_method(issuer, client, credential, methods)
    client, used = _prove(issuer, known, credential)
    if client.unlisted:
        client = replace(client, auth_methods=frozenset({credential.method}))
    request.auth_method, request.facts.client = credential.method, client.client_id
    if used is not None:
        request.single_use.append(used)
    return client


def names_client(request: ProtocolRequest) -> bool:
    """Whether ``request`` says which client it is from, rightly or wrongly."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return scheme == "basic" or any(request.parameters.get(name) for name in ("client_id", *CLIENT_AUTHENTICATION))


def _credential(issuer: Issuer, request: ProtocolRequest) -> ClientCredential:
    readers = (read_basic(issuer, request), read_post(request), read_assertion(request))
    presented = [each for each in readers if each is not None]
    if len(presented) > 1 and not _is_one_secret(issuer, presented):
        raise InvalidRequest(
            f"Client credentials came {' and '.join(each.place for each in presented)}",
            remedy="Send one of them; 'client_authentication: repeated' in the seed takes one secret in both places",
            section=SECTION,
        )
    if presented:
        return presented[0]
    client_id = request.parameters.get("client_id")
    if client_id is None:
        raise InvalidClient(
            "The request does not say which client it is from: neither an Authorization header nor client_id came",
            remedy="Send client_id, and the secret where the client has one",
            section=SECTION,
        )
    return ClientCredential(names.NO_AUTHENTICATION, "as client_id", ((client_id, ""),))


def _is_one_secret(issuer: Issuer, presented: list[ClientCredential]) -> bool:
    """Whether Basic and the body say the same, where the client may do that; RFC 6749 section 2.3 forbids it."""
    sent = [set(each.readings) for each in presented if each.method in names.SENT_SECRETS]
    both = set.intersection(*sent) if len(sent) == len(presented) else set()
    known = (issuer.client(client_id) for client_id, _ in both)
    return any(
        client is not None and issuer.settings_for(client).client_authentication == "repeated" for client in known
    )


def _check_method(issuer: Issuer, client: Client, credential: ClientCredential, methods: Collection[str]) -> None:
    method = credential.method
    if method in names.FEATURES and not issuer.supports(method):
        raise InvalidClient(
            f"Client {quoted(client.client_id)} authenticated with {quoted(method)}, which is switched off here",
            remedy=f"Switch {quoted(method)} on for the issuer in the seed",
            section=SECTION,
            got=method,
            expected=names.auth_methods(issuer.settings.features),
        )
    if method not in _accepted(issuer, client):
        raise _wrong_method(client, credential)
    if method not in methods:
        raise InvalidClient(
            f"Client {quoted(client.client_id)} is public, and this needs a client that authenticates",
            remedy="Use a client with a secret",
            section=SECTION,
        )


def _accepted(issuer: Issuer, client: Client) -> Collection[str]:
    """The methods of ``client``; where the issuer is lenient, Basic stands for the body and the other way round."""
    if issuer.settings_for(client).client_authentication != "strict" and client.auth_methods & names.SENT_SECRETS:
        return client.auth_methods | names.SENT_SECRETS
    return client.auth_methods


def _prove(
    issuer: Issuer, known: list[tuple[Client, str]], credential: ClientCredential
) -> tuple[Client, SingleUse | None]:
    """The first client whose credential is right, and its single-use id; raises the refusal of the last."""
    problem: InvalidClient | None = None
    for client, proof in known:
        try:
            return client, credential.check(issuer, client, proof)
        except InvalidClient as refusal:
            problem = refusal
            problem.headers |= credential.challenge
    assert problem is not None
    raise problem


def _wrong_method(client: Client, credential: ClientCredential) -> InvalidClient:
    if client.unlisted:
        return InvalidClient(
            f"Client {quoted(client.client_id)} is not in the seed, so nobody knows the keys of its assertion",
            remedy="Add the client with its keys under 'clients' in the seed, or send a secret, which may be any",
            got=credential.method,
            expected=sorted(client.auth_methods),
        )
    if client.public:
        sent = "a secret" if credential.method in (names.SECRET_BASIC, names.SECRET_POST) else "an assertion"
        reason = f"Client {quoted(client.client_id)} is public, but sent {sent} ({credential.method})"
        return InvalidClient(
            reason,
            remedy="Send client_id without a secret",
            headers=credential.challenge,
            got=credential.method,
            expected=client.auth_methods,
        )
    or_else = ""
    if credential.method in names.SENT_SECRETS and client.auth_methods & names.SENT_SECRETS:
        or_else = ", or set 'client_authentication: lenient' for the issuer in the seed"
    return InvalidClient(
        f"Client {quoted(client.client_id)} authenticated with {quoted(credential.method)}, "
        f"expected {' or '.join(sorted(client.auth_methods))}",
        remedy=f"Send what the client is registered for{or_else}",
        headers=credential.challenge,
        got=credential.method,
        expected=sorted(client.auth_methods),
    )
