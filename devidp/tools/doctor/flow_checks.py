"""Checks of what an issuer answers to a client that registers, asks and fails."""

from __future__ import annotations

from devidp.tools.doctor.facts import REDIRECT, IssuerFacts
from devidp.tools.doctor.finding import (
    CLAUDE_CODE,
    CODEX,
    INSPECTOR,
    PYTHON,
    REMOTE,
    TYPESCRIPT,
    Checks,
    Finding,
    bad,
    doubtful,
    good,
)  # fmt: skip

CHECKS = Checks[IssuerFacts]()
STRICT_ON_ISS = (PYTHON, TYPESCRIPT, REMOTE, INSPECTOR, CODEX, CLAUDE_CODE)


@CHECKS.add
def registers(issuer: IssuerFacts) -> Finding | None:
    answer = issuer.registration
    if answer is None:
        return None
    if answer.status not in (200, 201) or not answer.members.get("client_id"):
        why = answer.members.get("error_description") or answer.members.get("error") or "no client_id"
        return bad(
            f"a public client with the redirect URI {REDIRECT} cannot register: {answer.summary}, {why}",
            "Let public clients with loopback redirect URIs register without a token (RFC 7591, RFC 8252)",
        )
    missing = [name for name in ("redirect_uris", "token_endpoint_auth_method") if name not in answer.members]
    if missing:
        return bad(
            f"the registration does not echo {', '.join(missing)}",
            "Respond with all metadata of the client (RFC 7591 section 3.2.1)",
            PYTHON,
            TYPESCRIPT,
        )
    return good("a public client registers, and gets its metadata back")


@CHECKS.needs("foreign_redirect")
def foreign_redirect(issuer: IssuerFacts) -> Finding:
    answer = issuer.foreign_redirect
    if answer.headers.get("location", "").startswith("https://attacker.example"):
        return bad(
            "a redirect URI that was never registered is redirected to: codes can be stolen",
            "Compare with the registered ones, character by character, and show an error page otherwise",
        )
    return good("an unregistered redirect URI is not redirected to")


@CHECKS.needs("other_port")
def loopback_port(issuer: IssuerFacts) -> Finding:
    answer = issuer.other_port
    if answer.status >= 400:
        return bad(
            f"a loopback redirect URI at another port than the registered one is refused: {answer.summary}",
            "Leave the port of loopback addresses open (RFC 8252 section 7.3)",
            CLAUDE_CODE,
            CODEX,
            "VS Code",
        )
    return good("loopback redirect URIs match on any port")


@CHECKS.needs("without_proof")
def pkce_required(issuer: IssuerFacts) -> Finding:
    answer = issuer.without_proof
    if answer.status >= 400 or "error" in answer.redirect():
        return good("a request without PKCE is refused")
    return doubtful(
        "a request of a public client without code_challenge is not refused at once",
        "Ask every public client for PKCE (OAuth 2.1 section 7.5)",
    )


@CHECKS.add
def iss(issuer: IssuerFacts) -> Finding | None:
    sent = issuer.without_proof.redirect()
    if "error" not in sent:
        return None
    advertised = issuer.metadata.get("authorization_response_iss_parameter_supported") is True
    if advertised and "iss" not in sent:
        return bad(
            "iss is advertised and not sent", "Send iss in every response, errors too (RFC 9207)", *STRICT_ON_ISS
        )
    if "iss" in sent and sent["iss"] != issuer.metadata.get("issuer"):
        return bad(f"iss is {sent['iss']!r}, and not the issuer", "Send the issuer, byte by byte", *STRICT_ON_ISS)
    return good("iss comes with errors too") if advertised else None


@CHECKS.add
def token_errors(issuer: IssuerFacts) -> Finding | None:
    answer = issuer.token_error
    if answer is None:
        return None
    error = answer.members.get("error")
    if answer.status in (400, 401) and isinstance(error, str):
        return good(f"the token endpoint refuses with {error}")
    return bad(
        f"a wrong code is not refused with an OAuth error in JSON: {answer.summary}",
        'Respond with 400 and {"error": "invalid_grant"}: clients act by the code (RFC 6749 section 5.2)',
    )


@CHECKS.add
def jwks(issuer: IssuerFacts) -> Finding | None:
    answer = issuer.jwks
    if answer is None:
        return None
    keys = answer.members.get("keys")
    if answer.status != 200 or not isinstance(keys, list):
        reason = f"there is no JWK Set: {answer.summary}"
        return bad(reason, "Serve it at jwks_uri", "every server that verifies tokens")
    unnamed = [key for key in keys if not isinstance(key, dict) or not key.get("kid")]
    if not keys or unnamed:
        what = f"{len(unnamed)} of {len(keys)} keys have no kid" if keys else "the JWK Set is empty"
        return bad(what, "Publish every signing key, with its kid", "every server that verifies tokens")
    return good(f"{len(keys)} keys, each with a kid")


@CHECKS.needs("metadata")
def cors(issuer: IssuerFacts) -> Finding:
    metadata = next(answer for answer in issuer.documents.values() if answer.status == 200)
    asked = {"the metadata": metadata, "the token endpoint": issuer.token_preflight}
    closed = [
        name
        for name, answer in asked.items()
        if answer is not None and "access-control-allow-origin" not in answer.headers
    ]
    if closed:
        return doubtful(
            f"pages of other origins may not use {' and '.join(closed)}",
            "Send Access-Control-Allow-Origin: *, and answer the preflight request",
            "clients in a browser",
        )
    return good("pages of other origins may use metadata and token endpoint")
