"""What a token is to be for: ``resource`` (RFC 8707), or ``audience``, which many clients send in its place."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import Resource
from devidp.oauth.errors import InvalidRequest
from devidp.oauth.parameters import Parameters


def named(parameters: Parameters) -> tuple[str, ...]:
    """What either of them names; raises InvalidRequest where they contradict each other."""
    resources, audience = parameters.all("resource"), parameters.all("audience")
    if resources and audience and set(resources) != set(audience):
        raise InvalidRequest(
            f"resource is '{' '.join(resources)}' and audience is '{' '.join(audience)}'",
            remedy="Send one of them",
            section="RFC 8707 section 2",
        )
    return resources or audience


def resources(issuer: Issuer, parameters: Parameters) -> tuple[Resource, ...]:
    """The same, where ``issuer`` gives tokens for it; raises InvalidTarget too."""
    return tuple(issuer.find_resource(name, spelling(parameters)) for name in named(parameters))


def spelling(parameters: Parameters) -> str:
    """Which of the two parameters counts."""
    return "resource" if "resource" in parameters else "audience"
