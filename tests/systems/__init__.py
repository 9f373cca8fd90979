"""devidp as Windows and macOS would have it: what another system lacks is hidden from it (``site/sitecustomize.py``).

What those systems do otherwise is not here: the workflow in ``.github`` runs the tests there, once there is a host.
"""
