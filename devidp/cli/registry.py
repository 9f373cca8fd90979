"""Every command: its name, the module that has it as ``command``, and its line in ``devidp --help``."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command is, and its summary."""

    module: str
    summary: str


COMMANDS = {
    "serve": Entry("devidp.cli.serve", "Start devidp. Bare `devidp` does the same."),
    "demo": Entry("devidp.cli.demo", "Start devidp and an MCP server that it protects."),
    "connect": Entry("devidp.cli.connect", "Print what to paste into an MCP client, or to run."),
    "doctor": Entry("devidp.cli.doctor", "Find out why MCP clients fail at a server or an issuer."),
    "health": Entry("devidp.cli.health", "Ask a running devidp whether it is well."),
    "check": Entry("devidp.cli.check", "Find the mistakes of a seed file."),
    "schema": Entry("devidp.cli.schema", "Print the JSON Schema of the seed, for editors."),
    "decode": Entry("devidp.cli.decode", "Explain a token: what it says, and whether it holds."),
    "init": Entry("devidp.cli.init", "Write a commented seed to start from."),
    "token": Entry("devidp.cli.token", "Print a token, sound or with one fault."),
    "tokens": Entry("devidp.cli.tokens", "Write a file full of tokens, for load tests."),
    "faults": Entry("devidp.cli.faults", "List the faults that a token can have."),
    "arm": Entry("devidp.cli.arm", "Spoil the next tokens of real flows."),
    "fail": Entry("devidp.cli.fail", "Spoil the next answers of an endpoint."),
    "clock": Entry("devidp.cli.clock", "Show or move the clock."),
    "keys": Entry("devidp.cli.keys", "List or rotate signing keys."),
    "users": Entry("devidp.cli.users", "List or change users."),
    "clients": Entry("devidp.cli.clients", "List or change clients."),
    "events": Entry("devidp.cli.events", "Show what happened."),
    "reset": Entry("devidp.cli.reset", "Take everything back to the seed."),
}
DEFAULT = "serve"
