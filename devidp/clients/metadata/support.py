"""Which fields an issuer honours: a field of a feature that is off, or that nobody built, is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from devidp.models import IssuerSettings
from devidp.oauth import names
from devidp.oauth.errors import InvalidClientMetadata, quoted

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "dpop_bound_access_tokens": (names.DPOP,),
    "userinfo_signed_response_alg": (names.SIGNED_USERINFO,),
    "introspection_signed_response_alg": (names.SIGNED_INTROSPECTION,),
    "jwks": (names.PRIVATE_KEY_JWT, names.REQUEST_OBJECTS),
    "jwks_uri": (names.PRIVATE_KEY_JWT, names.REQUEST_OBJECTS),
    "token_endpoint_auth_signing_alg": (names.PRIVATE_KEY_JWT, names.SECRET_JWT),
    "request_uris": (names.REQUEST_URI,),
    "request_object_signing_alg": (names.REQUEST_OBJECTS,),
    "require_signed_request_object": (names.REQUEST_OBJECTS,),
    "require_pushed_authorization_requests": (names.PUSHED_REQUESTS,),
    "sector_identifier_uri": (names.PAIRWISE,),
    "post_logout_redirect_uris": (names.LOGOUT,),
    "backchannel_logout_uri": (names.BACKCHANNEL_LOGOUT,),
    "backchannel_logout_session_required": (names.BACKCHANNEL_LOGOUT,),
    "frontchannel_logout_uri": (names.FRONTCHANNEL_LOGOUT,),
    "frontchannel_logout_session_required": (names.FRONTCHANNEL_LOGOUT,),
}
"""The features of which one has to be on for a field to mean something."""

_ENCRYPTION: Final = "it does not encrypt"
_CERTIFICATES: Final = "it takes no client certificates"
_NO_JARM: Final = "it does not sign authorization responses"
_NO_CIBA: Final = "it has no backchannel authentication"

NOT_HERE: Final[Mapping[str, str]] = {
    **{
        f"{what}_{part}": _ENCRYPTION
        for what in ("id_token", "userinfo", "introspection", "authorization")
        for part in ("encrypted_response_alg", "encrypted_response_enc")
    },
    "request_object_encryption_alg": _ENCRYPTION,
    "request_object_encryption_enc": _ENCRYPTION,
    "authorization_signed_response_alg": _NO_JARM,
    "tls_client_auth_subject_dn": _CERTIFICATES,
    "tls_client_auth_san_dns": _CERTIFICATES,
    "tls_client_auth_san_uri": _CERTIFICATES,
    "tls_client_auth_san_ip": _CERTIFICATES,
    "tls_client_auth_san_email": _CERTIFICATES,
    "tls_client_certificate_bound_access_tokens": _CERTIFICATES,
    "backchannel_token_delivery_mode": _NO_CIBA,
    "backchannel_client_notification_endpoint": _NO_CIBA,
    "backchannel_authentication_request_signing_alg": _NO_CIBA,
    "backchannel_user_code_parameter": _NO_CIBA,
    "software_statement": "it trusts nobody who signs software statements",
}
"""Fields of other specifications that devidp does not honour, and why."""


def is_honoured(name: str, settings: IssuerSettings) -> bool:
    """Whether the field means something at an issuer with ``settings``."""
    return name not in NOT_HERE and (name not in NEEDS or not settings.features.isdisjoint(NEEDS[name]))


def check(data: Mapping[str, Any], settings: IssuerSettings) -> None:
    """Raise InvalidClientMetadata for the first field that asks for what this issuer does not do."""
    for name, value in data.items():
        # false, null and empty ask for nothing: many clients send every field that they know
        if not value or is_honoured(name, settings):
            continue
        needed = NEEDS.get(name, ())
        off = f"has {' and '.join(needed)} switched off"
        why = f"does not honour it: {NOT_HERE[name]}" if name in NOT_HERE else off
        switch = f", or switch {quoted(needed[0])} on for the issuer in the seed" if needed else ""
        raise InvalidClientMetadata(
            f"The field {quoted(name)} came, and this issuer {why}",
            remedy=f"Leave it out{switch}",
            section="RFC 7591 section 3.2.2",
        )
