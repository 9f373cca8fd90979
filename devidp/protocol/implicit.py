"""Response types without a code (OpenID Connect Core section 3.2).

Authlib's grants for them, and for the hybrid ones, make and sign their tokens on their own; here the issuer does, so
what is left of them is the check of the client.
"""

from __future__ import annotations

from typing import ClassVar

from authlib.oauth2.rfc6749 import AuthorizationEndpointMixin, BaseGrant
from authlib.oauth2.rfc6749.grants.authorization_code import validate_code_authorization_request

from devidp.oauth.response_type import RESPONSE_TYPES, parts


class Implicit(BaseGrant, AuthorizationEndpointMixin):
    """The implicit flow: there is nothing to exchange, and no proof key."""

    RESPONSE_TYPES: ClassVar[frozenset[str]] = frozenset(name for name in RESPONSE_TYPES if "code" not in parts(name))

    def validate_authorization_request(self) -> str:
        redirect_uri: str = validate_code_authorization_request(self)
        return redirect_uri
