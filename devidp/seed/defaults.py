"""What a seed need not say."""

from __future__ import annotations

from typing import Final

from devidp.models import IssuerSettings
from devidp.oauth import names

ISSUER_NAME: Final = "default"

ISSUER: Final = IssuerSettings(name=ISSUER_NAME, path=f"/{ISSUER_NAME}")
"""The settings that an issuer without settings has."""

OPENID_SCOPES: Final[dict[str, str]] = {
    "openid": "Know who you are",
    "profile": "See your name and profile",
    "email": "See your email address",
    "phone": "See your phone number",
    "address": "See your postal address",
    "offline_access": "Stay connected while you are away",
}
"""The scopes of a seed that names none, with what the consent page says of them."""

CLIENT_GRANTS: Final = (names.AUTHORIZATION_CODE, names.REFRESH_TOKEN)
"""What a client may do when the seed names no grants."""
