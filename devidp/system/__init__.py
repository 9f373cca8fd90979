"""What devidp uses of the machine: clock, private files, outgoing HTTP, host names, and the event log.

Owns the only reading of the time and the only fetching from other servers. Does not own OAuth's flows.
"""
