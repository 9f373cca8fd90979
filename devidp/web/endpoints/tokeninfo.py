"""What a token says, for whoever has it, as Google's libraries and documentation ask for it.

Like introspection it knows whether the token is good at this moment; unlike it, having the token is enough.
"""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.oauth import scope
from devidp.oauth.errors import InvalidRequest, InvalidToken
from devidp.oauth.identifiers import is_of_user
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.request import Request
from devidp.web.response import Response, json_response

KINDS = ("access_token", "id_token")
REFUSED = {"Cache-Control": "no-store"}


def tokeninfo(server: Server, context: Context) -> Response:
    kind, token = _presented(context.request)
    found = (_access_token if kind == "access_token" else _id_token)(server.issuer, token)
    if found is None:
        raise InvalidToken(
            f"The {kind} is not one of issuer {server.issuer.url}, or it has expired, was revoked, or is not valid yet",
            remedy="Get a new one; `devidp` prints why each token was issued and revoked",
            status=400,
            headers=REFUSED,
        )
    context.facts.client = str(found["aud"])
    return json_response({name: _written(value) for name, value in found.items()})


def _presented(request: Request) -> tuple[str, str]:
    """The kind of the token and the token: in the query, in the body, or in the header (RFC 6750 section 2)."""
    places = (request.query_parameters(), request.form_parameters() if request.body else Parameters())
    sent = [(kind, token) for place in places for kind in KINDS if (token := place.get(kind))]
    if (bearer := request.bearer_token()) is not None:
        sent.append(("access_token", bearer))
    if len(sent) != 1:
        came = " and ".join(kind for kind, _ in sent) or "none"
        raise InvalidRequest(f"Got {came}, expected one token", remedy="Send access_token or id_token")
    return sent[0]


def _access_token(issuer: Issuer, token: str) -> dict[str, Any] | None:
    claims = issuer.read_access_token(token)
    if claims is None:
        return None
    answer = {"azp": claims["client_id"], "aud": claims["client_id"], "scope": claims["scope"], "exp": claims["exp"]}
    answer["expires_in"] = int(claims["exp"] - issuer.clock.now())
    if not is_of_user(claims):
        return answer
    user, client = issuer.user_of(claims), issuer.client(claims["client_id"])
    if user is None or user.disabled or client is None:
        return None
    email = {"email", "email_verified"}
    released = issuer.released_claims(user, client, scope.parse(claims["scope"]))
    return answer | {"sub": claims["sub"]} | {name: value for name, value in released.items() if name in email}


def _id_token(issuer: Issuer, token: str) -> dict[str, Any] | None:
    claims = issuer.read_id_token(token)
    if claims is None or not issuer.is_of_now(claims):
        return None
    header, said = (tokens.members(each) or {} for each in token.split(".")[:2])
    return said | {name: header[name] for name in ("alg", "kid", "typ") if name in header}


def _written(value: Any) -> Any:
    """Numbers and booleans are texts in the answer, as they are at Google."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value
