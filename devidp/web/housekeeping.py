"""What a running devidp does by itself: make its key, adopt an edited seed, and delete what has expired."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from devidp.keys import KeyProblem
from devidp.models import Seed
from devidp.seed import SeedError, SeedFiles
from devidp.store import StoreError
from devidp.system.files import PrivateFileError
from devidp.web.endpoints import ENDPOINTS
from devidp.web.runtime import Runtime
from devidp.web.seed_origin import origin
from devidp.web.servable import StartError

LOOK_SECONDS = 0.5
PURGE_SECONDS = 60
FIRST_ANSWER_SECONDS = 0.3
logger = logging.getLogger("devidp")


def warm_up(runtime: Runtime) -> None:
    """Have the keys of the first issuer, and import the token endpoint: for a thread beside the first answers."""
    try:
        # to make one takes 30 to 80 ms, in which others can run
        runtime.first().keys.all_keys()
    except (KeyProblem, PrivateFileError, StoreError):
        pass  # the request that needs one says what is wrong
    ENDPOINTS["token"].view  # noqa: B018 - imported here, and not in the first request for a token


class Housekeeper:
    """A thread per worker. ``adopted`` is called with each seed that is adopted; a PrivateFileError of it is logged.

    ``files`` are those of the seed, where they were read before.
    """

    def __init__(
        self, runtime: Runtime, adopted: Callable[[Seed], None] = lambda _: None, files: SeedFiles | None = None
    ) -> None:
        self._runtime = runtime
        self._adopted = adopted
        config = runtime.config
        watched = config.reload and config.seed_text is None
        self._files = (files or origin(config).watched(runtime.seed)) if watched else None
        self._waiting: Seed | None = None
        """An edit that the database kept from being adopted."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="devidp-housekeeping", daemon=True)

    def start(self) -> None:
        """Begin; the thread ends before the runtime closes."""
        self._runtime.watches_seed = self._files is not None
        self._runtime.before_close(self.stop)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        # a first answer comes sooner when nothing else is loaded beside it
        self._attempt(lambda: self._runtime.event_log.wait_beyond(0, FIRST_ANSWER_SECONDS))
        warm_up(self._runtime)
        rounds = 0
        while not self._stopped.wait(LOOK_SECONDS):
            rounds += 1
            self._attempt(self.look)
            if rounds * LOOK_SECONDS >= PURGE_SECONDS:
                rounds = 0
                self._attempt(self._runtime.purge)

    def _attempt(self, duty: Callable[[], object]) -> None:
        """Call ``duty``; a failure is logged, and it is tried again next time."""
        try:
            duty()
        except StoreError as error:
            logger.error("%s", error)
        except Exception:
            logger.exception("An internal error in the housekeeping")

    def look(self) -> None:
        """Adopt the seed where it was edited; a broken edit keeps the old seed and logs why."""
        new = self._files.poll() if self._files else None
        edited = new or self._waiting
        if edited is None:
            return
        self._waiting = None
        self._runtime.edit_refused = True
        if isinstance(edited, SeedError):
            logger.error("%s\nThe seed was edited, and the old one is kept: mend the lines above", edited)
            return
        try:
            self._runtime.adopt(edited)
        except StartError as error:
            logger.error("The seed was edited, and the old one is kept: %s", error)
            return
        except StoreError as error:
            self._waiting = edited
            if new:
                logger.error("The seed was edited, and is read as soon as the database can be used: %s", error)
            return
        self._runtime.edit_refused = False
        try:
            self._adopted(edited)
        except PrivateFileError as error:
            logger.error("%s", error)
        for warning in edited.warnings:
            logger.warning("%s", warning)
        logger.info("The seed was read again: %s", " ".join(each.url for each in self._runtime.issuers))
