"""One step of a browser through the pages on which a user decides on a device: the code, login, consent."""

from __future__ import annotations

from typing import Self

from devidp.issuer import authentication, device_decision, policy
from devidp.issuer.attempts import Attempts
from devidp.issuer.issuer import Issuer
from devidp.issuer.policy import Decision
from devidp.models import Client, DeviceCode, DeviceDecision, Session, User
from devidp.oauth import user_code
from devidp.oauth.errors import AccessDenied, InvalidRequest, quoted
from devidp.oauth.identifiers import flow_of, new_flow
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.protocol.authorization_parameters import ReceivedRequest
from devidp.web import pages
from devidp.web.context import Context
from devidp.web.endpoints import developer, second_factor, trial
from devidp.web.endpoints.browser import Browser, Transaction
from devidp.web.response import Response, page_response

DECIDED = "This code was decided on in another window."


class DevicePages:
    """One step of one browser towards a decision on a device: the code that was typed, and who was asked."""

    def __init__(self, server: Server, context: Context, typed: str, before: Transaction | None = None) -> None:
        self.browser = Browser(server.issuer, context)
        self._issuer: Issuer = server.issuer
        self._facts = context.facts
        self._attempts = Attempts(server.issuer, context.request.remote_addr or "", "user codes")
        self._typed = typed
        self._username = before.username if before else ""
        self._flow = before.flow if before else new_flow()

    @classmethod
    def of_form(cls, server: Server, context: Context, form: Parameters) -> Self:
        """Go on with the form of an earlier page; raises AccessDenied for one of another browser."""
        transaction = Browser(server.issuer, context).open(form, "device")
        typed = transaction.asked.parameters.get("user_code", "")
        return cls(server, context, typed, transaction)

    def proceed(self) -> Response:
        """After the code: the login page, or the question itself."""
        session = self.browser.session()
        return self.login_page() if session is None else self.agree(*session)

    def agree(self, user: User, session: Session) -> Response:
        """The question is asked each time: a user who typed a code that was sent must see what for (section 5.4)."""
        found = self._pending()
        if isinstance(found, str):
            return self.code_page(found)
        record, client = found
        if self._factor_missing(user, client, session):
            return self._second_factor_page(user, *found)
        decision = self._granted(record, client, user)
        self._facts.client, self._facts.user, self._facts.outcome = client.client_id, user.username, "consent page"
        scopes = self._issuer.seed.scopes
        page = pages.consent(
            issuer=self._issuer.url,
            action=self._issuer.page("device-consent"),
            transaction=self._seal(user.username),
            client=client,
            destination=pages.to_device(user_code.display(record.user_code)),
            user=user,
            developer=developer.of_device(self._issuer, record, client),
            scopes=[
                pages.ConsentScope(name, scopes[name].description, scopes[name].claims) for name in decision.granted
            ],
            resources=self._issuer.shown_resources(record.resources),
            withheld=decision.withheld,
        )
        return self.browser.keep(page_response(page))

    def add_factor(self, form: Parameters, address: str) -> Response:
        """What the page for the second factor posts; a denial there denies the device."""
        session, found = self.browser.session(), self._pending()
        if isinstance(found, str):
            return self.code_page(found)
        if session is None or session[0].username != self._username:
            return self.login_page()
        user, logged_in = session
        try:
            problem = second_factor.check(self._issuer, user, form, self._flow, address)
        except AccessDenied:
            return self._store(*found, user, DeviceDecision(None))
        if problem:
            return self._second_factor_page(user, *found, problem)
        return self.agree(*self.browser.log_in(user, (*logged_in.amr, *authentication.SECOND_FACTORS[user.mfa])))

    def _factor_missing(self, user: User, client: Client, session: Session) -> bool:
        always = self._issuer.settings_for(client).second_factor == "always"
        return always and authentication.factors(session.amr) < authentication.most_factors(user)

    def _second_factor_page(self, user: User, record: DeviceCode, client: Client, problem: str = "") -> Response:
        self._facts.user = user.username
        self._facts.outcome = f"second factor refused: {problem}" if problem else "second factor page"
        page = second_factor.page(
            self._issuer,
            user,
            client,
            action=self._issuer.page("device-second-factor"),
            transaction=self._seal(user.username),
            flow=self._flow,
            developer=developer.of_device(self._issuer, record, client),
            problem=problem,
        )
        return self.browser.keep(page_response(page))

    def decide(self, choice: str, chosen: tuple[str, ...]) -> Response:
        """Store the decision of the user who is logged in, and was asked."""
        session = self.browser.session()
        if choice == "switch" or session is None:
            return self.login_page()
        if choice not in ("allow", "deny"):
            raise InvalidRequest(f"decision: got {quoted(choice)}, expected allow, deny or switch")
        user, logged_in = session
        if user.username != self._username:
            return self.login_page(f"You are logged in as {user.username} now. Choose who is to agree.")
        found = self._pending()
        if isinstance(found, str):
            return self.code_page(found)
        record, client = found
        if self._factor_missing(user, client, logged_in):
            return self._second_factor_page(user, *found)
        decided = DeviceDecision(None)
        if choice == "allow":
            offered = self._granted(record, client, user).granted
            granted = tuple(name for name in offered if name in chosen or name == "openid")
            if granted or not record.scope:
                acr = authentication.acr(self._issuer.settings, logged_in.amr)
                decided = DeviceDecision(user.username, granted, logged_in.auth_time, acr, logged_in.amr, logged_in.sid)
        return self._store(record, client, user, decided)

    def try_out(self, name: str) -> Response:
        """Let the device get the error of that name with its next poll."""
        found = self._pending()
        if isinstance(found, str):
            return self.code_page(found)
        record, client = found
        self._facts.client = client.client_id
        if name == "expired_token":
            self._issuer.store.devices.expire(record.user_code, self._issuer.clock.seconds())
        elif name != "access_denied":
            raise InvalidRequest(f"{trial.FIELD} is {quoted(name)}, which the page does not offer")
        elif not device_decision.decide(self._issuer, record, client, DeviceDecision(None)):
            return self.code_page(DECIDED)
        self._facts.outcome = f"{name} as a person asked for on the page"
        outcome: pages.DeviceOutcome = "expired" if name == "expired_token" else "denied"
        return page_response(pages.device_done(issuer=self._issuer.url, client=client, outcome=outcome))

    def _store(self, record: DeviceCode, client: Client, user: User, decision: DeviceDecision) -> Response:
        allowed = decision.username is not None
        self._facts.client, self._facts.user = client.client_id, user.username
        self._facts.scope, self._facts.outcome = " ".join(decision.scope), "allowed" if allowed else "denied"
        if not device_decision.decide(self._issuer, record, client, decision):
            return self.code_page(DECIDED)
        outcome: pages.DeviceOutcome = "allowed" if allowed else "denied"
        return page_response(pages.device_done(issuer=self._issuer.url, client=client, outcome=outcome))

    def code_page(self, problem: str = "") -> Response:
        self._facts.outcome = f"code refused: {problem}" if problem else "code page"
        page = pages.render(
            "device.html",
            issuer=self._issuer.url,
            action=self._issuer.page("device"),
            transaction=self._seal(),
            typed=self._typed,
            problem=problem,
        )
        return self.browser.keep(page_response(page, 400 if problem else 200))

    def login_page(self, problem: str = "", username: str = "", find: str = "") -> Response:
        found = self._pending()
        if isinstance(found, str):
            return self.code_page(found)
        record, client = found
        self._facts.outcome = f"login refused: {problem}" if problem else "login page"
        page = pages.login(
            issuer=self._issuer.url,
            action=self._issuer.page("device-login"),
            transaction=self._seal(),
            client=client,
            destination=pages.to_device(user_code.display(record.user_code)),
            developer=developer.of_device(self._issuer, record, client),
            users=self._issuer.settings.users,
            anybody=self._issuer.settings.unknown_users == "accept",
            find=find,
            username=username,
            problem=problem,
        )
        return self.browser.keep(page_response(page))

    def _pending(self) -> tuple[DeviceCode, Client] | str:
        """The device that waits for a decision, or why there is none; raises TooManyFailedLogins for a guesser."""
        found = self._issuer.store.devices.find_by_user_code(user_code.normal(self._typed))
        client = None if found is None else self._issuer.client(found[0].client_id)
        if found is None or client is None:
            self._attempts.fail()
            return "No device shows this code. Compare it with your device."
        self._attempts.check()
        record, decision = found
        self._facts.client, self._facts.flow = record.client_id, flow_of(record.grant_id)
        if record.expires_at <= self._issuer.clock.now():
            return "This code has expired. Start again on your device."
        return "This code has been used. Start again on your device." if decision else (record, client)

    def _granted(self, record: DeviceCode, client: Client, user: User) -> Decision:
        issuer = self._issuer
        resources = issuer.audience_resources(issuer.audience(client, record.resources))
        return policy.decide(record.scope, issuer.seed, client, user, resources)

    def _seal(self, username: str = "") -> str:
        asked = ReceivedRequest(Parameters([("user_code", self._typed)]))
        started = self._issuer.clock.seconds()
        return self.browser.seal(Transaction(asked, started, username, self._flow, purpose="device"))
