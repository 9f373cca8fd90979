"""devidp as Windows would have it: what only POSIX has is hidden from its modules (``site/sitecustomize.py``).

What Windows itself does otherwise is not here: the workflow in ``.github`` runs the tests there, once there is a host.
"""
