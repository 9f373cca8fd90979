"""Settings with a few named values, which an issuer has and a client may have of its own."""

from __future__ import annotations

from typing import Annotated, get_args

from devidp.models import client_settings, settings
from devidp.seed.claims import RESERVED
from devidp.seed.fields import Before, choice, text
from devidp.seed.problems import Refused, describe


def _claim(value: object) -> str:
    name = text(value)
    if name in RESERVED:
        raise Refused(f"{describe(name)}, a claim that the issuer sets itself; remove it")
    return name


ClaimName = Annotated[str, Before(_claim)]
ClientAuthentication = Annotated[
    client_settings.ClientAuthentication, Before(choice(get_args(client_settings.ClientAuthentication)))
]
RefreshTokens = Annotated[client_settings.RefreshTokens, Before(choice(get_args(client_settings.RefreshTokens)))]
SecondFactor = Annotated[client_settings.AskSecondFactor, Before(choice(get_args(client_settings.AskSecondFactor)))]
StepUp = Annotated[client_settings.StepUp, Before(choice(get_args(client_settings.StepUp)))]
UnknownScopes = Annotated[client_settings.UnknownScopes, Before(choice(get_args(client_settings.UnknownScopes)))]
UserScopes = Annotated[settings.UserScopes, Before(choice(get_args(settings.UserScopes)))]
UnknownUsers = Annotated[settings.UnknownUsers, Before(choice(get_args(settings.UnknownUsers)))]
UnknownClients = Annotated[settings.UnknownClients, Before(choice(get_args(settings.UnknownClients)))]
UnknownResources = Annotated[settings.UnknownResources, Before(choice(get_args(settings.UnknownResources)))]
