"""Every command: ``command`` in the module of its name, with ``_`` for ``-``, and its line in ``devidp --help``."""

from __future__ import annotations

from keyword import iskeyword

COMMANDS = {
    "serve": "Start devidp. Bare `devidp` does the same.",
    "demo": "Start devidp and an MCP server that it protects.",
    "connect": "Print what to paste into an MCP client, or to run.",
    "doctor": "Find out why MCP clients fail at a server or an issuer.",
    "probe": "Find out what a resource server wrongly accepts.",
    "judge": "Find out what a client wrongly follows.",
    "mcp": "Let a coding assistant control devidp.",
    "explain": "Explain what probe or judge has found.",
    "health": "Check that a running devidp is healthy.",
    "check": "Find the mistakes of a seed file.",
    "profile": "Show, compare and record profiles of issuers.",
    "import": "Make a seed of another tool's configuration.",
    "schema": "Print the JSON Schema of the seed, for editors.",
    "decode": "Explain a token: what it says, and whether it holds.",
    "init": "Write a commented seed to start from.",
    "token": "Print a token, sound or with one fault.",
    "tokens": "Write a file full of tokens, for load tests.",
    "faults": "List the faults that a token can have.",
    "arm": "Spoil the next tokens of real flows.",
    "fail": "Spoil the next answers of an endpoint.",
    "clock": "Show or move the clock.",
    "seed": "Say whether what the seed files say is in force.",
    "public-url": "Show or set the base URL of the issuers.",
    "keys": "List or rotate signing keys.",
    "users": "List or change users.",
    "clients": "List or change clients.",
    "sessions": "List or end the logins of browsers.",
    "authorizations": "List or end what users authorized.",
    "flows": "List the attempts of clients, and explain one.",
    "events": "Show what happened.",
    "reset": "Reset everything to the seed.",
}
DEFAULT = "serve"


def module(name: str) -> str:
    """The module of a command below ``devidp.cli``: a ``_`` for each dash, and behind a word of Python."""
    return f"{name.replace('-', '_')}{'_' * iskeyword(name)}"
