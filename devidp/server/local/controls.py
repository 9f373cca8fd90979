"""What can be controlled of a devidp inside this program."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from devidp.models import Event
from devidp.server.local.running import Running
from devidp.store.overrides import Scripted

if TYPE_CHECKING:
    from devidp.faults.minting import Minted
    from devidp.web.control.clients import Clients
    from devidp.web.control.clock import ClockControl
    from devidp.web.control.controller import Controller
    from devidp.web.control.keys import KeyControl
    from devidp.web.control.sessions import Authorizations, Sessions
    from devidp.web.control.users import Users


class Controls(Running):
    """The parts of the controller that tests use most, by short names."""

    @property
    def control(self) -> Controller:
        """Everything that can be controlled; the attributes below are the most used parts. Raises ControlError."""
        self._expect_alive()
        return self._controller

    @cached_property
    def _controller(self) -> Controller:
        controller: Controller = resolve_name("devidp.web.control.controller:Controller")(self._runtime)
        return controller

    @property
    def clock(self) -> ClockControl:
        return self.control.clock

    @property
    def keys(self) -> KeyControl:
        return self.control.keys

    @property
    def users(self) -> Users:
        return self.control.users

    @property
    def clients(self) -> Clients:
        return self.control.clients

    @property
    def sessions(self) -> Sessions:
        return self.control.sessions

    @property
    def authorizations(self) -> Authorizations:
        return self.control.authorizations

    # tokens

    def token(self, user: str | Mapping[str, Any] | None = None, **parameters: Any) -> str:
        """A token as the issuer would issue it, changed as asked: see ``mint``."""
        return self.mint(user, **parameters).token

    def mint(self, user: str | Mapping[str, Any] | None = None, **parameters: Any) -> Minted:
        """A token, its header and claims, and what is wrong with it.

        ``user`` is a name of the seed, or the claims of somebody else; the first one without it. Further parameters:
        ``client``, ``scope``, ``audience``, ``resource``, ``issuer``, ``free``, ``lifetime``, ``not_before``,
        ``claims``, ``drop``, ``header``, ``drop_header``, ``key``, ``token_type``, ``fault``. An unknown one is
        refused; docs/control.md explains them.
        """
        return self.control.mint(user=user, **parameters)

    def set_public_url(self, url: str | None) -> None:
        """Another base from now on: for names and ports that are known once it runs; ``None``: that of the start.

        Raises ControlError.
        """
        self.control.set_public_url(url)

    # scripted answers

    def arm(
        self,
        fault: str,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        token_type: str | None = None,
        **match: str,
    ) -> Scripted:
        """Spoil the next tokens that real flows get: ``arm("expired", client="web", times=2)``.

        Matched by ``client``, ``user``, ``issuer``, ``grant`` or ``state``; ``times=None``: until ``reset``.
        ``token_type`` is ``access``, ``id``, ``logout`` or ``id-jag``; the token in ``access_token`` without it.
        """
        return self.control.arm(fault, times=times, probability=probability, token_type=token_type, **match)

    def fail(
        self,
        endpoint: str,
        failure: str | None = None,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        **options: Any,
    ) -> Scripted:
        """Spoil the next answers of an endpoint: ``fail("token", error="invalid_grant", client="web")``,
        ``fail("jwks", "keys-empty", times=None)``, ``fail("discovery", status=503, times=2)``.

        Matched as ``arm`` is; docs/failures.md names every failure and its options.
        """
        return self.control.failures.fail(endpoint, failure, times=times, probability=probability, **options)

    @property
    def tried_faults(self) -> frozenset[str]:
        """Names of the faults that tokens have had so far, minted or armed; ``reset`` does not forget them."""
        return frozenset(self._runtime.tried_faults)

    # state

    def reset(self, *, keys: bool = False) -> None:
        """Everything back to the seed; keys stay unless ``keys`` asks for new ones."""
        self.control.reset(keys=keys)

    # what happened: also to be read after the end

    def events(self, endpoint: str | None = None, **wanted: str | int) -> list[Event]:
        """The matching events, oldest first: ``events("token", client="web", error="invalid_grant")``."""
        return self._controller.events.find(endpoint, **wanted)

    def wait_for(self, endpoint: str | None = None, *, timeout: float = 5.0, **wanted: str | int) -> Event:
        """The first matching event, now or within ``timeout`` seconds; raises AssertionError."""
        return self._controller.events.wait_for(endpoint, timeout=timeout, **wanted)

    def assert_seen(self, endpoint: str | None = None, **wanted: str | int) -> Event:
        """The first matching event; raises AssertionError that shows the nearest one and what differs."""
        return self._controller.events.assert_seen(endpoint, **wanted)

    def assert_not_seen(self, endpoint: str | None = None, **wanted: str | int) -> None:
        """Raises AssertionError where an event matches."""
        self._controller.events.assert_not_seen(endpoint, **wanted)
