"""Client authentication at the token, introspection and revocation endpoints (OAuth 2.1 section 2.4).

One method per request, the one that the client is registered for. Authlib takes Basic and body together, and fails with
an internal error on credentials that are not UTF-8; so none of it is Authlib's. A new method is a line of ``METHODS``.
"""

from __future__ import annotations

from collections.abc import Collection

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, quoted
from devidp.protocol import client_assertion, client_secret
from devidp.protocol.client_credential import SECTION, AuthMethod, ClientCredential
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.single_use import SingleUse

METHODS: dict[str, AuthMethod] = {
    names.SECRET_BASIC: AuthMethod(client_secret.read_basic, client_secret.check),
    names.SECRET_POST: AuthMethod(client_secret.read_post, client_secret.check),
    names.SECRET_JWT: AuthMethod(client_assertion.read, client_assertion.check_secret_jwt),
    names.PRIVATE_KEY_JWT: AuthMethod(client_assertion.read, client_assertion.check_private_key_jwt),
}
"""``none`` is what is left where no other was shown."""
_PLACES = {
    names.SECRET_BASIC: "in the Authorization header",
    names.SECRET_POST: "as client_secret",
    names.SECRET_JWT: "as client_assertion",
    names.PRIVATE_KEY_JWT: "as client_assertion",
}
_READERS = tuple(dict.fromkeys(method.read for method in METHODS.values()))


def authenticate(issuer: Issuer, request: ProtocolRequest, methods: Collection[str]) -> Client:
    """The client of ``request``; raises InvalidClient, or InvalidRequest for more than one way at once.

    What counts once of its credential is noted in ``request``, to be used up at the end.
    """
    shown = _credential(issuer, request)
    known = [(client, proof) for name, proof in shown.readings if (client := issuer.client(name)) is not None]
    if not known:
        reason, remedy = issuer.unknown_client(shown.readings[0][0])
        raise InvalidClient(reason, remedy=remedy, section=SECTION, headers=shown.challenge)
    client = known[0][0]
    request.facts.client = client.client_id
    _check_method(issuer, client, shown, methods)
    client, used = _prove(issuer, known, shown)
    request.auth_method, request.facts.client = shown.method, client.client_id
    if used is not None:
        request.single_use.append(used)
    return client


def _credential(issuer: Issuer, request: ProtocolRequest) -> ClientCredential:
    shown = [credential for read in _READERS if (credential := read(issuer, request)) is not None]
    if len(shown) > 1:
        raise InvalidRequest(
            f"Client credentials came {' and '.join(_PLACES[each.method] for each in shown)}",
            remedy="Send one of them",
            section=SECTION,
        )
    if shown:
        return shown[0]
    client_id = request.parameters.get("client_id")
    if client_id is None:
        raise InvalidClient(
            "The request does not say which client it is from: neither an Authorization header nor client_id came",
            remedy="Send client_id, and the secret where the client has one",
            section=SECTION,
        )
    return ClientCredential(names.NO_AUTHENTICATION, ((client_id, ""),))


def _check_method(issuer: Issuer, client: Client, shown: ClientCredential, methods: Collection[str]) -> None:
    if shown.method not in names.auth_methods(issuer.settings.features):
        raise InvalidClient(
            f"Client {quoted(client.client_id)} authenticated with {quoted(shown.method)}, which is switched off here",
            remedy=f"Switch {quoted(shown.method)} on for the issuer in the seed",
            section=SECTION,
        )
    if shown.method not in client.auth_methods:
        raise InvalidClient(_wrong_method(client, shown), remedy=_method_remedy(client), headers=shown.challenge)
    if shown.method not in methods:
        raise InvalidClient(
            f"Client {quoted(client.client_id)} is public, and this needs a client that authenticates",
            remedy="Use a client with a secret",
            section=SECTION,
        )


def _prove(issuer: Issuer, known: list[tuple[Client, str]], shown: ClientCredential) -> tuple[Client, SingleUse | None]:
    """The first client whose credential is right, and what of that counts once; raises what is wrong with the last."""
    method = METHODS.get(shown.method)
    problem: InvalidClient | None = None
    for client, proof in known:
        try:
            return client, None if method is None else method.check(issuer, client, proof)
        except InvalidClient as refusal:
            problem = refusal
            problem.headers |= shown.challenge
    assert problem is not None
    raise problem


def _wrong_method(client: Client, shown: ClientCredential) -> str:
    if client.public:
        sent = "a secret" if shown.method in (names.SECRET_BASIC, names.SECRET_POST) else "an assertion"
        return f"Client {quoted(client.client_id)} is public, but sent {sent} ({shown.method})"
    return (
        f"Client {quoted(client.client_id)} authenticated with {quoted(shown.method)}, "
        f"expected {' or '.join(sorted(client.auth_methods))}"
    )


def _method_remedy(client: Client) -> str:
    return "Send client_id without a secret" if client.public else "Send what the client is registered for"
