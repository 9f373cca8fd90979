"""The browser's side of an issuer: its cookies, its login session, and the forms that only it may post.

A form carries its authorization request in a signed transaction that is bound to a cookie of the browser, so a page
elsewhere can neither make nor change one (RFC 9700 section 4.7).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Serializer, URLSafeSerializer
from itsdangerous.encoding import base64_encode

from devidp.issuer import logout
from devidp.issuer.issuer import Issuer
from devidp.models import Session, User
from devidp.oauth.errors import AccessDenied, quoted
from devidp.oauth.identifiers import new_flow, random_token
from devidp.oauth.parameters import Parameters
from devidp.protocol.authorization_parameters import ReceivedRequest
from devidp.system.urls import is_at
from devidp.web.context import Context
from devidp.web.response import Response

Purpose = Literal["authorize", "device"]
MAX_USER_AGENT = 300
LARGE = 2000
"""Bytes of a transaction, from which on it is compressed."""
FORM_LIFETIME = 3600
"""Seconds in which a page that was opened can be posted."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """An authorization request on its way through the pages; ``started`` is when its first page was shown."""

    asked: ReceivedRequest
    started: int
    username: str = ""
    """Who was asked to consent; empty on the login page."""
    flow: str = field(default_factory=new_flow)
    """Ties the events of this request to those of the tokens that come of it."""
    purpose: Purpose = "authorize"
    """Whose pages it is for: what a user agrees to on those of another kind is something else."""
    failure: str = ""
    """What the person wants to be wrong with the answer."""


class _Serializer(URLSafeSerializer):
    """Compresses a large request only: that takes a sixth of the time of a login page, to save a hundred characters."""

    def dump_payload(self, obj: Any) -> bytes:
        payload = Serializer.dump_payload(self, obj)
        return base64_encode(payload) if len(payload) < LARGE else super().dump_payload(obj)


class Browser:
    """The cookies of one browser at one issuer; ``keep`` puts what has changed into the answer."""

    def __init__(self, issuer: Issuer, context: Context) -> None:
        self._issuer = issuer
        self._request = context.request
        self._cookies = context.request.cookies
        self._own = urlsplit(issuer.url)
        self._secure = self._own.scheme == "https"
        prefix = "__Host-" if self._secure else ""
        # cookies know no port: two devidps on one host tell theirs apart by the name
        port = "" if self._own.port is None else f"-{self._own.port}"
        self._prefix = f"{prefix}devidp{port}-{issuer.name}"
        self._changed: dict[str, tuple[str, int | None]] = {}

    # who is logged in

    def session(self) -> tuple[User, Session] | None:
        """The user who is logged in, and since when; ``None`` where nobody is, or may be any more."""
        session_id = self._read("session")
        found = self._issuer.store.sessions.find(session_id) if session_id else None
        if found is None or found.expires_at <= self._issuer.clock.now():
            return None
        user = self._issuer.user(found.username)
        return None if user is None or user.disabled else (user, found)

    def log_in(self, user: User, amr: tuple[str, ...] = ()) -> tuple[User, Session]:
        """A new session under a new name, so that one planted before the login is worth nothing.

        The same user goes on under the same ``sid``; the session of another one ends.
        """
        before = self.session()
        same = before is not None and before[0].username == user.username
        sid = before[1].sid if before is not None and same else random_token()
        if before is not None and not same:
            logout.end(self._issuer, before[1].username, before[1].sid)
        session_id, now, old = random_token(), self._issuer.clock.seconds(), self._read("session")
        lifetime = self._issuer.settings.lifetimes.session
        user_agent = self._request.headers.get("User-Agent", "")[:MAX_USER_AGENT]
        session = Session(user.username, now, now + lifetime, amr, sid, user_agent)
        with self._issuer.store.at_once():
            if old:
                self._issuer.store.sessions.remove(old)
            self._issuer.store.sessions.add(session_id, session)
            if same:
                self._issuer.store.grants.extend_session(sid, session.expires_at)
        self._changed["session"] = (session_id, lifetime)
        return user, session

    def log_out(self) -> tuple[str, ...]:
        """End the session of this browser; the addresses that it has to load to tell clients of it."""
        before = self.session()
        addresses = () if before is None else logout.end(self._issuer, before[1].username, before[1].sid)
        if old := self._read("session"):
            self._issuer.store.sessions.remove(old)
            self._changed["session"] = ("", 0)
        return addresses

    # forms

    def seal(self, transaction: Transaction) -> str:
        asked = transaction.asked
        return self._sign(
            transaction.purpose,
            q=asked.parameters.pairs(),
            r=asked.reference,
            s=asked.signed,
            t=transaction.started,
            u=transaction.username,
            f=transaction.flow,
            o=asked.request_object,
            w=transaction.failure,
        )

    def open(self, form: Parameters, purpose: Purpose = "authorize") -> Transaction:
        """The transaction of a posted form; raises AccessDenied for another browser's, an old one, or another kind."""
        payload = self._payload(form, purpose)
        age = self._issuer.clock.seconds() - payload["t"]
        if age > FORM_LIFETIME:
            raise _not_ours(f"The form was opened {age // 60} minutes ago, it is good for {FORM_LIFETIME // 60}")
        asked = ReceivedRequest(Parameters(payload["q"]), payload["r"], payload["s"], payload["o"])
        return Transaction(asked, payload["t"], payload["u"], payload["f"], purpose, payload["w"])

    def seal_logout(self, asked: Parameters) -> str:
        return self._sign("logout", q=asked.pairs())

    def open_logout(self, form: Parameters) -> Parameters:
        """What was asked of the logout that a posted form confirms; raises AccessDenied as ``open`` does."""
        return Parameters(self._payload(form, "logout")["q"])

    def _payload(self, form: Parameters, purpose: str) -> dict[str, Any]:
        self._check_origin()
        try:
            payload: dict[str, Any] = self._serializer(purpose).loads(form.get("transaction", ""))
        except BadSignature:
            raise _not_ours("The form carries no transaction that this issuer has made") from None
        if not hmac.compare_digest(payload["b"].encode(), (self._read("browser") or "").encode()):
            raise _not_ours("The form was made for another browser, or cookies are switched off")
        return payload

    def _check_origin(self) -> None:
        """A page of another origin may not post our forms; a client that is no browser sends no ``Origin``."""
        origin = self._request.headers.get("origin")
        if origin is None or self._request.headers.get("sec-fetch-site") == "same-origin":
            return
        scheme, netloc = self._own.scheme, self._own.netloc
        same_scheme = origin.partition(":")[0] == scheme
        if not (same_scheme and any(is_at(origin, host) for host in (netloc, self._request.host))):
            own = f"{scheme}://{netloc}"
            raise _not_ours(f"The form was posted by a page of {quoted(origin)}, expected {own}", origin, own)

    def _sign(self, purpose: str, **payload: Any) -> str:
        identity = self._read("browser")
        if identity is None:
            identity = random_token()
            self._changed["browser"] = (identity, None)
        return str(self._serializer(purpose).dumps({**payload, "b": identity}))

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return _serializer(self._issuer.form_key, f"{self._issuer.url} {purpose}")

    # cookies

    def _read(self, kind: str) -> str | None:
        if kind in self._changed:
            return self._changed[kind][0]
        return self._cookies.get(self._name(kind))

    def _name(self, kind: str) -> str:
        return f"{self._prefix}-{kind}"

    def keep(self, response: Response) -> Response:
        # a __Host- cookie must have the path /, and so must one for pages that are not all below the issuer; elsewhere
        # other issuers need not even see it
        below = not (self._secure or self._issuer.settings.endpoints)
        path = self._own.path if below else "/"
        for kind, (value, lifetime) in self._changed.items():
            response.set_cookie(
                self._name(kind),
                value,
                max_age=lifetime,
                path=path.rstrip("/") or "/",
                secure=self._secure,
                httponly=True,
                samesite="Lax",
            )
        return response


@lru_cache
def _serializer(secret: str, salt: str) -> URLSafeSerializer:
    """Made once for an issuer and a kind of forms: to make it takes as long as to sign with it."""
    return _Serializer(secret, salt=salt, signer_kwargs={"digest_method": sha256})


def _not_ours(reason: str, got: str = "", *expected: str) -> AccessDenied:
    return AccessDenied(
        reason,
        remedy="Go back to the application and log in again, in one browser and with cookies allowed",
        section="RFC 9700 section 4.7",
        status=403,
        got=got,
        expected=expected,
    )
