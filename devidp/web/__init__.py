"""The Flask application: endpoints, pages, the control API, and what a test can make devidp do.

Owns HTTP in and HTTP out. Does not own processes, sockets, nor commands.
"""
