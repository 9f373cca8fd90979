"""What pages are made of in these tests: ordinary records, hostile ones, and every page of each."""

from __future__ import annotations

from typing import Any

from devidp.models import Client, User
from devidp.oauth.parameters import Parameters
from devidp.protocol.explanation import Explained
from devidp.web import pages
from devidp.web.pages import ConsentScope, Developer, HomeIssuer, Trial, to_redirect_uri

ISSUER = "http://localhost:6749/default"

PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
ALICE = User(
    "alice",
    "1",
    "alice-password",
    {"name": "Alice Anderson", "roles": ["admin"], "tenant_id": "acme", "picture": PICTURE},
)
BOB = User("bob", "2", "bob-password", {"name": "Bob Brown", "roles": ["user"], "tenant_id": "globex"})
MALLORY = User("mallory", "3", "mallory-password", {"name": "Mallory Moore"}, disabled=True)

WEB = Client("web", "Example web application", "web-secret", frozenset({"client_secret_basic"}))
REGISTERED = Client("c1", "Some tool", registered=True, metadata={"client_uri": "https://tool.example/"})

MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}</style></p></form>"
INVISIBLE = "\u202e\u2066\u200b\u0000\u2028\ud800"
HOSTILE = MARKUP + INVISIBLE + "x" * 3000
EVE = User(HOSTILE, "4", None, {"name": HOSTILE, "roles": [HOSTILE, 1, None], "tenant_id": HOSTILE, HOSTILE: 1})
HOSTILE_CLIENT = Client(
    HOSTILE, HOSTILE, grants=frozenset({HOSTILE}), registered=True, metadata={"client_uri": HOSTILE, "tos_uri": 7}
)


def developer(value: str, chosen: str = "") -> Developer:
    """For a request of which each value, each name of an unknown parameter and each effect is ``value``."""
    sent = Parameters([("state", value), ("scope", value), (value, value), ("client_secret", "web-secret")])
    rows = (
        *(Explained(name, "shown", value, value, "RFC 6749 section 4.1.1") for name in ("state", "scope", value)),
        Explained("client_secret", "hidden", "", value, "RFC 6749 section 3.1"),
        Explained("nonce", "missing", "", value, "OpenID Connect Core section 3.1.2.1"),
    )
    trials = (Trial("access_denied", "The user said no.", "RFC 6749 section 4.1.2.1"),)
    wrong = (Trial("state-changed", "state is another one.", "RFC 6749 section 10.12"),)
    return Developer(value, lambda: rows, sent, value, trials, wrong, chosen)


NO_DEVELOPER = Developer("", tuple, Parameters())


def login(*, redirect_uri: str = "https://app.example/callback", **changes: Any) -> str:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "action": "/default/login",
        "transaction": "t-1",
        "client": WEB,
        "destination": to_redirect_uri(redirect_uri),
        "users": [ALICE, BOB, MALLORY],
        "developer": developer("a value"),
    }
    values |= changes
    return pages.login(**values | {"users": {user.username: user for user in values["users"]}})


def consent(*, redirect_uri: str = "https://app.example/callback", **changes: Any) -> str:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "action": "/default/consent",
        "transaction": "t-1",
        "client": WEB,
        "destination": to_redirect_uri(redirect_uri),
        "user": ALICE,
        "scopes": [
            ConsentScope("openid", "Know who you are"),
            ConsentScope("profile", "See your profile", claims=("name", "nickname")),
            ConsentScope("write:*", "Write"),
        ],
        "resources": ["http://localhost:8000/mcp"],
        "withheld": [("mcp:admin", "Alice may not have it.")],
        "developer": developer("a value"),
    }
    return pages.consent(**values | changes)


def error(**changes: Any) -> str:
    values: dict[str, Any] = {
        "title": "Unknown client",
        "reason": "There is no client 'wep'.",
        "remedy": "Did you mean web?",
        "section": "RFC 6749 section 4.1.2.1",
        "status": 400,
        "details": {"client_id": "wep", "state": ""},
        "home": "/",
        "developer": developer("a value"),
    }
    return pages.error(**values | changes)


def home(**changes: Any) -> str:
    values: dict[str, Any] = {
        "version": "1.2.3",
        "issuers": [HomeIssuer("default", ISSUER, f"{ISSUER}/discovery", f"{ISSUER}/jwks")],
        "users": [ALICE, MALLORY],
        "clients": [WEB, REGISTERED],
        "curl": f"curl -d 'a=b&c=d' {ISSUER}/token",
    }
    return pages.home(**values | changes)


def logout(**changes: Any) -> str:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "action": f"{ISSUER}/logout/confirm",
        "transaction": "a transaction",
        "client": WEB,
        "target": "http://localhost:5555/home",
        "user": ALICE,
        "developer": developer("a value"),
    }
    return pages.confirm_logout(**values | changes)


def signed_out(**changes: Any) -> str:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "client": WEB,
        "target": "http://localhost:5555/home",
        "frames": ("http://localhost:5555/logout?iss=a&sid=b",),
        "stayed": False,
    }
    return pages.signed_out(**values | changes)


def second_factor(**changes: Any) -> str:
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "action": "/default/second-factor",
        "transaction": "t-1",
        "client": WEB,
        "user": ALICE,
        "developer": developer("a value"),
        "authenticator": ("123456", "JBSWY3DPEHPK3PXP", "otpauth://totp/alice"),
        "answers": "/default/_devidp/controls/pushes",
    }
    return pages.second_factor(**values | changes)


def device(**changes: Any) -> str:
    values = {"issuer": ISSUER, "action": "/default/device", "transaction": "t-1", "typed": "WDJB-MJHT", "problem": ""}
    return pages.render("device.html", **values | changes)


ORDINARY = {
    "login": login(),
    "consent": consent(),
    "error": error(),
    "home": home(),
    "logout": logout(),
    "signed_out": signed_out(),
    "second_factor": second_factor(),
    "device": device(),
}

ATTACKED = {
    "login": login(
        client=HOSTILE_CLIENT,
        redirect_uri=HOSTILE,
        users=[EVE],
        username=HOSTILE,
        problem=HOSTILE,
        transaction=HOSTILE,
        developer=developer(HOSTILE, "state-changed"),
    ),
    "consent": consent(
        client=HOSTILE_CLIENT,
        redirect_uri="http://127.0.0.1/" + HOSTILE,
        user=EVE,
        scopes=[ConsentScope(HOSTILE, HOSTILE, claims=(HOSTILE,)), ConsentScope("openid")],
        resources=[HOSTILE],
        withheld=[(HOSTILE, HOSTILE)],
        developer=developer(HOSTILE, "state-changed"),
    ),
    "error": error(
        title=HOSTILE,
        reason=HOSTILE,
        remedy=HOSTILE,
        section=HOSTILE,
        details={HOSTILE: HOSTILE},
        developer=developer(HOSTILE, "state-changed"),
    ),
    "home": home(users=[EVE], clients=[HOSTILE_CLIENT]),
    "logout": logout(client=HOSTILE_CLIENT, user=EVE, transaction=HOSTILE, target=f"http://127.0.0.1/{HOSTILE}"),
    "signed_out": signed_out(client=HOSTILE_CLIENT, target=f"http://127.0.0.1/{HOSTILE}"),
    "second_factor": second_factor(client=HOSTILE_CLIENT, user=EVE, transaction=HOSTILE, problem=HOSTILE),
    "device": device(typed=HOSTILE, problem=HOSTILE),
}

EMPTY = {
    "login": login(users=[], developer=NO_DEVELOPER),
    "consent": consent(scopes=[], resources=[], withheld=[]),
    "error": error(remedy="", section="", details={}, developer=None),
    "home": home(issuers=[], users=[], clients=[], curl=""),
    "logout": logout(client=None, target=None),
    "signed_out": signed_out(client=None, target=None, frames=(), stayed=True),
    "second_factor": second_factor(authenticator=None),
    "device": device(typed=""),
}

EVERY_PAGE = {
    f"{name}, {kind}": page
    for kind, group in (("ordinary", ORDINARY), ("attacked", ATTACKED), ("empty", EMPTY))
    for name, page in group.items()
}
