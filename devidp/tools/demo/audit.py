"""One line for each call: who, through which client, which tool, and whether it was let through. No tokens."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from devidp.tools.demo.caller import Caller
from devidp.tools.demo.messages import ToolCall
from devidp.tools.demo.refusal import Refused

LOGGER = logging.getLogger("devidp.tools.demo.audit")


def log_calls(calls: Sequence[ToolCall], caller: Caller | None) -> None:
    for call in calls:
        LOGGER.info(_line(call, caller, {"outcome": "allowed"}))


def log_refusal(calls: Sequence[ToolCall], caller: Caller | None, refused: Refused) -> None:
    reason = {"outcome": "denied", "status": refused.status, "reason": refused.description}
    for call in calls:
        LOGGER.warning(_line(call, caller, reason))


def _line(call: ToolCall, caller: Caller | None, outcome: dict[str, object]) -> str:
    known = {} if caller is None else {"sub": caller.sub, "tenant": caller.tenant, "client": caller.client_id}
    # JSON: a name with a line break in it cannot look like a line of its own
    return json.dumps({"tool": call.tool, **known, **({"jti": caller.jti} if caller else {}), **outcome})
