"""A user and a client that the probe adds to devidp, to end what they have: nobody else's tokens die of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from devidp.probe.issuer_side import IssuerSide, Token
from devidp.probe.subject import Subject
from devidp.system.interruption import uninterrupted
from devidp.web.api_client import ApiError

LIKE = ("claims", "scopes", "mfa")
"""What the user has in common with the one of sound tokens, as a target may look at it."""
REDIRECT_URI = "http://localhost/devidp-probe"


@dataclass(frozen=True, slots=True)
class Account:
    """Is there as long as the context of ``opened``."""

    subject: Subject
    user: str
    client: str
    secret: str

    @property
    def _side(self) -> IssuerSide:
        return self.subject.issuer_side

    def mint(self) -> Token:
        """A sound token of this user and client."""
        claims = self.subject.ground.minted.claims if self.subject.ground.minted else {}
        same = {name: claims[claim] for name, claim in (("audience", "aud"), ("scope", "scope")) if claims.get(claim)}
        return self.subject.mint(**same, user=self.user, client=self.client, free=True)

    def end_grants(self) -> None:
        """End all that the user has authorized."""
        self._side.api.post(f"/users/{self.user}/revoke")

    def disable_user(self) -> None:
        self._side.api.patch(f"/users/{self.user}", disabled=True)

    def delete_client(self) -> None:
        self._side.api.delete(f"/clients/{self.client}")

    def revoke(self, token: str) -> None:
        """Revoke it as its client does (RFC 7009 section 2.1); raises ApiError."""
        issuer = self.subject.issuer_url
        if not issuer:
            raise ApiError("which issuer it is, neither its tokens nor its ID tokens say")
        form = {"token": token, "client_id": self.client, "client_secret": self.secret}
        self._side.post_form(self._side.endpoint(issuer, "revocation_endpoint"), form)


@contextmanager
def opened(subject: Subject) -> Iterator[Account]:
    """Raises ApiError. Nothing of it is left in devidp."""
    api = subject.issuer_side.api
    issuer, name = subject.issuer, f"devidp-probe-{secrets.token_hex(4)}"
    account = Account(subject, name, name, secrets.token_urlsafe(16))
    with ExitStack() as undo:
        with uninterrupted():
            api.post("/users", username=account.user, issuer=issuer, **_like(subject))
            undo.callback(api.delete, f"/users/{account.user}")
        with uninterrupted():
            entry = {"grants": ["authorization_code"], "redirect_uris": [REDIRECT_URI], "secret": account.secret}
            api.post("/clients", client_id=account.client, issuer=issuer, auth_method="client_secret_post", **entry)
            undo.callback(_without_client, account)
        yield account


def _without_client(account: Account) -> None:
    with suppress(ApiError):  # a trial may have deleted it
        account.delete_client()


def _like(subject: Subject) -> Mapping[str, Any]:
    """What the user of sound tokens has."""
    sub = subject.ground.minted.claims.get("sub") if subject.ground.minted else None
    users = subject.issuer_side.api.get("/users")["users"]
    known: Mapping[str, Any] = next((each for each in users if sub in (each["sub"], each["username"])), {})
    return {name: known[name] for name in LIKE if known.get(name)}
