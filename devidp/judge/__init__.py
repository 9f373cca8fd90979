"""A verdict on a client: devidp and an MCP server are wrong on purpose, one scenario at a time, and it is watched.

Owns the scenarios, the MCP server, the foreign origin and the person at the browser. Does not own how answers of devidp
are wrong (``devidp.faults``), nor what a finding looks like (``devidp.report``).
"""
