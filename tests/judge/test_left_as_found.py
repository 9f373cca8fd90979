"""A devidp that judged is as it was before, however that ended."""

from __future__ import annotations

import pytest

from devidp import DevIdP
from devidp.judge import run
from devidp.judge.callable_client import CallableClient
from devidp.judge.run import Wish
from devidp.judge.turn import End, Turn
from devidp.web.api_client import ApiClient
from tests.judge.conftest import mcp_client


class Interrupted:
    """A client during whose second attempt somebody presses Ctrl-C, after it has registered."""

    name = "interrupted"
    keeps_address = False

    def __init__(self) -> None:
        self._calls = 0

    def attempt(self, turn: Turn) -> End:
        self._calls += 1
        end = CallableClient(mcp_client).attempt(turn)
        if self._calls > 1:
            raise KeyboardInterrupt
        return end


def test_nothing_stays_wrong_after_ctrl_c(idp: DevIdP) -> None:
    known = set(idp.clients)
    before = len(idp.events("register", status=201))
    with pytest.raises(KeyboardInterrupt):
        run.judge(Interrupted(), ApiClient(idp.local_url), Wish(only=["field-extra"]))
    registered = [each.client for each in idp.events("register", status=201)[before:]]
    assert len(registered) == 2
    assert not [each for each in registered if each in idp.clients]
    assert set(idp.clients) == known
    assert (idp.control.failures.waiting(), idp.control.armed.waiting()) == ((), ())


def test_what_somebody_else_has_scripted_stays(idp: DevIdP) -> None:
    scripted = idp.fail("token", error="invalid_grant", client="service", times=None)
    idp.judge(mcp_client, only=["field-extra", "status:token"])
    assert idp.control.failures.waiting() == (scripted,)
    idp.control.failures.clear()
