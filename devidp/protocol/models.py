"""Our frozen records in the shape that Authlib asks for."""

from __future__ import annotations

from typing import NamedTuple

from devidp.models import AuthorizationCode, Client, DeviceCode, DeviceDecision, RefreshToken
from devidp.oauth import scope


class ProtocolClient(NamedTuple):
    """A client as Authlib's ``ClientMixin`` describes it."""

    record: Client

    @property
    def client_id(self) -> str:
        return self.record.client_id

    def get_client_id(self) -> str:
        return self.record.client_id

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.record.grants

    def check_response_type(self, response_type: str) -> bool:
        return response_type in self.record.response_types

    def check_redirect_uri(self, uri: str) -> bool:
        return self.record.may_redirect(uri, self.record.redirect_uris)

    def get_default_redirect_uri(self) -> str | None:
        uris = self.record.redirect_uris
        return uris[0] if len(uris) == 1 else None

    def get_allowed_scope(self, text: str | None) -> str:
        # devidp.issuer.policy decides once the user is known
        return text or ""


class ProtocolCode(NamedTuple):
    """A stored code as Authlib's grant and its proof key extension read it; we have compared the redirect URI."""

    code: str
    record: AuthorizationCode

    @property
    def code_challenge(self) -> str | None:
        return self.record.code_challenge

    @property
    def code_challenge_method(self) -> str | None:
        return self.record.code_challenge_method

    def get_redirect_uri(self) -> None:
        return None


class ProtocolRefreshToken(NamedTuple):
    """A stored refresh token as Authlib's grant reads it."""

    handle: str
    record: RefreshToken
    usable: RefreshToken
    """The same with the resources and scopes that this request may ask for."""

    def check_client(self, client: ProtocolClient) -> bool:
        return self.record.client_id == client.client_id

    def get_scope(self) -> str:
        return scope.join(self.usable.scope)


class ProtocolDeviceCode(NamedTuple):
    """A stored device code as Authlib's grant reads it."""

    code: str
    record: DeviceCode
    decision: DeviceDecision | None

    def get_client_id(self) -> str:
        return self.record.client_id
