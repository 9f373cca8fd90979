"""Tokens in great number, minted by several processes at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Generator, Mapping, Sequence
from itertools import cycle, islice
from multiprocessing.queues import Queue
from typing import Any

from devidp.app import configured_seed
from devidp.config import Config
from devidp.control import ControlError, Controller
from devidp.installation import Installation, InstallationError
from devidp.seed import SeedError

BLOCK = 200
"""Tokens that are handed over at once."""
Wanted = Sequence[Mapping[str, Any]]


class BulkError(Exception):
    """No token can be minted; the message says what to change."""


def mint_many(config: Config, issuer: str | None, wanted: Wanted, count: int, processes: int) -> Generator[list[str]]:
    """``count`` tokens in blocks, as ``wanted`` in turn. Raises BulkError."""
    context = multiprocessing.get_context("spawn")
    queue: Queue[list[str] | str] = context.Queue()
    parts = [count // processes + (number < count % processes) for number in range(processes)]
    started = [context.Process(target=_part, args=(config, issuer, wanted, part, queue)) for part in parts if part]
    for process in started:
        process.start()
    left = count
    try:
        while left:
            block = queue.get()
            if isinstance(block, str):
                raise BulkError(block)
            left -= len(block)
            yield block
    finally:
        for process in started:
            if left:
                process.terminate()
            process.join()


def _part(config: Config, issuer: str | None, wanted: Wanted, count: int, queue: Queue[list[str] | str]) -> None:
    try:
        controller = Controller(Installation(config, configured_seed(config)))
        turns = islice(cycle(wanted), count)
        while block := [controller.mint(issuer=issuer, **each).token for each in islice(turns, BLOCK)]:
            queue.put(block)
    except (ControlError, InstallationError, SeedError) as error:
        queue.put(str(error))
