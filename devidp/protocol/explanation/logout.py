"""The parameters of a logout request: what devidp does with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from devidp.oauth import redirect_uri
from devidp.protocol.explanation.authorization import COMES_BACK, LANGUAGE
from devidp.protocol.explanation.table import Asked, Meaning

SECTION = "OpenID Connect RP-Initiated Logout section 2"


def _client_id(asked: Asked, _: str) -> str:
    return "Says which client asks." if asked.client else "No client of this issuer has it."


def _target(asked: Asked, value: str) -> str:
    known = asked.client.post_logout_redirect_uris if asked.client else ()
    if redirect_uri.find(known, value) is None:
        return "Not registered for this client: the browser does not go there."
    return "Registered: the browser goes there after the logout."


def _state(asked: Asked, _: str) -> str:
    if "post_logout_redirect_uri" in asked.parameters:
        return COMES_BACK
    return "Ignored: the browser does not go back."


LOGOUT: Final[Mapping[str, Meaning]] = {
    "id_token_hint": Meaning(
        SECTION,
        "An ID token says of whose session the logout is: where it is of this one, nobody need be asked.",
        "Did not come: nothing proves that a client of this session asks.",
    ),
    "client_id": Meaning(SECTION, _client_id),
    "post_logout_redirect_uri": Meaning(
        "OpenID Connect RP-Initiated Logout section 3", _target, "Did not come: the browser stays here afterwards."
    ),
    "state": Meaning(SECTION, _state),
    "ui_locales": Meaning(SECTION, LANGUAGE),
    "logout_hint": Meaning(SECTION, "Ignored: the browser has one session here at most."),
}
