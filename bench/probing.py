"""The probe: how long the whole catalogue of tokens takes at a strict server."""

from __future__ import annotations

import subprocess
import sys
import time
from urllib.parse import urlsplit

from bench.served import Served
from devidp.faults import FAULTS
from tests.probe.targets import strict_of
from tests.serving import wsgi_served

PARALLEL = 8


def catalogue_seconds(server: Served) -> float:
    """From the start of the command to its end."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(server.issuer))
    groups = dict.fromkeys(fault.group for fault in FAULTS.values() if "access" in fault.applies_to)
    target = strict_of(server.issuer, f"{server.issuer}/.well-known/jwks.json")
    with wsgi_served(lambda _: target) as (url, _):
        command = [sys.executable, "-m", "devidp", "probe", f"{url}/orders", "--url", base]
        chosen = [part for group in groups for part in ("--only", group)]
        began = time.perf_counter()
        ended = subprocess.run(
            [*command, "--parallel", str(PARALLEL), *chosen], capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - began
    assert "nothing can be concluded" not in ended.stdout + ended.stderr, ended.stderr
    assert ended.returncode in (0, 1), ended.stderr
    return seconds
