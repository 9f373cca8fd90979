"""Client metadata (RFC 7591 section 2, OpenID Connect Registration section 2): what a client says of itself.

Owns types, defaults and what is refused. A field that nobody has defined is ignored, as RFC 7591 section 2 demands.
One that is defined and would not be honoured here is refused by name: no client is told that it has what it has not.
"""

from devidp.clients.metadata.localized import in_language
from devidp.clients.metadata.record import to_client

__all__ = ["in_language", "to_client"]
