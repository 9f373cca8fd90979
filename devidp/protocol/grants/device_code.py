"""The device authorization grant at the token endpoint (RFC 8628 section 3.4)."""

from __future__ import annotations

from dataclasses import replace

from authlib.oauth2.rfc8628 import DeviceCodeGrant

from devidp.models import Authorization
from devidp.oauth.errors import AccessDenied, AuthorizationPending, ExpiredToken, InvalidGrant, SlowDown
from devidp.oauth.identifiers import flow_of
from devidp.protocol.grants.base import ProvingGrant
from devidp.protocol.models import ProtocolDeviceCode

SECTION = "RFC 8628 section 3.5"


class DeviceCodeExchange(ProvingGrant, DeviceCodeGrant):
    """A device code becomes tokens once its user has agreed."""

    def query_device_credential(self, device_code: str) -> ProtocolDeviceCode:
        found = self.issuer.store.devices.find(device_code)
        if found is None:
            raise InvalidGrant(
                f"The device code is not known to issuer {self.issuer.url}",
                remedy="Ask for a new one at the device authorization endpoint",
                section=SECTION,
            )
        record, decision, used_at = found
        self.request.facts.flow = flow_of(record.grant_id)
        self.check_owner(record.client_id, "device code", SECTION)
        if used_at is not None:
            raise _reuse()
        return ProtocolDeviceCode(device_code, record, decision)

    def validate_device_credential(self, credential: ProtocolDeviceCode) -> None:
        """Authlib's own order: expired, decided, too fast, pending; the clock and the rows are ours."""
        age = self.issuer.clock.now() - credential.record.expires_at
        if age >= 0:
            raise ExpiredToken(f"The device code expired {age:.0f} s ago", remedy="Ask for a new one")
        decision = credential.decision
        if decision is None:
            self._not_yet(credential.code)
        elif decision.username is None:
            raise AccessDenied("The user denied the request", remedy="Ask again, or ask for less", section=SECTION)

    def _not_yet(self, device_code: str) -> None:
        interval = self.issuer.store.devices.poll(device_code, self.issuer.clock.now())
        if interval is not None:
            raise SlowDown("The device polls too fast", remedy=f"Wait {interval} s between two requests from now on")
        raise AuthorizationPending("The user has not decided yet", remedy="Poll on, with the interval between")

    def prove(self) -> Authorization:
        record, decision = self.request.credential.record, self.request.credential.decision
        self.check_alive(record.grant_id, "device code", SECTION)
        login = {"auth_time": decision.auth_time, "acr": decision.acr, "amr": decision.amr, "sid": decision.sid}
        authorization = self.resume(record, decision.username, decision.scope, **login)
        return replace(authorization, refresh_handle=self.first_refresh_handle(authorization.scope))

    def consume(self, authorization: Authorization) -> bool:
        issuer, credential, now = self.issuer, self.request.credential, self.issuer.clock.seconds()
        jkt = authorization.jkt if authorization.client.public else None
        with issuer.store.at_once():
            first = issuer.store.devices.consume(credential.code, now, issuer.keep_until(authorization.client))
            if first and authorization.refresh_handle is not None:
                issuer.add_refresh_token(authorization.refresh_handle, authorization, credential.record.resources, jkt)
        return first

    def check_replay(self) -> None:
        raise _reuse()


def _reuse() -> InvalidGrant:
    return InvalidGrant(
        "The device code has been used before", remedy="Use the tokens that it was exchanged for", section=SECTION
    )
