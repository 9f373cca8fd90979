"""The authsec SDK, unchanged: what its runtime says of tokens that come for a tool, in each of its four modes."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio

from authsec_sdk.runtime import Config, PolicyMode, Runtime, ValidationMode

from tests.real_clients.programs import lines


async def verdicts(mode: str, tokens: list[str], tool_scopes: dict[str, list[str]], **settings: str) -> list[str]:
    """For each token the reason of the refusal, or an empty text."""
    config = Config(
        **settings, validation_mode=ValidationMode(mode), policy_mode=PolicyMode.LOCAL_ONLY, tool_scopes=tool_scopes
    )
    runtime = await Runtime.create(config)
    results = [await runtime.authorize(token, next(iter(tool_scopes))) for token in tokens]
    return ["" if result.allowed else result.denial.code for result in results]


for command in lines.commands():
    lines.answer(verdicts=asyncio.run(verdicts(**command)))
