"""What the test kit costs: the plugin, a fixture, its reset, a token. Run: ``python -m bench.kit``."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from devidp.server.local import DevIdP

TIMES = 200
RUNS = 25
PLUGINS = "devidp.pytest_plugin", "no:devidp"


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


def plugin() -> None:
    """What a run that uses no fixture pays: collecting one test with the plugin and without, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_it.py").write_text("def test_it(): pass\n")
        times = [[collect(folder, "-p", name) for name in PLUGINS] for _ in range(RUNS)]
    # each pair ran under nearly the same load
    cost, without = median(one - other for one, other in times), median(other for _, other in times)
    print(f"the plugin, unused  {cost:8.2f} ms, {1 + cost / without:.3f} x of pytest --collect-only")


def collect(folder: str, *options: str) -> float:
    """Milliseconds of CPU of one ``pytest --collect-only``."""
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        # compiled once, as what is installed is
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(Path(folder, "compiled")),
    }
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options, folder]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def main() -> None:
    plugin()
    print(f"start a DevIdP      {best(start, times=3):8.2f} ms")
    for idp in STARTED:
        idp.stop()
    with DevIdP() as idp:
        key = idp.control.runtime.first().keys.active.jwk.private_key
        assert isinstance(key, RSAPrivateKey)
        signature = best(lambda: key.sign(b"x" * 500, PKCS1v15(), SHA256()))
        minted = best(lambda: idp.token(user="alice", client="web", scope="mcp:read"))
        print(f"one raw signature   {signature:8.3f} ms")
        print(f"idp.token()         {minted:8.3f} ms, {minted / signature:.2f} x")
        print(f"idp.reset()         {best(idp.reset):8.3f} ms")
        print(f"idp.login()         {best(idp.login, times=10):8.2f} ms")


if __name__ == "__main__":
    main()
