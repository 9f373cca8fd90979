"""A logout request: of which client, for whose session, and where the browser goes afterwards.

What cannot be verified is refused on a page: nothing may be redirected on the word of a stranger
(RP-Initiated Logout section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.models import Client, Session, User
from devidp.oauth import redirect_uri
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol.authorization import known_client

SECTION = "OpenID Connect RP-Initiated Logout section 2"
TARGET = "post_logout_redirect_uri"


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """A checked request; ``target`` is where the browser goes afterwards, with ``state``."""

    parameters: Parameters
    client: Client | None
    hint: dict[str, Any] | None
    """The claims of the ID token in ``id_token_hint``."""
    target: str | None

    def is_asked_about(self, issuer: Issuer, user: User, session: Session) -> bool:
        """Whether the user has to confirm it, as the issuer is set up."""
        mode = issuer.settings.confirm_logout
        return mode == "always" or (mode == "unproven" and not self.proves(issuer, user, session))

    def proves(self, issuer: Issuer, user: User, session: Session) -> bool:
        """Whether the client has shown an ID token of ``session``, so that nobody needs to be asked."""
        if self.hint is None or self.client is None or self.hint.get("sid") != session.sid:
            return False
        return bool(self.hint["sub"] == issuer.subject(user, self.client))


def with_standard_names(issuer: Issuer, parameters: Parameters) -> Parameters:
    """``parameters`` with a ``post_logout_redirect_uri`` that came under another name; raises InvalidRequest."""
    given = [name for name in (TARGET, *issuer.settings.logout_redirect_parameters) if name in parameters]
    if len(given) > 1:
        raise InvalidRequest(
            f"The parameters {' and '.join(map(quoted, given))} came, which say the same here",
            remedy="Send one of them",
        )
    if not given or given == [TARGET]:
        return parameters
    return Parameters((TARGET if name == given[0] else name, value) for name, value in parameters.pairs())


def check(issuer: Issuer, parameters: Parameters) -> LogoutRequest:
    """The request in ``parameters``; raises InvalidRequest, for the user's eyes."""
    parameters.refuse_repeated()
    hint = _hint(issuer, parameters)
    client = _client(issuer, parameters, hint)
    return LogoutRequest(parameters, client, hint, _target(parameters, client))


def _hint(issuer: Issuer, parameters: Parameters) -> dict[str, Any] | None:
    token = parameters.get("id_token_hint")
    if token is None:
        return None
    claims = issuer.read_id_token(token)
    if claims is None:
        raise InvalidRequest(
            "The id_token_hint is not an ID token that this issuer signed",
            remedy="Send the ID token that the client got here, as it was; it may have expired",
            section=SECTION,
        )
    return claims


def _client(issuer: Issuer, parameters: Parameters, hint: dict[str, Any] | None) -> Client | None:
    named = parameters.get("client_id")
    if hint is not None and named is not None and hint["aud"] != named:
        raise InvalidRequest(
            f"client_id is {quoted(named)}, the id_token_hint was issued to {quoted(hint['aud'])}",
            remedy="Send an ID token of this client, or leave client_id out",
            section=SECTION,
            got=named,
            expected=[hint["aud"]],
        )
    client_id = named if hint is None else hint["aud"]
    if client_id is None:
        return None
    return known_client(issuer, parameters.replaced("client_id", client_id))


def _target(parameters: Parameters, client: Client | None) -> str | None:
    requested = parameters.get(TARGET)
    if requested is None:
        return None
    if client is None:
        raise InvalidRequest(
            "post_logout_redirect_uri was sent without anything that identifies the client",
            remedy="Send the id_token_hint as well, or client_id",
            section="OpenID Connect RP-Initiated Logout section 3",
        )
    if not client.may_redirect(requested, client.post_logout_redirect_uris):
        raise InvalidRequest(
            f"The post_logout_redirect_uri {quoted(requested)} is not registered for client "
            f"{quoted(client.client_id)}, which has: {' '.join(client.post_logout_redirect_uris) or 'none'}",
            remedy="Send a registered one, character by character (the port of a loopback address may differ), "
            "or register this one",
            section="OpenID Connect RP-Initiated Logout section 3",
            got=requested,
            expected=redirect_uri.as_requested(client.post_logout_redirect_uris, requested),
        )
    state = parameters.get("state")
    return requested if state is None else redirect_uri.with_query(requested, {"state": state})
