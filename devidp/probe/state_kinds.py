"""What can be wrong with how a target learns of changes at its issuer."""

from __future__ import annotations

from devidp.report import Kind, Severity

UNTIL_EXPIRY = Kind(
    "trusts-until-expiry",
    Severity.ADVICE,
    "Never learns that a token was revoked, and the token lives long",
    "Whoever stole a token, or was dismissed, goes on until it expires; nothing at the issuer can end that.",
    "RFC 6750 section 5.3",
    "revocation",
)
STILL_TRUSTED = Kind(
    "still-trusted",
    Severity.MEDIUM,
    "Goes on trusting a token that its issuer has ended",
    "The server asks the issuer, and remembers the answer for too long: a stolen token works on after its revocation.",
    "RFC 7662 section 4",
    "revocation",
)
IGNORES_INACTIVE = Kind(
    "ignores-inactive",
    Severity.HIGH,
    "Lets a token in although introspection says that it is not active",
    "Revocation has no effect: the server asks the issuer and does not look at `active`.",
    "RFC 7662 section 2.2",
    "revocation",
)
NEW_KEY_REFUSED = Kind(
    "new-key-refused",
    Severity.HIGH,
    "Refuses the tokens of a new key",
    "The next rotation of keys at the issuer takes the server away from everybody, until somebody restarts it.",
    "OpenID Connect Core section 10.1.1",
    "key-rotation",
)
OLD_KEY_REFUSED = Kind(
    "old-key-refused",
    Severity.MEDIUM,
    "Refuses tokens of a key that is still published",
    "Each rotation of keys ends the tokens of everybody at once, although the issuer stands by them.",
    "OpenID Connect Core section 10.1.1",
    "key-rotation",
)
WITHDRAWN_KEY_TRUSTED = Kind(
    "withdrawn-key-trusted",
    Severity.HIGH,
    "Goes on trusting a key that the issuer has withdrawn",
    "After a key was stolen the issuer withdraws it, and whoever has it goes on making tokens for this server.",
    "OpenID Connect Core section 10.1.1",
    "key-rotation",
)
KNOWN_KEY_REFUSED = Kind(
    "known-key-refused",
    Severity.LOW,
    "Refuses sound tokens while the JWK Set cannot be read, although it has had their key",
    "A moment without the issuer, or one bad answer of it, takes the server away from everybody.",
    "OpenID Connect Core section 10.1.1",
    "jwks-outage",
)
OUTAGE_ERROR = Kind(
    "outage-error",
    Severity.LOW,
    "Fails with an exception while the issuer does not answer, or not as it should",
    "Nobody can tell an outage of the issuer from a mistake of the server; 503 says which, and when to try again.",
    "RFC 9110 section 15.6.4",
    "jwks-outage",
)
OUTAGE_ACCEPTED = Kind(
    "outage-accepted",
    Severity.CRITICAL,
    "Lets a token in that it cannot check, while the issuer does not answer",
    "Whoever disturbs the way to the issuer gets in with a token that was revoked, or with one of his own making.",
    "RFC 7515 section 5.2",
    "jwks-outage",
)
NO_RECOVERY = Kind(
    "no-recovery",
    Severity.HIGH,
    "Refuses sound tokens after an outage of the issuer is over",
    "One failed request to the issuer takes the server away from everybody, until somebody restarts it.",
    "OpenID Connect Core section 10.1.1",
    "jwks-outage",
)
KEEPS_USELESS_KEYS = Kind(
    "keeps-useless-keys",
    Severity.MEDIUM,
    "Goes on with a JWK Set that had no usable key, after the right one is back",
    "One wrong answer of the issuer takes the server away from everybody for as long as the set is cached.",
    "OpenID Connect Core section 10.1.1",
    "jwks-outage",
)
FLOODED = Kind(
    "fetches-for-every-kid",
    Severity.ADVICE,
    "Fetches the JWK Set for every unknown key, however often that was just done",
    "A stranger without an account makes the server ask the issuer as often as he likes: both slow down.",
    "RFC 8725 section 3.10",
    "jwks-outage",
)
KINDS = (
    UNTIL_EXPIRY,
    STILL_TRUSTED,
    IGNORES_INACTIVE,
    NEW_KEY_REFUSED,
    OLD_KEY_REFUSED,
    WITHDRAWN_KEY_TRUSTED,
    KNOWN_KEY_REFUSED,
    OUTAGE_ERROR,
    OUTAGE_ACCEPTED,
    NO_RECOVERY,
    KEEPS_USELESS_KEYS,
    FLOODED,
)
