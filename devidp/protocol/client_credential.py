"""The credential that a request presents for its client, and the methods that read and check one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.protocol.request import ProtocolRequest
from devidp.protocol.single_use import SingleUse

SECTION = "OAuth 2.1 section 2.4"


@dataclass(frozen=True, slots=True)
class ClientCredential:
    """What was presented by one method. Each of ``readings`` is a client id with its secret or assertion."""

    method: str
    readings: tuple[tuple[str, str], ...] = field(repr=False)
    challenge: Mapping[str, str] = field(default_factory=dict)
    """Headers of the answer where the credentials are refused."""


@dataclass(frozen=True, slots=True)
class AuthMethod:
    """``check`` raises InvalidClient where the credential is not the client's, and gives what of it counts once."""

    read: Callable[[Issuer, ProtocolRequest], ClientCredential | None]
    check: Callable[[Issuer, Client, str], SingleUse | None]
