"""Everything that a test can change or ask of a running devidp, in one object."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from devidp.faults import minting
from devidp.faults.minting import Minted, MintRefused
from devidp.store.overrides import NOTHING, Scripted
from devidp.system.urls import public_base
from devidp.web import servable
from devidp.web.control import issuers
from devidp.web.control.clients import Clients
from devidp.web.control.clock import ClockControl
from devidp.web.control.errors import ControlError
from devidp.web.control.events import Events
from devidp.web.control.keys import KeyControl
from devidp.web.control.pushes import Pushes
from devidp.web.control.refusals import from_refusal
from devidp.web.control.scripted import ArmedFaults, ScriptedFailures
from devidp.web.control.seed import SeedControl
from devidp.web.control.sessions import Authorizations, Sessions
from devidp.web.control.users import Users
from devidp.web.runtime import Runtime
from devidp.web.servable import StartError


class Controller:
    """The controls of one devidp, in force in every worker."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.clock = ClockControl(runtime)
        self.keys = KeyControl(runtime)
        self.users = Users(runtime)
        self.clients = Clients(runtime)
        self.pushes = Pushes(runtime)
        self.sessions = Sessions(runtime)
        self.authorizations = Authorizations(runtime)
        self.events = Events(runtime)
        self.armed = ArmedFaults(runtime)
        self.failures = ScriptedFailures(runtime)
        self.seed = SeedControl(runtime)

    @property
    def public_url(self) -> str:
        """The base of the issuers, as clients know it."""
        return self.runtime.config.public_url

    def set_public_url(self, url: str | None) -> None:
        """Another base of the issuers from now on; ``None``: that of the start. Raises ControlError.

        The issuers have other names then: tokens of before are those of others.
        """
        if url is not None:
            try:
                url = public_base(url)
            except ValueError as error:
                raise ControlError(str(error)) from None
        try:
            servable.check_addresses(self.runtime.seed, url or self.runtime.started_at)
        except StartError as error:
            raise ControlError(str(error)) from None
        self.runtime.control(lambda overrides: replace(overrides, public_url=url))

    def mint(self, *, issuer: str | None = None, called: str = "", **parameters: Any) -> Minted:
        """A token without a flow; raises ControlError for what is unknown or cannot be made.

        An issuer that follows the host is meant as it is ``called``, at that host.
        """
        try:
            made = minting.mint(issuers.called(self.runtime, issuer, called), minting.parse(parameters))
        except MintRefused as refusal:
            raise from_refusal(refusal) from None
        self.runtime.tried_faults.update(fault.name for fault in made.faults)
        return made

    def arm(self, fault: str, **wanted: Any) -> Scripted:
        """Spoil the next tokens of real flows that match: see ``ArmedFaults.arm``."""
        return self.armed.arm(fault, **wanted)

    def reset(self, *, keys: bool = False) -> None:
        """Back to the seed: clock, public URL, users, clients, sessions, tokens, consents, scripted answers and events.

        What was revoked or used up stays so. Keys stay, because their verifiers keep them too, but a hidden one is
        published; ``keys`` makes new ones.
        """
        # ids go on counting, so that one of before the reset never names another thing
        self.runtime.control(lambda overrides: replace(NOTHING, last_id=overrides.last_id, served=overrides.served))
        self.runtime.clear()
        if keys:
            self.keys.renew()
        else:
            self.keys.show_all()
