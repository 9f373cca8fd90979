"""What minting a token costs, measured against the one RS256 signature that it needs. Run: ``python -m bench.minting``.

CPU time, so that other processes do not count; the best of several rounds, because a round is short.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from bench.machine import signatures
from devidp.app import create_app
from devidp.cli.bulk import mint_many
from devidp.faults.minting import mint, parse
from devidp.models.config import Config

ROUNDS, TIMES = 9, 300
MANY = 40_000
WISH = {"user": "alice", "client": "web", "audience": "http://localhost:8000/mcp", "scope": "mcp:read"}


def cpu_seconds(action: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    action()
    begin = time.process_time()
    for _ in range(TIMES):
        action()
    return (time.process_time() - begin) / TIMES


def all_cores(count: int = MANY) -> float:
    """Tokens a second and core, as ``devidp tokens`` mints them, from the first block of tokens to the last."""
    cores = os.cpu_count() or 1
    with TemporaryDirectory() as folder, Path(folder, "tokens.txt").open("w") as file:
        config = Config("http://localhost:6749", data_dir=Path(folder, "data"))
        with closing(mint_many(config, None, [WISH], count, cores)) as blocks:
            left = count - next(blocks).tokens
            began = time.perf_counter()
            file.writelines(block.text for block in blocks)
            return left / (time.perf_counter() - began) / cores


def main() -> None:
    before = signatures()
    rate = all_cores()
    unit = (before + signatures()) / 2
    print(f"devidp tokens, {os.cpu_count()} cores   {rate:6.0f} tokens/s a core, {rate / unit:.2f} L")
    issuer = create_app(Config("http://localhost:6749")).extensions["devidp"].first()
    key = issuer.keys.active.jwk.private_key
    assert isinstance(key, RSAPrivateKey)
    actions: dict[str, Callable[[], object]] = {
        "one raw RS256 signature": lambda: key.sign(b"x" * 500, PKCS1v15(), SHA256()),
        "mint a valid token": lambda: mint(issuer, parse(WISH)),
        "mint a token with the fault expired": lambda: mint(issuer, parse({**WISH, "fault": "expired"})),
    }
    best = {name: min(cpu_seconds(action) for _ in range(ROUNDS)) for name, action in actions.items()}
    unit = best["one raw RS256 signature"]
    for name, seconds in best.items():
        print(f"{name:40} {seconds * 1e6:6.0f} µs {seconds / unit:6.2f} signatures")


if __name__ == "__main__":
    main()
