"""Reads the seed in a process of its own, which takes with it what read it: a fifth of the memory of a server."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from multiprocessing.connection import Connection

from devidp.models import Seed
from devidp.models.config import Config
from devidp.seed import SeedError, SeedFiles
from devidp.web.seed_origin import origin


def read_seed(config: Config) -> tuple[Seed, SeedFiles | None]:
    """The seed that ``config`` names, and its files, if it has some; raises SeedError."""
    if multiprocessing.get_start_method() != "fork":  # an interpreter more would take longer than the whole start
        return origin(config).read_and_watch()
    receiving, sending = multiprocessing.Pipe(duplex=False)
    reader = multiprocessing.Process(target=_read, args=(config, receiving, sending), name="devidp-seed")
    reader.start()
    sending.close()
    try:
        found: tuple[Seed, SeedFiles | None] | SeedError = receiving.recv()
    except (EOFError, OSError):
        reader.join()
        sys.exit(
            f"Error: the process that reads the seed ended with exit code {reader.exitcode}, expected a seed. What is "
            "above says why; where nothing is, free memory: a system that runs out of it ends processes so"
        )
    finally:
        reader.kill()  # it has said all; or a signal came, and it would wait for ever for somebody who listens
        reader.join()
    if isinstance(found, SeedError):
        raise found
    return found


def _read(config: Config, receiving: Connection, sending: Connection) -> None:
    receiving.close()  # the parent alone listens: when it was killed, this process must not wait for it
    gc.disable()  # the process ends before there is garbage worth a look
    try:
        sending.send(origin(config).read_and_watch())
    except SeedError as error:
        sending.send(error)
    except BrokenPipeError:
        pass
