"""From a checked authorization request to its answer: log in, agree, go back (OAuth 2.1 section 4.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from devidp.clients.metadata.localized import in_language
from devidp.issuer import authentication, known_users, policy
from devidp.issuer.policy import Decision
from devidp.models import Client, Session, User
from devidp.oauth.errors import (
    AccessDenied,
    ConsentRequired,
    LoginRequired,
    OAuthError,
    UnmetAuthenticationRequirements,
)
from devidp.oauth.parameters import Parameters
from devidp.protocol import (
    AuthorizationRequest,
    RedirectedError,
    Server,
    authorization,
    authorization_parameters,
    authorization_response,
    step_up,
)
from devidp.web import pages
from devidp.web.context import Context
from devidp.web.endpoints import developer, second_factor, trial
from devidp.web.endpoints.browser import Browser, Transaction
from devidp.web.endpoints.requirements import Requirements
from devidp.web.response import Response, page_response, response_to_client


class Interaction:
    """One step of one browser through one authorization request."""

    def __init__(self, server: Server, context: Context, browser: Browser, transaction: Transaction) -> None:
        self._issuer = server.issuer
        self._context = context
        self._facts = context.facts
        self._browser = browser
        self._transaction = transaction
        self._held: tuple[str, ...] = ()
        """Scopes that the user granted before for the same resources."""
        self._facts.flow, self._facts.state = transaction.flow, transaction.asked.parameters.get("state", "")
        self.request: AuthorizationRequest = server.engine.authorization_request(transaction.asked, context.facts)
        self._required = Requirements(server.issuer, self.request)

    def proceed(self) -> Response:
        automatic = self._issuer.user(self._issuer.settings.auto_approve or "")
        if automatic is not None and self.request.login.accepts(automatic):
            self._facts.detail = "approved at once, as the seed or a flag says"
            now = self._issuer.clock.seconds()
            amr = authentication.SECOND_FACTORS[automatic.mfa] if self._factors(automatic) > 1 else ()
            return self._finish(automatic, Session(automatic.username, now, now, amr), self._decide(automatic).granted)
        session = self._browser.session()
        if session is None or not self._required.is_login_good(*session):
            if "none" in self.request.login.prompt:
                raise self._redirected(self._required.login_required(session))
            return self.login_page()
        return self.agree(*session)

    def agree(self, user: User, session: Session) -> Response:
        """After a login: the page for a second factor and the consent page, where they are needed."""
        if self._factor_missing(user, session):
            if "none" in self.request.login.prompt:
                reason = f"prompt is 'none', and {user.username} has not logged in with a second factor"
                raise self._redirected(LoginRequired(reason, remedy="Send the user here without prompt=none"))
            return self._second_factor_page(user)
        decision = self._decide(user)
        if self._required.is_consent_needed(user, decision):
            if "none" in self.request.login.prompt:
                raise self._redirected(ConsentRequired("prompt is 'none', and the user has not agreed to this yet"))
            return self._consent_page(user, decision)
        return self._finish(user, session, decision.granted)

    def add_factor(self, user: User, session: Session, form: Parameters, address: str) -> Response:
        """What the page for the second factor posts."""
        if self._transaction.username != user.username:
            return self.login_page(f"You are logged in as {user.username} now. Choose who is to go on.")
        self._facts.user = user.username
        try:
            problem = second_factor.check(self._issuer, user, form, self._transaction.flow, address)
        except AccessDenied as denial:
            raise self._redirected(denial) from None
        if problem:
            return self._second_factor_page(user, problem)
        return self.agree(*self._browser.log_in(user, (*session.amr, *authentication.SECOND_FACTORS[user.mfa])))

    def answer(self, user: User, session: Session, chosen: tuple[str, ...]) -> Response:
        """The user has agreed to ``chosen`` of what was offered."""
        if self._transaction.username != user.username:
            return self.login_page(f"You are logged in as {user.username} now. Choose who is to agree.")
        if self._factor_missing(user, session):  # the form of the page before, or a login since then
            return self._second_factor_page(user)
        granted = tuple(name for name in self._decide(user).granted if name in chosen or name == "openid")
        if self.request.scope and not granted:
            raise self._redirected(AccessDenied("The user agreed to none of the scopes"))
        remembered = self.request.client.consent == "remembered"
        return self._finish(user, session, granted, [*granted, *self._required.named_claims()] if remembered else ())

    def try_out(self, name: str) -> None:
        """Let the answer be wrong as ``name`` says; raises RedirectedError for an error. Nothing is used up."""
        if (error := trial.error(name)) is not None:
            raise authorization.refusal(self._issuer, error, self.request.parameters)
        chosen = trial.find(name, developer.failures(self._issuer, self.request))
        self._transaction = replace(self._transaction, failure=chosen.name if chosen else "")

    def accepts_login(self, user: User, session: Session) -> bool:
        """Whether ``session`` may answer a page of this request: its login is good enough, or was made here."""
        if session.auth_time >= self._transaction.started:
            return self.request.login.accepts(user)
        return self._required.is_login_good(user, session)

    def deny(self) -> Response:
        raise self._redirected(AccessDenied("The user denied the request", remedy="Ask again, or ask for less"))

    def login_page(self, problem: str = "", username: str = "", find: str = "") -> Response:
        self._facts.outcome, expected = "login page", self._expected()
        session = self._browser.session() if "prompt" in self.request.parameters else None
        page = pages.login(
            issuer=self._issuer.url,
            action=self._issuer.page("login"),
            transaction=self._browser.seal(self._transaction),
            client=self._shown_client(),
            destination=pages.to_redirect_uri(self.request.redirect_uri),
            developer=self._developer(session[0].username if session else ""),
            users=self._issuer.settings.users,
            anybody=self._issuer.settings.unknown_users == "accept",
            expected=expected,
            find=find,
            username=username or (expected.username if expected else self._hint()),
            problem=problem,
        )
        return self._browser.keep(page_response(page))

    def _second_factor_page(self, user: User, problem: str = "") -> Response:
        self._facts.user = user.username
        self._facts.outcome = f"second factor refused: {problem}" if problem else "second factor page"
        page = second_factor.page(
            self._issuer,
            user,
            self._shown_client(),
            action=self._issuer.page("second-factor"),
            transaction=self._browser.seal(replace(self._transaction, username=user.username)),
            flow=self._transaction.flow,
            developer=self._developer(user.username),
            problem=problem,
        )
        return self._browser.keep(page_response(page))

    def _hint(self) -> str:
        return self.request.parameters.get("login_hint", "")

    def _expected(self) -> User | None:
        """The one user that will do, or whom the client guesses."""
        users = map(self._issuer.user_by_sub, self.request.login.subs or ())
        return next((user for user in users if user), known_users.find(self._issuer, self._hint()))

    def _consent_page(self, user: User, decision: Decision) -> Response:
        self._facts.user, self._facts.outcome = user.username, "consent page"
        # granted before and asked for again, or kept beside what is asked for
        before = (*self._required.agreed(user), *self._held)
        standing: dict[str, pages.Standing] = {
            name: "granted" if name in self.request.scope else "kept" for name in before
        }
        scopes = self._issuer.seed.scopes
        page = pages.consent(
            issuer=self._issuer.url,
            action=self._issuer.page("consent"),
            transaction=self._browser.seal(replace(self._transaction, username=user.username)),
            client=self._shown_client(),
            destination=pages.to_redirect_uri(self.request.redirect_uri),
            user=user,
            developer=self._developer(user.username),
            scopes=[
                pages.ConsentScope(name, scopes[name].description, scopes[name].claims, standing.get(name, "new"))
                for name in decision.granted
            ],
            resources=self._issuer.shown_resources(tuple(resource.uri for resource in self.request.resources)),
            claims=[name for name in self._required.claims() if name in user.claims],
            withheld=decision.withheld,
        )
        return self._browser.keep(page_response(page))

    def _developer(self, username: str) -> pages.Developer:
        """What a page shows to a developer, while ``username`` is logged in."""
        received, failure = self._transaction.asked, self._transaction.failure
        return developer.of_authorization(self._issuer, self.request, received, username, failure)

    def _shown_client(self) -> Client:
        return in_language(self.request.client, self.request.parameters.get("ui_locales"))

    def _finish(self, user: User, session: Session, granted: tuple[str, ...], agreed: Collection[str] = ()) -> Response:
        """Back to the client; ``agreed`` is what the user has just agreed to, and is to be remembered."""
        issuer, request = self._issuer, self.request
        if "id_token" in request.response_type and "openid" not in granted:
            raise self._redirected(AccessDenied("An ID token was asked for, and openid was not granted"))
        self._context.by_hand = self._transaction.failure
        with issuer.store.at_once():
            if agreed and not self._context.by_hand:
                issuer.store.consents.add(request.client.client_id, user.username, agreed, issuer.clock.seconds())
            self._use_up()
            kept = authorization_response.store(issuer, request, user, session, granted, self._transaction.flow)
        answer = authorization_response.respond(issuer, kept)
        self._facts.user, self._facts.scope = user.username, " ".join(granted)
        self._facts.outcome = f"{' and '.join(sorted(request.response_type))} issued"
        self._facts.add_faults(kept.faults)
        return self._browser.keep(response_to_client(answer))

    def _use_up(self) -> None:
        """A pushed request is answered once; until then its pages may be loaded again (RFC 9126 section 7.3)."""
        reference = self._transaction.asked.reference
        if reference and not self._transaction.failure:
            authorization_parameters.use_up(self._issuer, reference)

    def _decide(self, user: User) -> Decision:
        named = tuple(resource.uri for resource in self.request.resources)
        resources = self._issuer.audience_resources(self._issuer.audience(self.request.client, named))
        self._held = step_up.held_scope(self._issuer, self.request, user)
        wanted = step_up.requested_scope(self.request, self._held)
        decision = policy.decide(wanted, self._issuer.seed, self.request.client, user, resources)
        decision = decision.limited_to(self.request.scope)
        kept = " ".join(name for name in decision.granted if name not in self.request.scope)
        details = [decision.explanation(), f"kept beside what was asked for: {kept}" if kept else ""]
        if any(details):
            self._facts.detail = "; ".join(filter(None, details))
        if self.request.scope and not decision.granted:
            raise self._redirected(
                AccessDenied(
                    f"Nothing of the requested scope can be granted: {decision.explanation()}",
                    remedy="Log in as another user, ask for another scope, or allow it in the seed",
                )
            )
        return decision

    def _factor_missing(self, user: User, session: Session) -> bool:
        return authentication.factors(session.amr) < self._factors(user)

    def _factors(self, user: User) -> int:
        """How many factors the login of ``user`` takes; raises RedirectedError where that are too many."""
        try:
            return self._required.factors(user)
        except UnmetAuthenticationRequirements as refusal:
            raise self._redirected(refusal) from None

    def _redirected(self, error: OAuthError) -> OAuthError | RedirectedError:
        self._use_up()
        return authorization.refusal(self._issuer, error, self.request.parameters)
