"""What a test can make a running devidp do: clock, keys, users, clients, scripted answers, events, reset.

One controller behind three doors: Python (``devidp.DevIdP``), HTTP (``/_devidp/api``) and the command line.
Owns what can be asked for and how refusals read. Does not own the state: that is ``devidp.store.overrides``.
"""
