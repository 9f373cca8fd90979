"""What devidp does with each parameter of a request that a browser brought, in words for a developer.

Owns the tables of parameters: authorization, logout, device. Does not own any check: a sentence says of a good request
what it means, and of a bad one what the parameter was for.
"""

from devidp.protocol.explanation.authorization import AUTHORIZATION
from devidp.protocol.explanation.device import DEVICE
from devidp.protocol.explanation.logout import LOGOUT
from devidp.protocol.explanation.table import Asked, Explained, Meaning, explain

__all__ = ["AUTHORIZATION", "DEVICE", "LOGOUT", "Asked", "Explained", "Meaning", "explain"]
