"""The password grant (RFC 6749 section 4.3): a client sends a user's name and password itself.

OAuth 2.1 has removed it, and no issuer has it whose seed does not name it. Test suites that were written for it go on.
"""

from __future__ import annotations

from authlib.oauth2.rfc6749 import TokenEndpointMixin

from devidp.issuer import authentication, known_users
from devidp.issuer.attempts import Attempts
from devidp.models import Authorization, User
from devidp.oauth import names
from devidp.oauth.errors import InvalidGrant
from devidp.oauth.identifiers import new_grant
from devidp.protocol import target
from devidp.protocol.grants.base import CheckedGrant

SECTION = "RFC 6749 section 4.3.2"
METHODS = ("pwd",)
"""How the user logged in (RFC 8176)."""


class Password(CheckedGrant, TokenEndpointMixin):
    """A user's password becomes tokens, without a page and without consent."""

    GRANT_TYPE = names.PASSWORD

    def prove(self) -> Authorization:
        issuer, user = self.issuer, self._log_in()
        audience = issuer.audience(self.request.client.record, self._resources())
        granted = self.remaining_scope(self.requested_scope(audience, None, "", SECTION), user, audience)
        return Authorization(
            client=self.request.client.record,
            grant_type=self.GRANT_TYPE,
            scope=granted,
            audience=audience,
            user=user,
            grant_id=new_grant(),
            auth_time=issuer.clock.seconds(),
            acr=authentication.acr(issuer.settings, METHODS),
            amr=METHODS,
            refresh_handle=self.first_refresh_handle(granted),
        )

    def consume(self, authorization: Authorization) -> bool:
        issuer, client, user = self.issuer, authorization.client, authorization.user
        assert user is not None
        assert authorization.grant_id is not None
        with issuer.store.at_once():
            issuer.add_grant(authorization.grant_id, client, user, authorization.scope)
            if authorization.refresh_handle is not None:
                jkt = authorization.jkt if client.public else None
                issuer.add_refresh_token(authorization.refresh_handle, authorization, self._resources(), jkt)
        return True

    def _resources(self) -> tuple[str, ...]:
        return tuple(each.uri for each in target.resources(self.issuer, self.request.parameters))

    def _log_in(self) -> User:
        """The user; raises InvalidGrant, and TooManyFailedLogins where the address has guessed too often."""
        parameters, issuer = self.request.parameters, self.issuer
        username, password = parameters.required("username", SECTION), parameters.required("password", SECTION)
        attempts = Attempts(issuer, self.request.address, "logins")
        attempts.check()
        user, problem = known_users.by_password(issuer, username, password)
        if user is None:
            attempts.fail()
            raise InvalidGrant(problem.removesuffix("."), remedy="Compare user name and password with the seed",
                               section=SECTION)  # fmt: skip
        attempts.check()
        self.request.facts.user = user.username
        if (
            issuer.settings_for(self.request.client.record).second_factor == "always"
            and authentication.most_factors(user) > 1
        ):
            raise InvalidGrant(
                f"User {user.username} logs in with a second factor, for which this grant has no place",
                remedy="Send the user to the authorization endpoint, or set 'mfa: none' for the user",
                section=SECTION,
            )
        return user
