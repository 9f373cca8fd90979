"""From a checked authorization request to its answer: log in, agree, go back (OAuth 2.1 section 4.1)."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from devidp import pages, policy
from devidp.client_metadata import in_language
from devidp.endpoints.browser import Browser, Transaction
from devidp.endpoints.exchange import Exchange, page_response, redirect_response
from devidp.oauth.errors import AccessDenied, ConsentRequired, LoginRequired, OAuthError
from devidp.policy import Decision
from devidp.protocol import AuthorizationRequest, Server
from devidp.protocol.authorization import grant_code
from devidp.records import Client, Session, User


class Interaction:
    """One step of one browser through one authorization request."""

    def __init__(self, server: Server, exchange: Exchange, browser: Browser, transaction: Transaction) -> None:
        self._server = server
        self._issuer = server.issuer
        self._facts = exchange.facts
        self._browser = browser
        self._transaction = transaction
        self._facts.flow, self._facts.state = transaction.flow, transaction.parameters.get("state", "")
        self.request: AuthorizationRequest = server.authorization_request(transaction.parameters, exchange.facts)

    def proceed(self) -> Response:
        """The next page, or the redirect back to the client."""
        automatic = self._issuer.user(self._issuer.settings.auto_approve or "")
        if automatic is not None:
            self._facts.detail = "approved at once, as the seed or a flag says"
            return self._finish(automatic, self._issuer.clock.seconds(), self._decide(automatic).granted)
        session = self._browser.session()
        if session is None or self._login_needed(session[1]):
            if "none" in self.request.prompt:
                raise self._redirected(LoginRequired("prompt is 'none', and nobody is logged in in this browser"))
            return self.login_page()
        return self.agree(*session)

    def agree(self, user: User, session: Session) -> Response:
        """What follows a login: the consent page where one is needed."""
        decision = self._decide(user)
        if self._consent_needed(user, decision):
            if "none" in self.request.prompt:
                raise self._redirected(ConsentRequired("prompt is 'none', and the user has not agreed to this yet"))
            return self._consent_page(user, decision)
        return self._finish(user, session.auth_time, decision.granted)

    def answer(self, user: User, session: Session, chosen: tuple[str, ...]) -> Response:
        """The user has agreed to ``chosen`` of what was offered."""
        granted = tuple(name for name in self._decide(user).granted if name in chosen or name == "openid")
        if self.request.scope and not granted:
            raise self._redirected(AccessDenied("The user agreed to none of the scopes"))
        if self.request.client.consent == "remembered":
            now = self._issuer.clock.seconds()
            self._issuer.store.add_consent(self.request.client.client_id, user.username, granted, now)
        return self._finish(user, session.auth_time, granted)

    def logged_in_for_this(self, session: Session) -> bool:
        """Whether ``session`` may answer a page of this request: its login is good enough, or was made here."""
        return session.auth_time >= self._transaction.started or not self._login_needed(session)

    def shown_to(self, user: User) -> bool:
        """Whether the consent page of this request was for ``user``, who may have logged in on another page since."""
        return self._transaction.username == user.username

    def deny(self) -> Response:
        raise self._redirected(AccessDenied("The user denied the request", remedy="Ask again, or ask for less"))

    def login_page(self, problem: str = "", username: str = "") -> Response:
        self._facts.outcome = "login page"
        page = pages.login(
            issuer=self._issuer.url,
            action=f"{self._issuer.url}/login",
            transaction=self._browser.seal(self._transaction),
            client=self._shown_client(),
            redirect_uri=self.request.redirect_uri,
            users=list(self._issuer.settings.users.values()),
            username=username or self.request.parameters.get("login_hint", ""),
            problem=problem,
        )
        return self._browser.keep(page_response(page))

    def _consent_page(self, user: User, decision: Decision) -> Response:
        self._facts.user, self._facts.outcome = user.username, "consent page"
        scopes = self._issuer.seed.scopes
        page = pages.consent(
            issuer=self._issuer.url,
            action=f"{self._issuer.url}/consent",
            transaction=self._browser.seal(replace(self._transaction, username=user.username)),
            client=self._shown_client(),
            redirect_uri=self.request.redirect_uri,
            user=user,
            scopes=[
                pages.ConsentScope(name, scopes[name].description, name == "openid", scopes[name].claims)
                for name in decision.granted
            ],
            resources=[resource.uri for resource in self.request.resources],
            withheld=decision.withheld,
        )
        return self._browser.keep(page_response(page))

    def _shown_client(self) -> Client:
        return in_language(self.request.client, self.request.parameters.get("ui_locales"))

    def _finish(self, user: User, auth_time: int, granted: tuple[str, ...]) -> Response:
        self._facts.user, self._facts.scope, self._facts.outcome = user.username, " ".join(granted), "code issued"
        location = grant_code(self._issuer, self.request, user, auth_time, granted, self._transaction.flow)
        return self._browser.keep(redirect_response(location))

    def _decide(self, user: User) -> Decision:
        named = tuple(resource.uri for resource in self.request.resources)
        resources = self._issuer.audience_resources(self._issuer.audience(self.request.client, named))
        decision = policy.decide(self.request.scope, self._issuer.seed, self.request.client, user, resources)
        if decision.withheld:
            self._facts.detail = decision.explanation()
        if self.request.scope and not decision.granted:
            raise self._redirected(
                AccessDenied(
                    f"Nothing of the requested scope can be granted: {decision.explanation()}",
                    remedy="Log in as another user, ask for another scope, or allow it in the seed",
                )
            )
        return decision

    def _login_needed(self, session: Session) -> bool:
        """Whether the login of ``session`` is not good enough (OpenID Connect Core section 3.1.2.3)."""
        max_age = self.request.max_age
        if max_age is not None and self._issuer.clock.now() - session.auth_time > max_age:
            return True
        return bool(self.request.prompt & {"login", "select_account"})

    def _consent_needed(self, user: User, decision: Decision) -> bool:
        client = self.request.client
        if "consent" in self.request.prompt or client.consent == "required":
            return True
        if client.consent == "skipped":
            return False
        known = self._issuer.store.find_consent(client.client_id, user.username)
        return not known or not known.issuperset(decision.granted)

    def _redirected(self, error: OAuthError) -> Exception:
        return self._server.redirected(error, self.request.redirect_uri, self.request.state)
