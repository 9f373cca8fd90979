"""The vocabulary of OAuth 2.1 and OpenID Connect, in its wire spelling.

Owns names, errors, parameters, redirect URI matching, scopes and resource indicators.
Does not own state, time, HTTP or Flask: every function here answers from its arguments alone.
"""
