"""What runs in a worker process before its first request."""

from __future__ import annotations

import gc
import multiprocessing
import os
import socket
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection

from devidp.app import create_app
from devidp.models.config import Config
from devidp.server.last_seed import LastSeed
from devidp.server.log import configure_logging
from devidp.server.processor import stay_on
from devidp.system.files import PrivateFileError
from devidp.web.dispatch import Application
from devidp.web.housekeeping import Housekeeper
from devidp.web.servable import StartError

CGI_NAMES = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_USER", "AUTH_TYPE", "PATH_TRANSLATED"})
"""What a request may have of its own beside its headers (RFC 3875 section 4.1)."""


def load(
    config: Config,
    last_seed: LastSeed,
    report: Connection,
    end: Connection,
    processors: set[int],
    sockets_of_others: Sequence[socket.socket],
) -> Application:
    """Create the application here, not in the parent: threads and database connections do not survive a fork.

    The parent gets a report: empty, or what kept it from being created, which it prints once for all workers. What it
    says by ``end`` is left there unread, for all of them.
    """
    stay_on(processors)
    for each in sockets_of_others:
        each.close()  # a fork has them all; a connection to one that its worker has closed would wait for nobody
    threading.Thread(target=_end_with_parent, name="devidp-parent-watch", daemon=True).start()
    _keep_environment_from_requests()
    configure_logging(config.log_format)
    try:
        # also where the file was edited since: the housekeeper reads it next, and says what is wrong with it
        seed, files = last_seed.read()
        app = create_app(config, seed)
    except (StartError, PrivateFileError) as error:
        report.send(str(error))
        raise SystemExit(1) from None
    app.runtime.is_ending = end.poll
    Housekeeper(app.runtime, last_seed.keep, files).start()
    gc.freeze()  # what was loaded stays: the collector need not look at it again and again
    report.send("")
    return app


def _keep_environment_from_requests() -> None:
    """granian copies the variables of its process into every request's, where ``HTTP_…`` would be a header."""
    for name in [each for each in os.environ if each.startswith("HTTP_") or each in CGI_NAMES]:
        del os.environ[name]


def _end_with_parent() -> None:
    """A parent that was killed cannot stop its workers, and they would hold the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
