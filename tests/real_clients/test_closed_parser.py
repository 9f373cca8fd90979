"""A discovery parser as closed as that of pmcp: one value that it does not know, and the whole document fails."""

from __future__ import annotations

from typing import Annotated, Literal

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from tests.real_clients.verifier import metadata


class Discovery(BaseModel):
    """What it requires, and the only values that it knows; members of other names are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    issuer: StrictStr
    authorization_endpoint: StrictStr
    token_endpoint: StrictStr
    response_types_supported: list[Literal["code", "token"]]
    grant_types_supported: list[Literal["authorization_code", "refresh_token", "client_credentials", "password"]]
    scopes_supported: list[StrictStr]
    token_endpoint_auth_methods_supported: list[StrictStr]
    code_challenge_methods_supported: list[StrictStr]


class TokenResponse(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    access_token: StrictStr
    token_type: StrictStr
    expires_in: Annotated[StrictInt, Field(ge=0)]


def test_the_default_issuer_is_read(issuer: str) -> None:
    read = Discovery.model_validate(metadata(issuer))
    assert read.issuer == issuer
    assert read.grant_types_supported == ["authorization_code", "refresh_token", "client_credentials"]


def test_the_parser_is_as_closed_as_it_says(issuer: str) -> None:
    document = metadata(issuer)
    with pytest.raises(ValidationError, match="grant_types_supported"):
        Discovery.model_validate(
            {**document, "grant_types_supported": ["urn:ietf:params:oauth:grant-type:device_code"]}
        )
    with pytest.raises(ValidationError, match="code_challenge_methods_supported"):
        Discovery.model_validate({n: v for n, v in document.items() if n != "code_challenge_methods_supported"})


def test_the_token_response_is_read(issuer: str) -> None:
    answer = httpx.post(
        Discovery.model_validate(metadata(issuer)).token_endpoint,
        data={"grant_type": "client_credentials"},
        auth=("service", "service-secret"),
    )
    assert TokenResponse.model_validate(answer.json()).expires_in == 3600
