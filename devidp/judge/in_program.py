"""A judgement of a function of this program, as ``DevIdP.judge`` has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from devidp.judge import run
from devidp.judge.callable_client import CallableClient
from devidp.judge.run import Wish
from devidp.report import Report
from devidp.system import http_client
from devidp.web.api_client import ApiClient
from devidp.web.control.errors import ControlError


def judge(client: Callable[..., object], url: str, only: Sequence[str], skip: Sequence[str], **wish: Any) -> Report:
    """Of ``client``, with the devidp at ``url``. Raises ControlError."""
    for name, words in (("only", only), ("skip", skip)):
        if isinstance(words, str):
            raise ControlError(f"{name}: got {words!r}, expected a list of names")
    try:
        api = ApiClient(url, tls=http_client.unverified(url))
        return run.judge(CallableClient(client), api, Wish(only, skip, **wish))
    except ValueError as error:
        raise ControlError(str(error)) from None
