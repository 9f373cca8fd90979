"""Client metadata (RFC 7591 section 2, OpenID Connect Registration section 2).

Owns types, defaults and what is refused. An undefined field is ignored, as RFC 7591 section 2 demands;
one that is defined and not honoured here is refused by name, so that no client relies on it in vain.
"""

from devidp.clients.metadata.localized import in_language
from devidp.clients.metadata.record import to_client

__all__ = ["in_language", "to_client"]
