"""A protected MCP server to point clients at: a reference resource server, small and strict, to read and copy.

Owns what a resource server has to check, and ten tools. Does not own the issuer: apart from the clock and the two lines
that start both, nothing here knows devidp, and it works with any issuer. Needs the extra ``devidp[demo]``.
"""
