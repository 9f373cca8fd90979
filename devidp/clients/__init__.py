"""Where clients come from: the metadata they register with, and documents that a client id names.

Owns what a client says of itself, and which of it is refused. Does not own where clients are kept, nor issuers.
"""
