"""One issuer: its users, clients, policy, sessions, tokens, and logout.

Owns the place where an authorization becomes tokens. Does not own HTTP, grants, nor anything that is wrong on purpose.
"""
