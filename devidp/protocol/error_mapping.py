"""Authlib's errors in our type, so that one place makes the JSON and every error teaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from authlib.oauth2.rfc6749 import OAuth2Error

from devidp.oauth import errors

_CLASSES: dict[str, type[errors.OAuthError]] = {
    cls.code: cls
    for cls in (
        errors.InvalidRequest,
        errors.InvalidClient,
        errors.InvalidGrant,
        errors.UnauthorizedClient,
        errors.UnsupportedGrantType,
        errors.UnsupportedResponseType,
        errors.InvalidScope,
        errors.AccessDenied,
    )
}

_REMEDIES: dict[type[errors.OAuthError], str] = {
    errors.InvalidRequest: "Compare the request with the section",
    errors.UnauthorizedClient: "Add the grant or response type to the client in the seed, or register it with that",
}


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Raise what Authlib raises inside the block as an OAuthError of the same code."""
    try:
        yield
    except OAuth2Error as error:
        cls = _CLASSES.get(error.error, errors.InvalidRequest)
        raise cls(error.get_error_description() or cls.__name__, remedy=_REMEDIES.get(cls, "")) from error
