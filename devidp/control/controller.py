"""Everything that can be asked of a running devidp, in one object."""

from __future__ import annotations

from dataclasses import replace

from devidp.control.clients import Clients
from devidp.control.clock import ClockControl
from devidp.control.events import Events
from devidp.control.keys import KeyControl
from devidp.control.users import Users
from devidp.controls import NOTHING
from devidp.installation import Installation


class Controller:
    """The controls of one devidp; what one worker is told, every worker does."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.clock = ClockControl(installation)
        self.keys = KeyControl(installation)
        self.users = Users(installation)
        self.clients = Clients(installation)
        self.events = Events(installation.recorder)

    def reset(self, *, keys: bool = False) -> None:
        """Back to the seed: clock, users, clients, sessions, tokens, consents, scripted answers and events.

        Keys stay, because their verifiers keep them too, but a hidden one is published; ``keys`` makes new ones.
        """
        # ids go on counting, so that one of before the reset never names another thing
        self.installation.control(lambda controlled: replace(NOTHING, last_id=controlled.last_id))
        self.installation.clear()
        if keys:
            self.keys.renew()
        else:
            self.keys.show_all()
