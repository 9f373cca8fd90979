"""One line for each call: who, through which client, which tool, and whether it was allowed. No tokens."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from devidp.tools.demo.caller import Caller
from devidp.tools.demo.messages import ToolCall
from devidp.tools.demo.refusal import Refused

LOGGER = logging.getLogger("devidp.tools.demo.audit")


def log(calls: Sequence[ToolCall], caller: Caller | None, refused: Refused | None = None) -> None:
    facts: dict[str, Any] = {}
    if caller is not None:
        facts = {"sub": caller.sub, "tenant": caller.tenant, "client": caller.client_id, "jti": caller.jti}
    facts["outcome"] = "allowed" if refused is None else "denied"
    if refused is not None:
        facts |= {"status": refused.status, "reason": refused.description}
    for call in calls:
        # JSON: a name with a line break in it cannot look like a line of its own
        LOGGER.log(logging.WARNING if refused else logging.INFO, json.dumps({"tool": call.tool, **facts}))
