"""Where the parameters of an authorization request come from: as they are, in a request object, or pushed before.

What a request object or a pushed request says counts alone: a parameter beside it is not looked at
(RFC 9101 section 5, RFC 9126 section 4).
"""

from __future__ import annotations

from dataclasses import dataclass

from devidp.issuer.issuer import Issuer
from devidp.models import Client, PushedRequest
from devidp.oauth import errors, names, parameters
from devidp.oauth.errors import InvalidRequest, InvalidRequestUri, quoted
from devidp.oauth.identifiers import random_token
from devidp.oauth.parameters import Parameters
from devidp.protocol import request_object
from devidp.protocol.authorization import known_client

PUSHED = "urn:ietf:params:oauth:request_uri:"
"""How the ``request_uri`` of a pushed request begins: RFC 9126 section 2.2 leaves it to the server."""


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """The parameters that count. ``reference`` is the ``request_uri`` under which they were pushed."""

    parameters: Parameters
    reference: str = ""
    signed: bool = False
    request_object: bool = False
    """Whether they were in a request object, signed or not."""


def resolve(issuer: Issuer, received: Parameters) -> ReceivedRequest:
    """The parameters that count; raises OAuthError."""
    if "registration" in received:
        raise errors.RegistrationNotSupported(
            "The parameter 'registration' came", remedy="Leave it out; register the client instead"
        )
    if "request" in received and "request_uri" in received:
        raise InvalidRequest(
            "'request' and 'request_uri' came together", remedy="Send one of them", section="RFC 9101 section 5"
        )
    if "request_uri" in received:
        return _by_reference(issuer, received)
    if "request" in received:
        return unpack(issuer, known_client(issuer, received), received)
    return ReceivedRequest(received)


def unpack(issuer: Issuer, client: Client, received: Parameters) -> ReceivedRequest:
    """The parameters inside the request object that came, or those that came where there is none."""
    if "request" not in received:
        return ReceivedRequest(received)
    if not issuer.supports(names.REQUEST_OBJECTS):
        raise errors.RequestNotSupported(
            "The parameter 'request' came", remedy="Leave 'request' out; metadata does not offer it"
        )
    inside, signed = request_object.read(issuer, client, received["request"])
    return ReceivedRequest(inside, signed=signed, request_object=True)


def _by_reference(issuer: Issuer, received: Parameters) -> ReceivedRequest:
    reference = received["request_uri"]
    if issuer.supports(names.PUSHED_REQUESTS) and reference.startswith(PUSHED):
        record = _find_pushed(issuer, reference, received.required("client_id", "RFC 9126 section 4"))
        pushed = parameters.decode(record.parameters.encode(), "pushed request")
        return ReceivedRequest(pushed, reference, record.signed)
    if not issuer.supports(names.REQUEST_URI):
        raise errors.RequestUriNotSupported(
            f"The parameter 'request_uri' is {quoted(reference)}, which is not one that this issuer gave out",
            remedy="Send the request object itself as 'request', push the request and send the request_uri of the "
            f"answer, or set 'features: {{{names.REQUEST_URI}: true}}' for the issuer in the seed",
        )
    client = known_client(issuer, received)
    inside, signed = request_object.read(issuer, client, request_object.fetch_by_reference(issuer, client, reference))
    return ReceivedRequest(inside, signed=signed, request_object=True)


def push(issuer: Issuer, client: Client, parameters: Parameters, *, signed: bool) -> tuple[str, int]:
    """Store a checked request (RFC 9126); its ``request_uri``, and the seconds for which it can be used."""
    reference, lifetime = f"{PUSHED}{random_token()}", issuer.lifetimes(client).pushed_request
    record = PushedRequest(client.client_id, parameters.encode(), issuer.clock.seconds() + lifetime, signed)
    issuer.store.add_pushed_request(reference, record)
    return reference, lifetime


def _find_pushed(issuer: Issuer, reference: str, client_id: str) -> PushedRequest:
    record = issuer.store.find_pushed_request(reference)
    if record is None:
        raise _unusable(
            f"The request_uri {quoted(reference)} is not known to issuer {issuer.url}, or was answered before"
        )
    if record.client_id != client_id:
        raise InvalidRequestUri(
            f"The request_uri was issued to client {quoted(record.client_id)}, not to {quoted(client_id)}",
            remedy="Send the client_id that pushed the request",
        )
    age = issuer.clock.now() - record.expires_at
    if age >= 0:
        raise _unusable(f"The request_uri expired {age:.0f} s ago")
    return record


def use_up(issuer: Issuer, reference: str) -> None:
    """Let ``reference`` be answered no second time; raises InvalidRequestUri where it was (RFC 9126 section 7.3)."""
    if not issuer.store.remove_pushed_request(reference):
        raise _unusable("The request_uri has been answered already")


def _unusable(reason: str) -> InvalidRequestUri:
    return InvalidRequestUri(
        reason,
        remedy="Push the request again, or raise lifetimes.pushed_request in the seed; each is good for one answer",
    )


def check_required(issuer: Issuer, client: Client, asked: ReceivedRequest) -> None:
    """Raise InvalidRequest where issuer or client take nothing but what is signed or pushed."""
    if not asked.signed and issuer.supports(names.REQUEST_OBJECTS):
        _check_demand(issuer, client, names.REQUIRE_REQUEST_OBJECTS, "require_signed_request_object")
    if not asked.reference and issuer.supports(names.PUSHED_REQUESTS):
        _check_demand(issuer, client, names.REQUIRE_PUSHED_REQUESTS, "require_pushed_authorization_requests")


_REMEDIES = {
    names.REQUIRE_REQUEST_OBJECTS: "Send a signed request object as 'request' (RFC 9101 section 10.5)",
    names.REQUIRE_PUSHED_REQUESTS: "Push the request first, then send client_id and request_uri (RFC 9126 section 5)",
}


def _check_demand(issuer: Issuer, client: Client, feature: str, field: str) -> None:
    if issuer.supports(feature) or client.metadata.get(field):
        who = "this issuer" if issuer.supports(feature) else f"client {quoted(client.client_id)}"
        raise InvalidRequest(f"The parameters came as they are, and {who} has {field}", remedy=_REMEDIES[feature])
