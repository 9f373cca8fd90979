"""What runs in a worker process before its first request."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from devidp.app import configured_seed, create_app
from devidp.files import PrivateFileError
from devidp.housekeeping import Housekeeper
from devidp.installation import Installation, InstallationError
from devidp.seed import SeedError
from devidp.server.gateway import Gateway
from devidp.server.last_seed import LastSeed
from devidp.server.log import configure_logging

COLLECT_AFTER = 5_000
"""Objects. What a request makes is gone with it: to look for cycles after every 700 costs a twentieth of the time."""

if TYPE_CHECKING:
    from flask import Flask

    from devidp.config import Config


def load(config: Config, last_seed: LastSeed, problems: Connection) -> Gateway:
    """Create the application here, not in the parent: threads and database connections do not survive a fork.

    What keeps it from being created is sent to the parent, which prints it once for all workers.
    """
    # Ctrl-C reaches every process of the terminal; only the parent acts on it, and ends the workers in order.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    configure_logging(config.log_format)
    try:
        app = _application(config, last_seed)
    except (InstallationError, PrivateFileError) as error:
        problems.send(str(error))
        raise SystemExit(1) from None
    installation: Installation = app.extensions["devidp"]
    installation.recorder.write_to(sys.stderr)
    Housekeeper(installation, last_seed.keep).start()
    gc.freeze()  # what was loaded stays
    gc.set_threshold(COLLECT_AFTER)
    return Gateway(app.extensions["devidp.serving"], app.wsgi_app, lambda: bool(installation.controls.current.failures))


def _application(config: Config, last_seed: LastSeed) -> Flask:
    """What replaces a worker while the seed is edited and cannot be taken goes on with the last; its poll says why."""
    try:
        seed = configured_seed(config)
    except SeedError:
        return create_app(config, last_seed.read())
    try:
        return create_app(config, seed)
    except InstallationError:
        last = last_seed.read()
        if seed == last:
            raise
        return create_app(config, last)


def _end_with_parent() -> None:
    """A parent that was killed cannot stop its workers, and they would hold the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
