"""Events as lines of JSON in a file, for whoever asks for one."""

from __future__ import annotations

import os
from pathlib import Path

from devidp.system import files


class EventFile:
    """A file to which every process appends whole lines."""

    def __init__(self, path: Path) -> None:
        files.private_file(path)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)

    def append(self, line: str) -> None:
        try:
            # one write in append mode is one piece of the file, whoever else writes
            os.write(self._descriptor, f"{line}\n".encode())
        except OSError:
            return  # an answer is worth more than its event, and the log has the event too

    def close(self) -> None:
        os.close(self._descriptor)
