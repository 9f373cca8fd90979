"""Where the parameters of an authorization request come from: as they are, in a request object, or pushed before.

What a request object or a pushed request says counts alone: a parameter beside it is not looked at
(RFC 9101 section 5, RFC 9126 section 4).
"""

from __future__ import annotations

from dataclasses import dataclass

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import errors, names, parameters
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import pushed_request, request_object, request_reference
from devidp.protocol.authorization import known_client


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """The parameters that count. ``reference`` is the ``request_uri`` under which they were pushed."""

    parameters: Parameters
    reference: str = ""
    signed: bool = False


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
    return ReceivedRequest(inside, signed=signed)


def _by_reference(issuer: Issuer, received: Parameters) -> ReceivedRequest:
    reference = received["request_uri"]
    if issuer.supports(names.PUSHED_REQUESTS) and reference.startswith(pushed_request.PREFIX):
        return _pushed_request(issuer, received, reference)
    if not issuer.supports(names.REQUEST_URI):
        raise errors.RequestUriNotSupported(
            f"The parameter 'request_uri' is {quoted(reference)}, which is not one that this issuer gave out",
            remedy="Send the request object itself as 'request', push the request and send the request_uri of the "
            f"answer, or set 'features: {{{names.REQUEST_URI}: true}}' for the issuer in the seed",
        )
    client = known_client(issuer, received)
    inside, signed = request_object.read(
        issuer, client, request_reference.fetch_request_object(issuer, client, reference)
    )
    return ReceivedRequest(inside, signed=signed)


def _pushed_request(issuer: Issuer, received: Parameters, reference: str) -> ReceivedRequest:
    client_id = received.required("client_id", "RFC 9126 section 4")
    record = pushed_request.find(issuer, reference, client_id)
    return ReceivedRequest(parameters.decode(record.parameters.encode(), "pushed request"), reference, record.signed)


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
