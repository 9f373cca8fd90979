"""Authlib lives here and only here: grants, client authentication and proof keys, behind our own types.

What goes in are our parameters and records, what comes out are our records and errors. Each subclass here mends one
thing that Authlib gets wrong, or fills in what it leaves open; no other package imports Authlib.
"""

from devidp.protocol.authorization import AuthorizationRequest, RedirectedError
from devidp.protocol.response_mode import AuthorizationResponse
from devidp.protocol.server import Server

__all__ = ["AuthorizationRequest", "AuthorizationResponse", "RedirectedError", "Server"]
