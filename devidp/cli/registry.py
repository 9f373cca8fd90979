"""Every command: its name, the module that has it as ``command``, and its line in ``devidp --help``."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command is, and its summary."""

    module: str
    summary: str


COMMANDS = {
    "serve": Entry("devidp.cli.serve", "Start devidp. Bare `devidp` does the same."),
    "health": Entry("devidp.cli.health", "Ask a running devidp whether it is well."),
    "check": Entry("devidp.cli.check", "Find the mistakes of a seed file."),
    "schema": Entry("devidp.cli.schema", "Print the JSON Schema of the seed, for editors."),
    "decode": Entry("devidp.cli.decode", "Explain a token: what it says, and whether it holds."),
    "init": Entry("devidp.cli.init", "Write a commented seed to start from."),
}
DEFAULT = "serve"
