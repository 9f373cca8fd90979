"""What a trial works with: the target, the call, and tokens of the issuer that the target trusts."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from devidp.probe import mcp, recognition
from devidp.probe.call import Call, initialize
from devidp.probe.exchange import Answer, Headers, Request, Transport
from devidp.probe.issuer_side import IssuerSide, Token
from devidp.probe.metadata import Metadata
from devidp.probe.options import Options, Watch
from devidp.probe.recognition import Recognition
from devidp.web.api_client import ApiError

NOT_ASKED = Answer(None)
UNSIGNED = "the tokens are opaque: no key signs them"


@dataclass(frozen=True, slots=True)
class Ground:
    """What was found before the first trial."""

    is_mcp: bool = False
    metadata: Metadata = field(default_factory=Metadata)
    token: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of a sound token: issuer, audience, scope, client, user, free."""
    minted: Token | None = None
    """A sound token, as far as is known."""
    tried: tuple[Token, ...] = ()
    """The tokens that were expected to be sound."""
    without: Answer = NOT_ASKED
    """What the call without a token gets."""
    made_up: Answer = NOT_ASKED
    """What it gets with a token that is none."""
    sound: Answer = NOT_ASKED
    """What it gets with a good one."""
    session_alone: Answer = NOT_ASKED
    """What the session of a sound token gets without a token, where that is what the token got."""
    introspects: bool = False
    """Whether it asks devidp what a good one is worth."""
    cause: str = ""
    """Why nothing can be concluded; empty where the ground holds."""
    remedy: str = ""


class Subject:
    """Safe for threads. ``ground`` is complete before the first trial."""

    def __init__(self, transport: Transport, call: Call, issuer_side: IssuerSide, options: Options) -> None:
        self._transport = transport
        self.call = call
        self.issuer_side = issuer_side
        self.options = options
        self.seconds = options.seconds
        self.patience = options.patience
        self.ground = Ground()
        self._session: tuple[tuple[str, str], ...] = ()
        self._opening = threading.Lock()
        self._sessions: set[str] = set()
        """Those that the target has opened."""
        self.slow = 0
        """How many answers did not come in time."""
        self.limited = 0
        """How many said that there were too many requests: of a token they say nothing."""

    @property
    def url(self) -> str:
        """Of the target."""
        return self.call.url

    @property
    def issuer(self) -> str | None:
        """The URL of the issuer of sound tokens, where they or the options tell it; ``None``: the first one."""
        claims = self.ground.minted.claims if self.ground.minted else {}
        found: str | None = claims.get("iss") or self.ground.token.get("issuer")
        return found

    @property
    def is_opaque(self) -> bool:
        """Whether nobody but the issuer can read a sound token."""
        return self.ground.minted is not None and not self.ground.minted.claims

    @property
    def issuer_url(self) -> str:
        """Of the issuer of sound tokens: an opaque one does not say it, and an ID token does. Empty where none can."""
        minted = self.ground.minted
        if minted is None:
            return ""
        if "iss" in minted.claims:
            return str(minted.claims["iss"])
        with suppress(ApiError):
            named = {name: self.ground.token.get(name) for name in ("issuer", "client", "user")}
            return str(self.issuer_side.mint(token_type="id", free=True, **named).claims.get("iss", ""))
        return ""

    @property
    def session(self) -> str:
        """The id of the session in which an MCP server is called; empty without one."""
        return next((value for name, value in self._session if name == mcp.SESSION), "")

    @property
    def watch(self) -> Watch:
        return self.options.watch

    def note(self, **found: Any) -> None:
        """More of the ground is known."""
        self.ground = replace(self.ground, **found)

    def mint(self, **parameters: Any) -> Token:
        """A token as ``ground.token`` has it, changed by ``parameters``; ``None`` leaves one out. Raises ApiError."""
        return self.issuer_side.mint(**{**self.ground.token, **parameters})

    def ask(
        self,
        token: str | None,
        *,
        call: Call | None = None,
        scheme: str = "Bearer",
        authorization: Sequence[str] | None = None,
        headers: Headers = (),
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """The call with ``token`` behind ``scheme``, and with what else is said.

        ``authorization`` has the value of each Authorization header where it is not this token alone; an empty one
        sends none, so that ``query``, ``form``, ``cookies`` and ``headers`` can carry the token.
        """
        if authorization is None:
            authorization = () if token is None else (f"{scheme} {token}",)
        asked = (call or self.call).sending(*self._session)
        return self.send(
            asked.request(authorization, headers=headers, query=query, form=form, cookies=cookies), seconds
        )

    def send(self, request: Request, seconds: float | None = None) -> Answer:
        """A request of another kind, such as one for the metadata; it goes to the target or nowhere."""
        answer = self._transport.send(request, seconds or self.seconds)
        self.slow += answer.problem in ("timeout", "endless")
        self.limited += answer.status == HTTPStatus.TOO_MANY_REQUESTS
        if session := answer.header(mcp.SESSION):
            self._sessions.add(session)
        return answer

    def sound(self, call: Call | None = None) -> Answer:
        """The call with a fresh sound token; a session that the target has ended is opened again, once."""
        token = self.mint().text
        answer = self.ask(token, call=call)
        if self._session and answer.status in mcp.SESSION_ENDED:
            self.open_session(token)
            answer = self.ask(token, call=call)
        return answer

    def open_session(self, token: str) -> Answer:
        """Greet an MCP server; the answer to ``initialize``."""
        with self._opening:
            self._session, answer = mcp.greet(self.url, token, self.send)
            return answer

    def leave_session(self) -> None:
        """Call the target outside of any."""
        self._session = ()

    def ask_anew(self, token: str, answer: Answer) -> Answer:
        """``answer`` to ``token``, or where the session of another token was refused, that to a new greeting."""
        if answer.status in mcp.SESSION_ENDED and self.session:
            return self.send(initialize(self.url).request((f"Bearer {token}",)))
        return answer

    def close_sessions(self) -> None:
        """Leave no session behind at an MCP server (Streamable HTTP, section "Session Management")."""
        if not self._sessions:
            return
        with suppress(ApiError):  # what was found is not lost because devidp has gone
            authorization = (f"Bearer {self.mint().text}",)
            for session in sorted(self._sessions):
                self.send(Call(self.url, "DELETE", ((mcp.SESSION, session),)).request(authorization))

    def recognise(self, answer: Answer) -> Recognition:
        """What ``answer`` means for the token that was sent."""
        return recognition.of(answer, self.ground.sound, (self.ground.without, self.ground.made_up))

    def is_sound(self, answer: Answer) -> bool:
        """Whether the target still does what it did for a sound token."""
        return self.recognise(answer) is Recognition.ACCEPTED
