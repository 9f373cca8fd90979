"""Many tokens, minted by several processes in parallel."""

from __future__ import annotations

import multiprocessing
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from multiprocessing.queues import Queue
from typing import Any, NamedTuple

from devidp.app import configured_seed
from devidp.faults import MintRefused
from devidp.faults.minting import parse, series
from devidp.models.config import Config
from devidp.seed import SeedError
from devidp.store import StoreError
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.runtime import Runtime
from devidp.web.servable import StartError

BLOCK = 200
"""Tokens per block."""
WAITING = 100
"""Blocks in the queue at most."""
Wanted = Sequence[Mapping[str, Any]]


class BulkError(Exception):
    """No token can be minted; the message says what to change."""


class Block(NamedTuple):
    """``tokens`` tokens, one per line; 0: ``text`` is the reason why there are none."""

    tokens: int
    text: str


def mint_many(config: Config, issuer: str | None, wanted: Wanted, count: int, processes: int) -> Generator[Block]:
    """``count`` tokens in blocks, as ``wanted`` in turn. Raises BulkError."""
    context = multiprocessing.get_context("spawn")
    queue: Queue[Block] = context.Queue(WAITING)
    parts = [count // processes + (number < count % processes) for number in range(processes)]
    started = [context.Process(target=_part, args=(config, issuer, wanted, part, queue)) for part in parts if part]
    for process in started:
        process.start()
    left = count
    try:
        while left:
            block = queue.get()
            if not block.tokens:
                raise BulkError(block.text)
            left -= block.tokens
            yield block
    finally:
        for process in started:
            if left:
                process.terminate()
            process.join()


def _part(config: Config, issuer: str | None, wanted: Wanted, count: int, queue: Queue[Block]) -> None:
    try:
        # the keys are read, also beside a devidp that serves the folder
        runtime = Runtime(replace(config, owns_data=False), configured_seed(config))
        asked = [parse(each) for each in wanted]
        runtime.open()
        found = issuers.named(runtime, issuer)
        kinds = [series(found, each) for each in asked]
        turns = islice(chain.from_iterable(zip(*kinds, strict=True)), count)
        while block := list(islice(turns, BLOCK)):
            queue.put(Block(len(block), "\n".join((*block, ""))))
    except MintRefused as refusal:
        queue.put(Block(0, refusal.description))
    except (ControlError, StartError, SeedError, StoreError) as error:
        queue.put(Block(0, str(error)))
