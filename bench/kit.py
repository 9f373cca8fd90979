"""What the test kit costs: starting a fixture, resetting it, making a token. Run: ``python -m bench.kit``."""

from __future__ import annotations

import time
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from devidp.local import DevIdP

TIMES = 200


def best(action: Callable[[], object], times: int = TIMES, rounds: int = 5) -> float:
    """Milliseconds of one call, in the best round."""
    action()
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        for _ in range(times):
            action()
        found.append((time.perf_counter() - begin) / times * 1000)
    return min(found)


def start() -> None:
    """Until it would answer."""
    idp = DevIdP().start()
    STARTED.append(idp)


STARTED: list[DevIdP] = []


def main() -> None:
    print(f"start a DevIdP      {best(start, times=3):8.2f} ms")
    for idp in STARTED:
        idp.stop()
    with DevIdP() as idp:
        key = idp.control.installation.first().keys.active.jwk.private_key
        assert isinstance(key, RSAPrivateKey)
        signature = best(lambda: key.sign(b"x" * 500, PKCS1v15(), SHA256()))
        minted = best(lambda: idp.token(user="alice", client="web", scope="mcp:read"))
        print(f"one raw signature   {signature:8.3f} ms")
        print(f"idp.token()         {minted:8.3f} ms, {minted / signature:.2f} x")
        print(f"idp.reset()         {best(idp.reset):8.3f} ms")
        print(f"idp.login()         {best(idp.login, times=10):8.2f} ms")


if __name__ == "__main__":
    main()
