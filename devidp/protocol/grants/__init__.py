"""The grants: one file each. A grant proves who asked and for what; the issuer makes the tokens."""

from devidp.oauth import names
from devidp.protocol.grants.authorization_code import AuthorizationCodeExchange
from devidp.protocol.grants.base import ProvingGrant
from devidp.protocol.grants.client_credentials import ClientCredentials
from devidp.protocol.grants.device_code import DeviceCodeExchange
from devidp.protocol.grants.jwt_bearer import JwtBearer
from devidp.protocol.grants.password import Password
from devidp.protocol.grants.refresh_token import RefreshTokenExchange
from devidp.protocol.grants.token_exchange import TokenExchange

GRANTS: dict[str, type[ProvingGrant]] = {
    names.AUTHORIZATION_CODE: AuthorizationCodeExchange,
    names.REFRESH_TOKEN: RefreshTokenExchange,
    names.CLIENT_CREDENTIALS: ClientCredentials,
    names.DEVICE_CODE: DeviceCodeExchange,
    names.TOKEN_EXCHANGE: TokenExchange,
    names.JWT_BEARER: JwtBearer,
    names.PASSWORD: Password,
}

__all__ = ["GRANTS", "ProvingGrant"]
