"""What a client may have otherwise than its issuer."""

from dataclasses import dataclass
from typing import Literal

AskSecondFactor = Literal["requested", "always"]
ClientAuthentication = Literal["strict", "lenient", "repeated"]
RefreshTokens = Literal["always", "offline_access", "requested", "access_type"]
StepUp = Literal["registered", "always", "never"]
UnknownScopes = Literal["refuse", "ignore"]


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Settings of ``IssuerSettings`` under the same names; ``None``: as the issuer has it."""

    access_token_claims: tuple[str, ...] | None = None
    claims_in_id_token: bool | None = None
    client_authentication: ClientAuthentication | None = None
    pkce_required: bool | None = None
    pkce_plain: bool | None = None
    refresh_grace: int | None = None
    refresh_tokens: RefreshTokens | None = None
    second_factor: AskSecondFactor | None = None
    step_up: StepUp | None = None
    unknown_scopes: UnknownScopes | None = None
