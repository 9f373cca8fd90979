"""The addresses of a client: where answers go, and what its kind of application may register."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from devidp.oauth import names, redirect_uri
from devidp.oauth.errors import InvalidClientMetadata, InvalidRedirectUri, quoted

if TYPE_CHECKING:
    from devidp.clients.metadata.model import ClientMetadata

SECTION = "OpenID Connect Registration section 2"
INFORMATION = ("client_uri", "logo_uri", "tos_uri", "policy_uri")
"""Fields for people; each may also be in one language (RFC 7591 section 2.2)."""


def check_redirect_uris(metadata: ClientMetadata, grants: list[str]) -> None:
    """Raise InvalidRedirectUri where one is missing, malformed, or not for this kind of application."""
    needing = [name for name in grants if name in (names.AUTHORIZATION_CODE, names.IMPLICIT)]
    if needing and not metadata.redirect_uris:
        raise InvalidRedirectUri(
            f"redirect_uris is missing or empty, and the grant {needing[0]} needs one",
            remedy="Register every redirect URI that the client uses",
        )
    for uri in metadata.redirect_uris:
        if why := redirect_uri.problem(uri) or _unfit(metadata, uri):
            raise InvalidRedirectUri(f"The redirect URI {quoted(uri)} is refused: {why}", remedy="Change it")


def _unfit(metadata: ClientMetadata, uri: str) -> str | None:
    # claimed https addresses are as good on a desktop as custom schemes (RFC 8252 section 7.2), and editors use both
    if metadata.application_type == "native" and uri.startswith("http:") and not redirect_uri.is_loopback(uri):
        return "a native application may use http on this machine only (OpenID Connect Registration section 2)"
    return None


def check_logout(metadata: ClientMetadata) -> None:
    """Raise InvalidClientMetadata for an address of a logout that cannot be one."""
    for uri in metadata.post_logout_redirect_uris or ():
        if why := redirect_uri.problem(uri):
            raise InvalidClientMetadata(
                f"The post_logout_redirect_uri {quoted(uri)} is refused: {why}", remedy="Change it", section=SECTION
            )
    for field, address in (
        ("backchannel_logout_uri", metadata.backchannel_logout_uri),
        ("frontchannel_logout_uri", metadata.frontchannel_logout_uri),
    ):
        if address is not None and (why := redirect_uri.web_problem(address)):
            raise InvalidClientMetadata(
                f"{field} {quoted(address)} is refused: {why}", remedy="Change it", section=SECTION
            )
    frame = metadata.frontchannel_logout_uri
    if frame is not None and not any(_same_origin(frame, uri) for uri in metadata.redirect_uris):
        raise InvalidClientMetadata(
            f"frontchannel_logout_uri is {quoted(frame)}, which is at the scheme, host and port of no redirect URI",
            remedy="Serve it where the client itself is, or register a redirect URI there",
            section="OpenID Connect Front-Channel Logout section 2",
        )


def check_information(metadata: ClientMetadata) -> None:
    """Raise InvalidClientMetadata for an address of information about the client that no browser can open."""
    for field, uri in metadata.public().items():
        if field.partition("#")[0] in INFORMATION and (why := redirect_uri.web_problem(uri)):
            raise InvalidClientMetadata(
                f"{field} {quoted(uri)} is refused: {why}", remedy="Change it, or leave it out", section=SECTION
            )


def _same_origin(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    if redirect_uri.is_loopback(one) and redirect_uri.is_loopback(other):
        return first.hostname == second.hostname
    return (first.scheme, first.hostname, first.port) == (second.scheme, second.hostname, second.port)


def check_web_address(field: str, uri: str | None) -> None:
    """Raise InvalidClientMetadata where ``uri`` is neither https nor http on this machine."""
    if uri is None:
        return
    parts = redirect_uri.split(uri)
    secure = parts is not None and parts.scheme == "https" and bool(parts.hostname)
    if redirect_uri.problem(uri) or not (secure or redirect_uri.is_loopback(uri)):
        raise InvalidClientMetadata(
            f"{field} is {quoted(uri)}, expected an https address, or http on this machine, without a fragment",
            remedy="Change it, or leave it out",
            section=SECTION,
        )
