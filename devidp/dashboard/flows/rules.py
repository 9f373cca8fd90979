"""What should follow each request, within which time, and why it may not have come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devidp.dashboard.flows.lanes import DISCOVERY, Lane
from devidp.models import Event

PERSON: Final = 600.0
"""Seconds that a person may need."""
PROGRAM: Final = 20.0
"""Seconds that a program may need."""
LOGIN_PAGES: Final = frozenset({"authorize", "login", "second-factor", "consent"})
DEVICE_PAGES: Final = frozenset({"device", "device-login", "device-second-factor", "device-consent"})


@dataclass(frozen=True, slots=True)
class Rule:
    """After a request to which ``applies``, ``sender`` should send ``message`` to devidp within ``seconds``."""

    applies: Callable[[Event], bool]
    seconds: float
    sender: Lane
    message: str
    sentence: str
    """``{done}`` is what the client did before, such as "fetched the metadata and registered"."""
    causes: tuple[str, ...]
    """The likeliest first."""
    remedy: str


def turned_away(event: Event) -> bool:
    """Whether an API or a client learned that the token is good for nothing."""
    return event.outcome == "inactive" or (event.endpoint == "userinfo" and event.status == 401)


def wrong_on_purpose(event: Event) -> bool:
    """Whether the answer, or a token in it, was what a test or a person had asked for instead of the right one."""
    return event.outcome.startswith("failure ") or event.detail.endswith(" as armed")


def _answered(*endpoints: str, outcome: str = "") -> Callable[[Event], bool]:
    """Whether an event is of one of ``endpoints``, not refused, and came out as ``outcome`` begins."""
    return lambda event: event.endpoint in endpoints and not event.error and event.outcome.startswith(outcome)


def _refused(*errors: str) -> Callable[[Event], bool]:
    return lambda event: event.error in errors


def gives_code(event: Event) -> bool:
    """Whether the browser was sent back to the client with a code."""
    return _answered(*LOGIN_PAGES)(event) and event.outcome.endswith(" issued") and "code" in event.outcome.split()


def _undecided(event: Event) -> bool:
    return event.endpoint in DEVICE_PAGES and not event.error and event.outcome not in ("allowed", "denied")


NOBODY = (
    "Nobody is there, or the page was closed: a test that opens a browser has to log in as well.",
    "The page is open in another browser than the one that somebody looks at.",
)
LOG_IN = (
    "Log in on the page. For tests, `--auto-approve USER` or `auto_approve` of the issuer in the seed logs a user in "
    "without a page."
)

RULES: Final = (
    Rule(
        _refused("use_dpop_nonce"),
        PROGRAM,
        "client",
        "the same request with the nonce",
        "The client was told to repeat its request with a nonce, and did not.",
        ("It does not know the error `use_dpop_nonce` (RFC 9449 section 8).",),
        "Repeat the request with the value of the header DPoP-Nonce as `nonce` in the proof, or set "
        "`dpop: {nonce: false}` for the issuer in the seed.",
    ),
    Rule(
        _answered(*DISCOVERY),
        PROGRAM,
        "client",
        "POST /register or GET /authorize",
        "The client {done}, then stopped: it did not register, and it did not open the browser.",
        (
            (
                "It compares `issuer` in the metadata with the address that it was given, character by character "
                "(RFC 8414 section 3.3)."
            ),
            "It misses something in the metadata: S256, a registration endpoint, a scope, a way to authenticate.",
            "It waits for a person, or has failed for a reason of its own.",
            "It is no client but an API, which wants to know the keys: then nothing is missing.",
        ),
        "Look at the log of the client, and compare the issuer that it was given with `issuer` in the metadata.",
    ),
    Rule(
        _answered("register"),
        PROGRAM,
        "browser",
        "GET /authorize",
        "The client {done}, then stopped: it did not open the browser.",
        (
            "It has no browser to open where it runs, as in a container or over SSH.",
            "It cannot listen at its redirect URI: the port is taken.",
            "It refuses the answer to its registration: something in it is not what it had asked for.",
        ),
        "Look in the log of the client for the address that it wants to open, and open that by hand.",
    ),
    Rule(
        _answered("par"),
        60.0,
        "browser",
        "GET /authorize?request_uri=…",
        "The client {done}, and no browser came with it.",
        (
            "The client did not open the browser.",
            "The browser came after the request had expired, or to another address.",
        ),
        "Open the authorization endpoint with `client_id` and the `request_uri` of the answer.",
    ),
    Rule(
        _answered(*LOGIN_PAGES, outcome="login page"),
        PERSON,
        "browser",
        "POST /login",
        "The login page was shown, and nobody logged in.",
        NOBODY,
        LOG_IN,
    ),
    Rule(
        _answered(*LOGIN_PAGES, outcome="login refused"),
        PERSON,
        "browser",
        "POST /login",
        "The login was refused, and nobody tried again.",
        ("The password is not the one in the seed.", "The application expects another user."),
        "Look at `users` in the seed: a user without `password` logs in with a click.",
    ),
    Rule(
        _answered(*LOGIN_PAGES, outcome="second factor"),
        PERSON,
        "browser",
        "POST /second-factor",
        "The page for the second factor was shown, and no right one came.",
        NOBODY,
        "Type the code that the page explains, or answer the question on the page Devices of the controls.",
    ),
    Rule(
        _answered(*LOGIN_PAGES, outcome="consent page"),
        PERSON,
        "browser",
        "POST /consent",
        "The consent page was shown, and nobody decided.",
        NOBODY,
        LOG_IN,
    ),
    Rule(
        gives_code,
        PROGRAM,
        "client",
        "POST /token",
        "The browser came back with a code, but nobody exchanged it.",
        (
            "Nothing listens at the redirect URI, or its route is not the one that is registered.",
            (
                "The client refuses what came back: `state` or `iss` is not what it expects, often because the cookie "
                "or the session is lost in which it kept them."
            ),
            (
                "The client cannot reach the token endpoint at its address in the metadata: another host name, a "
                "proxy, TLS."
            ),
        ),
        "Look at where the browser is now, and at the log of the client.",
    ),
    Rule(
        _answered("device_authorization"),
        PERSON,
        "browser",
        "GET /device",
        "The device was given a code, and nobody opened the page for it.",
        NOBODY,
        "Open the `verification_uri_complete` of the answer.",
    ),
    Rule(
        _refused("authorization_pending", "slow_down"),
        PERSON,
        "browser",
        "POST /device-consent",
        "The device asks again and again, and nobody has agreed yet.",
        NOBODY,
        "Open the `verification_uri_complete` that the device was given, and agree there.",
    ),
    Rule(
        _answered(*DEVICE_PAGES, outcome="allowed"),
        PROGRAM,
        "client",
        "POST /token",
        "The user agreed, but the device did not fetch its tokens.",
        ("The device has given up, or takes `authorization_pending` for a failure.",),
        "Let the device ask until `expires_in` has passed, with `interval` between (RFC 8628 section 3.4).",
    ),
    Rule(
        _undecided,
        PERSON,
        "browser",
        "POST /device-consent",
        "The page for the device was opened, and nobody agreed there.",
        NOBODY,
        LOG_IN,
    ),
    Rule(
        _answered("logout", outcome="logout page"),
        PERSON,
        "browser",
        "POST /logout/confirm",
        "The logout page was shown, and nobody decided.",
        NOBODY,
        "Decide on the page. A client that sends `id_token_hint` is believed, and the page is left out.",
    ),
    Rule(
        turned_away,
        PROGRAM,
        "client",
        "POST /token or GET /authorize",
        "The token was good for nothing, and the client did not come back for another one.",
        (
            "The client does not refresh, or has no refresh token.",
            (
                "The API answers without WWW-Authenticate, so that the client does not know where to go "
                "(RFC 9728 section 5.1)."
            ),
        ),
        "Look at the answer of the API: expected is 401 with `WWW-Authenticate: Bearer … resource_metadata=…`.",
    ),
)
"""The first that applies counts."""
