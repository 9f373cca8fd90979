"""``python -m tests.clients.documents.update``: the built-in documents of one URL each, fetched anew.

The difference is to be read before it is kept: what is built in is trusted without a network.
"""

from __future__ import annotations

import json
import sys

from devidp.clients.documents import reading, wellknown
from devidp.clients.documents.reading import DocumentError
from devidp.system import documents, fetch
from devidp.system.fetch import FetchError, Reach
from tests.shipped import shipped


def update() -> int:
    """Write what can be fetched and makes a client; the number of documents for which that failed."""
    failed, seed = 0, shipped()
    for path in sorted(wellknown.FOLDER.glob("*.json")):
        url = json.loads(path.read_text(encoding="utf-8"))["client_id"]
        if wellknown.ID in url:
            continue
        try:
            document = documents.parse(url, fetch.get(url, Reach()))
            reading.read(url, document, "fetched", seed.issuers[0], seed.scopes)
        except (FetchError, DocumentError) as error:
            failed += 1
            sys.stderr.write(f"{path.name} stays as it is: {error.reason}\n")
        else:
            path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(1 if update() else 0)
