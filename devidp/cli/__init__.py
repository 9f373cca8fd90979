"""The command line: one file a command, listed in ``devidp.cli.registry`` and imported when it is called.

Owns flags, environment variables and exit statuses. Does not own what the commands do.
"""
