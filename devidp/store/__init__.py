"""The store: the only package that knows SQL, and the only one that is shared between workers.

Owns durable state: codes, refresh tokens, revocations, sessions, consents and registered clients, each row under its
issuer. Does not own keys (they are files), nor the meaning of what it keeps. Codes and tokens are kept as hashes.
"""

from devidp.store.database import Database, StoreError
from devidp.store.digest import digest
from devidp.store.store import Store

__all__ = ["Database", "Store", "StoreError", "digest"]
