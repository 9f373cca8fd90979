"""Asks a devidp that has just begun for everything at once, and prints the answers: a program of its own, so that
nothing is loaded yet. Run by tests/test_start.py."""

from __future__ import annotations

import json
import sys
import threading
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from devidp import DevIdP

SERVICE = {"Authorization": "Basic c2VydmljZTpzZXJ2aWNlLXNlY3JldA=="}
JSON = {"Content-Type": "application/json"}
REGISTRATION = json.dumps({"redirect_uris": ["http://localhost/cb"]}).encode()
CHALLENGE = f"code_challenge={'x' * 43}&code_challenge_method=S256"
ASKED: dict[str, tuple[bytes | None, dict[str, str]]] = {
    "/.well-known/openid-configuration": (None, {}),
    "/.well-known/jwks.json": (None, {}),
    "/token": (b"grant_type=client_credentials", SERVICE),
    f"/authorize?client_id=spa&response_type=code&redirect_uri=http://localhost/cb&{CHALLENGE}": (None, {}),
    "/introspect": (b"token=x", SERVICE),
    "/revoke": (b"token=x", SERVICE),
    "/userinfo": (None, {}),
    "/register": (REGISTRATION, JSON),
    "/logout": (None, {}),
    "/../": (None, {}),
    "/../_devidp/api/faults": (None, {}),
    "/../_devidp/api/clock": (None, {}),
}
"""What is below the first issuer: the body, and headers."""


def main() -> None:
    with DevIdP() as idp:
        answers: dict[str, int] = {}
        together = threading.Barrier(len(ASKED))

        def ask(path: str) -> None:
            body, headers = ASKED[path]
            url = f"{idp.url}{path[3:]}" if path.startswith("/..") else f"{idp.issuer}{path}"
            together.wait()
            try:
                with urlopen(Request(url, body, headers), timeout=60) as answer:
                    answers[path] = answer.status
            except HTTPError as error:
                answers[path] = error.code

        threads = [threading.Thread(target=ask, args=(path,)) for path in ASKED]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.stdout.write(json.dumps({path.partition("?")[0]: status for path, status in sorted(answers.items())}))


if __name__ == "__main__":
    main()
