"""The parameters of an authorization request: what devidp does with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from devidp.issuer import known_users
from devidp.oauth import claims_request, names, redirect_uri, response_type
from devidp.oauth.errors import OAuthError
from devidp.protocol import response_mode
from devidp.protocol.explanation.table import Asked, Meaning

OAUTH = "OAuth 2.1 section 4.1.1"
OPENID = "OpenID Connect Core section 3.1.2.1"
PKCE = "RFC 7636 section 4.3"


def client_id(asked: Asked, _: str) -> str:
    client = asked.client
    if client is None:
        return "No client of this issuer has it."
    origin = "a document describes it" if client.document else "it registered itself" if client.registered else ""
    if client.unlisted:
        return "The client is not in the seed: the issuer takes any (unknown_clients), with any secret or none."
    where = origin or "it is in the seed"
    kind = "public: it has no secret" if client.public else "confidential: it has to prove who it is for a token"
    return f"The client is {kind}; {where}."


def where_to(asked: Asked, value: str) -> str:
    if asked.client is None:
        return "Nothing is sent there: the client is not known."
    registered = redirect_uri.find(asked.client.redirect_uris, value)
    if registered is None and asked.client.may_redirect(value, ()):
        return "Not registered, and it need not be: the answer goes there."
    if registered is None:
        return "Not registered for this client: nothing is sent there."
    if registered == value:
        return "Registered: the answer goes there."
    return f"Registered as {registered}, and the port of a loopback address may differ: the answer goes there."


def no_redirect_uri(asked: Asked) -> str:
    only = asked.client.redirect_uris if asked.client else ()
    return f"Did not come: the one that is registered is used, {only[0]}." if len(only) == 1 else ""


_PARTS = {"code": "a code, for which the client gets tokens", "token": "an access token", "id_token": "an ID token"}


def kind(_: Asked, value: str) -> str:
    if response_type.canonical(value) is None:
        return "No response type that any specification has."
    parts = response_type.parts(value)
    return f"The answer brings {' and '.join(text for name, text in _PARTS.items() if name in parts)}."


_MODES = {
    "query": "The answer comes in the query of the redirect URI.",
    "fragment": "The answer comes in the fragment of the redirect URI, which no server sees.",
    names.FORM_POST: "A page posts the answer to the redirect URI.",
    names.WEB_MESSAGE: "A page hands the answer to the window that opened it.",
}


def mode(asked: Asked, value: str) -> str:
    if value not in response_mode.supported_modes(asked.issuer):
        return f"This issuer has {', '.join(response_mode.supported_modes(asked.issuer))}."
    return _MODES[value]


def scope(asked: Asked, value: str) -> str:
    wanted = value.split()
    unknown = [name for name in wanted if name not in asked.issuer.seed.scopes]
    said = ["What of it the user and the client may have is granted."]
    if "openid" in wanted:
        said.append("With openid comes an ID token.")
    if unknown and not asked.issuer.settings.resource_in_scope:
        said.append(f"Not in the seed: {' '.join(unknown)}.")
    offline = asked.issuer.settings.refresh_tokens == "offline_access" and "consent" not in asked.words("prompt")
    if "offline_access" in wanted and offline:
        said.append("offline_access is ignored without prompt=consent.")
    return " ".join(said)


def nonce(asked: Asked, _: str) -> str:
    if "openid" in asked.words("scope"):
        return "Comes back in the ID token: the client compares it with its own."
    return "Ignored: without the scope openid there is no ID token."


def no_nonce(asked: Asked) -> str:
    openid = "openid" in asked.words("scope")
    return "Did not come: the ID token has none, and the client cannot tell by it whose login it is." if openid else ""


def challenge(asked: Asked, _: str) -> str:
    if asked.parameters.get("code_challenge_method") == "S256":
        return "The code can be exchanged only with the verifier that has this SHA-256 hash."
    return "The code can be exchanged only with this text as verifier."


def no_challenge(asked: Asked) -> str:
    if "code" not in asked.words("response_type"):
        return ""
    if asked.client is not None and asked.issuer.settings_for(asked.client).pkce_required:
        return "Did not come, and this issuer requires it."
    return "Did not come, which the seed allows: whoever gets hold of the code may exchange it."


def method(asked: Asked, value: str) -> str:
    if value == "S256":
        return "The challenge is a SHA-256 hash of the verifier."
    plain = "the seed allows that" if asked.issuer.settings.pkce_plain else "this issuer takes S256"
    return f"The challenge is the verifier itself, and {plain}." if value == "plain" else "Expected S256."


_PROMPTS = {
    "none": "No page may be shown: where one is needed, the client gets an error.",
    "login": "Asks for a login",
    "select_account": "Asks for an account",
    "consent": "Asks for consent, also where it was given before.",
}


def prompt(asked: Asked, value: str) -> str:
    known = [_PROMPTS[name] for name in value.split() if name in _PROMPTS]
    though = f", though {asked.username} is logged in." if asked.username else "."
    return " ".join(text if text.endswith(".") else text + though for text in known) or "No prompt of this issuer."


def max_age(_: Asked, value: str) -> str:
    return "Asks for a new login." if value == "0" else f"A login of more than {value} s ago is not good enough."


def login_hint(asked: Asked, value: str) -> str:
    user = known_users.find(asked.issuer, value)
    return f"{user.username} stands first." if user else "Nobody here goes by that: it is filled into the form."


def acr_values(asked: Asked, value: str) -> str:
    offered = asked.issuer.settings.acr_values
    known = [f"{name} (factors: {offered[name]})" for name in value.split() if name in offered]
    return f"The first that the user can reach: {', '.join(known)}." if known else "Ignored: no class of this issuer."


def claims(asked: Asked, value: str) -> str:
    if not asked.issuer.supports(names.CLAIMS_PARAMETER):
        return "Ignored: this issuer does not have the claims parameter."
    if "openid" not in asked.words("scope"):
        return "Ignored without the scope openid."
    try:
        wanted = claims_request.parse(value)
    except OAuthError:
        return "Expected JSON with id_token or userinfo."
    return f"Asks by name for {', '.join(dict.fromkeys([*wanted.id_token, *wanted.userinfo])) or 'nothing'}."


def audience(asked: Asked, _: str) -> str:
    return "Says the same as resource." if "resource" in asked.parameters else "Read as resource, the standard's name."


def dpop_jkt(asked: Asked, _: str) -> str:
    if not asked.issuer.supports(names.DPOP):
        return "Ignored: this issuer does not have DPoP."
    return "The code can be exchanged only with a proof of the key that has this thumbprint."


def access_type(asked: Asked, value: str) -> str:
    if asked.issuer.settings.refresh_tokens != "access_type":
        return "Ignored: at this issuer it does not decide on refresh tokens."
    return "Asks for a refresh token." if value == "offline" else "Asks for no refresh token."


LANGUAGE: Final = "The name of the client is shown in this language, where it has one; the pages are English."
COMES_BACK: Final = "Comes back as it is: the client compares it with its own."

AUTHORIZATION: Final[Mapping[str, Meaning]] = {
    "client_id": Meaning(OAUTH, client_id),
    "request": Meaning("RFC 9101 section 5", "A request object: its parameters count, and none beside it."),
    "request_uri": Meaning("RFC 9101 section 5", "Where the parameters are: those count, and none beside it."),
    "redirect_uri": Meaning("OAuth 2.1 section 2.3", where_to, no_redirect_uri),
    "response_type": Meaning(OAUTH, kind),
    "response_mode": Meaning(response_mode.SECTION, mode),
    "scope": Meaning("OAuth 2.1 section 1.4.1", scope, "Did not come: the default scopes are meant."),
    "state": Meaning(OAUTH, COMES_BACK, "Did not come, so the client cannot tell by it whose login this was."),
    "nonce": Meaning(OPENID, nonce, no_nonce),
    "code_challenge": Meaning(PKCE, challenge, no_challenge),
    "code_challenge_method": Meaning(PKCE, method),
    "prompt": Meaning(OPENID, prompt),
    "max_age": Meaning(OPENID, max_age),
    "login_hint": Meaning(OPENID, login_hint),
    "id_token_hint": Meaning(OPENID, "Only the user of this ID token will do."),
    "acr_values": Meaning(OPENID, acr_values),
    "claims": Meaning(claims_request.SECTION, claims),
    "resource": Meaning("RFC 8707 section 2", "The access token is for it, as its aud says."),
    "audience": Meaning("RFC 8707 section 2", audience),
    "dpop_jkt": Meaning("RFC 9449 section 10", dpop_jkt),
    "access_type": Meaning("Google's OAuth 2.0", access_type),
    "ui_locales": Meaning(OPENID, LANGUAGE),
    "claims_locales": Meaning("OpenID Connect Core section 5.2", "Ignored: claims are as the seed has them."),
    "display": Meaning(OPENID, "Ignored: the pages are the same for everybody."),
    "authorization_details": Meaning("RFC 9396 section 2", "Ignored: this issuer has no types of details."),
}
