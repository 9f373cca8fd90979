"""The server process: one listening socket, workers behind it, and what it prints when it is ready.

Owns the socket, the processes, their start and their end. Does not own settings (``devidp.cli``) or what is served
(``devidp.app``).
"""
