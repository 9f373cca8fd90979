"""An MCP server over the control API: what a coding assistant needs to test a server against devidp.

Owns the tools and their names. Does not own what they do: that is the control API's, the probe's and the decoder's.
"""
