"""What an authorization request asks of a user before it is answered: a login, a second factor, consent."""

from __future__ import annotations

from devidp.issuer import authentication
from devidp.issuer.issuer import Issuer
from devidp.issuer.policy import Decision
from devidp.models import Session, User
from devidp.oauth.errors import LoginRequired, UnmetAuthenticationRequirements, quoted
from devidp.protocol import AuthorizationRequest


class Requirements:
    """Those of one request at one issuer."""

    def __init__(self, issuer: Issuer, request: AuthorizationRequest) -> None:
        self._issuer = issuer
        self._request = request

    def is_login_good(self, user: User, session: Session) -> bool:
        """Whether the login of ``session`` will do (OpenID Connect Core section 3.1.2.3)."""
        login = self._request.login
        if login.prompt & {"login", "select_account"} or not login.accepts(user):
            return False
        return not login.too_old(self._issuer.clock.now() - session.auth_time)

    def login_required(self, session: tuple[User, Session] | None) -> LoginRequired:
        if session is None:
            reason = "nobody is logged in in this browser"
        elif self._request.login.accepts(session[0]):
            reason = "the login is older than max_age allows"
        else:
            reason = "another user is logged in in this browser"
        return LoginRequired(f"prompt is 'none', and {reason}", remedy="Send the user here without prompt=none")

    def factors(self, user: User) -> int:
        """How many factors the login of ``user`` takes; raises UnmetAuthenticationRequirements for too many."""
        login, most = self._request.login, authentication.most_factors(user)
        needed = login.factors(most)
        if needed is None:
            raise UnmetAuthenticationRequirements(
                f"The acr {quoted(' '.join(login.classes))} is essential, and {user.username} has one factor only",
                remedy="Ask for a class that one factor reaches, log in as a user with a second one, or set 'mfa' "
                "of the user in the seed",
            )
        return most if self._issuer.settings_for(self._request.client).second_factor == "always" else needed

    def is_consent_needed(self, user: User, decision: Decision) -> bool:
        setting = self._request.client.consent
        if "consent" in self._request.login.prompt or setting == "required":
            return True
        if setting == "skipped":
            return False
        known = self.agreed(user)
        return not known or not known.issuperset([*decision.granted, *self.named_claims()])

    def agreed(self, user: User) -> frozenset[str]:
        """What the user has agreed to with this client, and is not asked again."""
        return self._issuer.store.consents.find(self._request.client.client_id, user.username)

    def claims(self) -> list[str]:
        return list(dict.fromkeys([*self._request.claims.id_token, *self._request.claims.userinfo]))

    def named_claims(self) -> list[str]:
        """Those claims as they are remembered beside scopes, which never hold a space."""
        return [f"claim {name}" for name in self.claims()]
