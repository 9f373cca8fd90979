"""How to bring an MCP client to a server: exactly what to paste or run.

Owns the texts and snippets of each client, and where the pages about frameworks are. Does not own what the clients
then do: see docs/clients.md.
"""

from devidp.connect.clients import CLIENTS, DEMO, Recipe, Snippet, Target

__all__ = ["CLIENTS", "DEMO", "Recipe", "Snippet", "Target"]
