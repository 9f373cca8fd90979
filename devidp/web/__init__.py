"""HTTP in and HTTP out: endpoints, pages, the control API, and what a test can make devidp do.

Does not own processes, sockets, nor commands; ``devidp.app`` makes the application of it.
"""
