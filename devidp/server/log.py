"""What the server process writes to stderr, as text or JSON."""

from __future__ import annotations

import json
import logging
import sys
from typing import Literal

from devidp.models.config import LogFormat

Level = Literal["warning", "error"]


def say(level: Level, message: str, log_format: LogFormat) -> None:
    """Print one line on stderr."""
    line = json.dumps({"level": level, "message": message}) if log_format == "json" else f"{level}: {message}"
    print(line, file=sys.stderr, flush=True)  # noqa: T201


class JsonFormatter(logging.Formatter):
    """Every record as one JSON object; events come as JSON already."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if message.startswith("{"):
            return message
        fields = {"level": record.levelname.lower(), "message": message}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def configure_logging(log_format: LogFormat) -> None:
    """Send the logs of devidp and asyncio to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else logging.Formatter("%(message)s"))
    for name, level in (("devidp", logging.INFO), ("asyncio", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
