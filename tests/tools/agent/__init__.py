"""``devidp mcp``, by the official client SDK."""
