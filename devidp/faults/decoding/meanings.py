"""What the members of a header and the claims of a token mean, and which specification says so."""

from __future__ import annotations

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """What a member says, in a few words, and its section."""

    words: str
    section: str


def header(name: str) -> Meaning | None:
    """The meaning of a header parameter; ``None`` for one that no specification here has."""
    return _HEADER.get(name)


def claim(name: str) -> Meaning | None:
    """The meaning of a claim."""
    return _CLAIMS.get(name)


_HEADER: Final = {
    "alg": Meaning("the algorithm of the signature", "RFC 7515 section 4.1.1"),
    "typ": Meaning("the kind of token", "RFC 7515 section 4.1.9"),
    "cty": Meaning("what is inside: JWT for a nested token", "RFC 7515 section 4.1.10"),
    "kid": Meaning("the key that signed, by its id in the JWK Set", "RFC 7515 section 4.1.4"),
    "jwk": Meaning("a public key that came along: never to be trusted", "RFC 7515 section 4.1.3"),
    "jku": Meaning("the address of a JWK Set: never to be followed", "RFC 7515 section 4.1.2"),
    "x5u": Meaning("the address of a certificate: never to be followed", "RFC 7515 section 4.1.5"),
    "x5c": Meaning("the certificates of the key", "RFC 7515 section 4.1.6"),
    "x5t": Meaning("the SHA-1 of the certificate", "RFC 7515 section 4.1.7"),
    "x5t#S256": Meaning("the SHA-256 of the certificate", "RFC 7515 section 4.1.8"),
    "crit": Meaning("extensions that a verifier has to know", "RFC 7515 section 4.1.11"),
    "enc": Meaning("the algorithm that encrypts the content", "RFC 7516 section 4.1.2"),
    "zip": Meaning("the compression of the content", "RFC 7516 section 4.1.3"),
    "epk": Meaning("the sender's key of this encryption", "RFC 7518 section 4.6.1.1"),
    "nonce": Meaning("a value of the provider: in tokens of Microsoft Graph, hashed before signing", ""),
}
_CLAIMS: Final = {
    "iss": Meaning("who issued it", "RFC 7519 section 4.1.1"),
    "sub": Meaning("whom it is about, by an id of the issuer", "RFC 7519 section 4.1.2"),
    "aud": Meaning("whom it is for: whoever gets it has to find itself here", "RFC 7519 section 4.1.3"),
    "exp": Meaning("when it stops being valid", "RFC 7519 section 4.1.4"),
    "nbf": Meaning("when it becomes valid", "RFC 7519 section 4.1.5"),
    "iat": Meaning("when it was issued", "RFC 7519 section 4.1.6"),
    "jti": Meaning("its own id, by which a copy is recognised", "RFC 7519 section 4.1.7"),
    "client_id": Meaning("the client that got it", "RFC 8693 section 4.3"),
    "scope": Meaning("what it allows, separated by spaces", "RFC 8693 section 4.2"),
    "scp": Meaning("what it allows, as Microsoft, Okta and others have it", ""),
    "act": Meaning("who acts for the subject", "RFC 8693 section 4.1"),
    "may_act": Meaning("who may act for the subject", "RFC 8693 section 4.4"),
    "cnf": Meaning("the key that its sender has to prove", "RFC 7800 section 3.1"),
    "authorization_details": Meaning("what it allows, in detail", "RFC 9396 section 9.1"),
    "resource": Meaning("what an ID-JAG is good for at its audience", "RFC 8707 section 2"),
    "azp": Meaning("the client that it was issued to", "OpenID Connect Core section 2"),
    "nonce": Meaning("what the client sent, so that it knows its own login", "OpenID Connect Core section 2"),
    "auth_time": Meaning("when the user logged in", "OpenID Connect Core section 2"),
    "acr": Meaning("how strong the login was", "OpenID Connect Core section 2"),
    "amr": Meaning("the ways in which the user logged in", "RFC 8176 section 1"),
    "at_hash": Meaning("the hash of the access token that came with it", "OpenID Connect Core section 3.1.3.6"),
    "c_hash": Meaning("the hash of the code that came with it", "OpenID Connect Core section 3.3.2.11"),
    "s_hash": Meaning("the hash of the state that came with it", "FAPI 1.0 part 2 section 5.1"),
    "sid": Meaning("the session at the issuer", "OpenID Connect Front-Channel Logout section 3"),
    "events": Meaning("what happened: in a logout token, that somebody logged out",
                      "OpenID Connect Back-Channel Logout section 2.4"),
    "htm": Meaning("the method of the request that it proves", "RFC 9449 section 4.2"),
    "htu": Meaning("the address of the request that it proves", "RFC 9449 section 4.2"),
    "ath": Meaning("the hash of the access token that it is sent with", "RFC 9449 section 4.2"),
    "roles": Meaning("roles of the user", "RFC 9068 section 2.2.3.1"),
    "groups": Meaning("groups of the user", "RFC 9068 section 2.2.3.1"),
    "entitlements": Meaning("entitlements of the user", "RFC 9068 section 2.2.3.1"),
    "_sd": Meaning("hashes of claims that are disclosed one by one", "RFC 9901 section 4.2.4.1"),
    "_sd_alg": Meaning("the algorithm of those hashes", "RFC 9901 section 4.1.1"),
    "vct": Meaning("the type of a credential", "draft-ietf-oauth-sd-jwt-vc"),
    "tid": Meaning("the tenant, as Microsoft has it", ""),
    "oid": Meaning("the user, as Microsoft has it: the same for every client", ""),
    "ver": Meaning("the version of the token, as Microsoft and Okta have it", ""),
    "token_use": Meaning("the kind of token, as Cognito has it", ""),
    "org_id": Meaning("the organization, as Auth0 and others have it", ""),
    "tenant_id": Meaning("the tenant of the user", ""),
    "permissions": Meaning("what it allows, as Auth0 has it", ""),
    "realm_access": Meaning("roles of the realm, as Keycloak has it", ""),
    "resource_access": Meaning("roles at clients, as Keycloak has it", ""),
    "session_state": Meaning("the session at the issuer, as Keycloak has it", ""),
    **{
        name: Meaning(words, "OpenID Connect Core section 5.1")
        for name, words in {
            "name": "the full name", "given_name": "the first name", "family_name": "the last name",
            "middle_name": "the middle name", "nickname": "the nickname", "profile": "the profile page",
            "preferred_username": "how the user wants to be called: neither unique nor lasting",
            "picture": "the address of a picture", "website": "the website", "email": "the e-mail address",
            "email_verified": "whether the e-mail address was checked", "gender": "the gender",
            "birthdate": "the date of birth", "zoneinfo": "the time zone", "locale": "the language",
            "phone_number": "the phone number", "phone_number_verified": "whether the phone number was checked",
            "address": "the postal address", "updated_at": "when the profile was changed last",
        }.items()
    },
}  # fmt: skip
DATES: Final = ("exp", "nbf", "iat", "auth_time", "updated_at")
"""Claims that are seconds since the epoch."""
