"""A token endpoint in place of a resource server: assertions of devidp are presented to it (RFC 7523 section 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.oauth import names
from devidp.oauth.authorization_header import basic
from devidp.probe.call import Call
from devidp.probe.exchange import Answer
from devidp.probe.options import Credentials
from devidp.probe.subject import Subject

TYPES = (None, "authorization-grant+jwt", "JWT")
"""``typ`` of a sound assertion: that of an ID-JAG, else what a receiver of plain RFC 7523 may expect."""


@dataclass(frozen=True, slots=True)
class Server:
    """The authorization server whose token endpoint the target is, as its metadata describes it (RFC 8414)."""

    issuer: str = ""
    scopes: tuple[str, ...] = ()


class Receiver(Subject):
    """``sound`` is an exchange of a fresh assertion; its answer is a token response."""

    server = Server()
    in_body = False
    """Whether the client sends its secret in the body (``client_secret_post``)."""

    def present(
        self, assertion: str | None, *, credentials: Credentials | None = None, call: Call | None = None, **form: str
    ) -> Answer:
        """Exchange an assertion as the client of the options, or with other ``credentials``: empty ones for none."""
        client = self.options.credentials if credentials is None else credentials
        sent = {"grant_type": names.JWT_BEARER, **({} if assertion is None else {"assertion": assertion}), **form}
        authorization: tuple[str, ...] = ()
        if client and client.secret and not self.in_body:
            authorization = (basic(client.client_id, client.secret),)
        elif client and client.client_id:
            sent["client_id"] = client.client_id
            if client.secret:
                sent["client_secret"] = client.secret
        return self.ask(None, call=call, authorization=authorization, form=sent)

    def sound(self, call: Call | None = None) -> Answer:
        return self.present(self.mint().text, call=call)
