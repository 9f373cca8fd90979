"""A text that the workers of one run share, and a counter that tells each cheaply when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from devidp.store.counter import Counter
from devidp.store.database import Database
from devidp.store.sealed import Sealed


class SharedText:
    """The text that ``run`` left in ``database``; another run of devidp over the same folder begins without it.

    It is sealed, for it holds secrets of clients.
    """

    def __init__(self, database: Database, counter: Path, run: str, sealed: Sealed) -> None:
        self._database = database
        self._run = run
        self._sealed = sealed
        self._counter = Counter(counter)

    def generation(self) -> int:
        """Grows with every change in any worker."""
        return self._counter.get()

    def read(self) -> tuple[int, str]:
        """The generation that was read, and its text; empty where nothing was left."""
        row = self._database.row("SELECT generation, run, text FROM controls", ())
        if row is None:
            return self.generation(), ""
        return row[0], self._opened(row)

    def change(self, function: Callable[[str], str]) -> tuple[int, str]:
        """Replace the text by what ``function`` makes of it, with no other worker in between."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT generation, run, text FROM controls").fetchone()
            text = function(self._opened(row) if row else "")
            sealed = self._sealed.seal(text)
            generation = 1 + max(self.generation(), row[0] if row else 0)
            connection.execute("DELETE FROM controls")
            connection.execute(
                "INSERT INTO controls (generation, run, text) VALUES (?, ?, ?)",
                (generation, self._run, sealed),
            )
            # before the commit: a worker that looks too early sees that its text is not the newest, and looks again
            self._counter.put(generation)
        return generation, text

    def _opened(self, row: tuple[int, str, str]) -> str:
        _, run, sealed = row
        return self._sealed.open(sealed) if run == self._run else ""

    def close(self) -> None:
        self._counter.close()
