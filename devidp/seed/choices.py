"""Settings with a few named values, which an issuer has and a client may have of its own."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import BeforeValidator

from devidp.models import client_settings, settings
from devidp.seed.claims import RESERVED
from devidp.seed.fields import choice, text
from devidp.seed.problems import Refused, describe


def _claim(value: object) -> str:
    name = text(value)
    if name in RESERVED:
        raise Refused(f"{describe(name)}, a claim that the issuer sets itself; remove it")
    return name


ClaimName = Annotated[str, BeforeValidator(_claim)]
ClientAuthentication = Annotated[
    client_settings.ClientAuthentication, BeforeValidator(choice(get_args(client_settings.ClientAuthentication)))
]
RefreshTokens = Annotated[
    client_settings.RefreshTokens, BeforeValidator(choice(get_args(client_settings.RefreshTokens)))
]
SecondFactor = Annotated[
    client_settings.AskSecondFactor, BeforeValidator(choice(get_args(client_settings.AskSecondFactor)))
]
StepUp = Annotated[client_settings.StepUp, BeforeValidator(choice(get_args(client_settings.StepUp)))]
UnknownScopes = Annotated[
    client_settings.UnknownScopes, BeforeValidator(choice(get_args(client_settings.UnknownScopes)))
]
UserScopes = Annotated[settings.UserScopes, BeforeValidator(choice(get_args(settings.UserScopes)))]
UnknownResources = Annotated[settings.UnknownResources, BeforeValidator(choice(get_args(settings.UnknownResources)))]
