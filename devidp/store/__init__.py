"""The store: the only package that knows SQL, and the only one that is shared between workers.

Owns durable state: codes, refresh tokens, revocations, sessions, consents, registered clients and sealed signing keys,
each row under its issuer; what was changed at run time; and the events of several workers. Does not own the meaning
of what it keeps. Codes and tokens are kept as hashes. ``Store`` is what an issuer remembers, ``Database`` what any
engine has to be able to do; SQLite is in ``sqlite`` and ``sqlite_schema``, and nowhere else.
"""

from devidp.store.database import Database, StoreError
from devidp.store.sqlite import open_database
from devidp.store.store import Store

__all__ = ["Database", "Store", "StoreError", "open_database"]
