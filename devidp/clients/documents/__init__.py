"""Client ID Metadata Documents: a client whose id is the https URL of what it says of itself.

Owns which URLs can be client ids, the documents that are built in, fetching and keeping, and what a document has to
hold. Does not own metadata in general (``devidp.clients.metadata``), nor how anything is fetched
(``devidp.system.fetch``).
"""

from devidp.clients.documents.library import ClientDocuments

__all__ = ["ClientDocuments"]
