"""Every figure as a ratio, with what is aimed at and whether it was reached."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from urllib.request import urlopen

from joserfc import jwt
from joserfc.jwk import KeySet

from bench import minting, probing
from bench.load import TOKEN, Rate, flows, introspections, rotations, token, wrk
from bench.machine import Machine, import_seconds, measured, signatures
from bench.served import Served, served
from tests.durability.client import SCOPE, Client

SAMPLES = 20
MANY = 100_000
STARTS = 9
IN_PROCESS = """
import os, time
from devidp import DevIdP
imported = time.perf_counter(); DevIdP().start(); ended = time.perf_counter()
print(ended - imported, flush=True); os._exit(0)
"""


class Report:
    """Prints each figure when it is known."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        print(f"L = {machine.rate:.0f} signatures/s, S = {machine.signature * 1e6:.0f} us, I = {machine.imports:.3f} s")

    def at_least(self, name: str, value: float, target: float, unit: str) -> None:
        self._line(name, value, f">= {target:g} {unit}", value >= target)

    def at_most(self, name: str, value: float, target: float, unit: str) -> None:
        self._line(name, value, f"<= {target:g} {unit}", value <= target)

    def load(self, measure: Callable[[], Rate]) -> Rate:
        """What ``measure`` finds; the unit is taken on both sides of it, because the clock of the processor changes."""
        before = signatures()
        rate = measure()
        self.machine = Machine((before + signatures()) / 2, self.machine.imports)
        return rate

    def rate(self, name: str, target: float, measure: Callable[[], Rate]) -> Rate:
        rate = self.load(measure)
        self.at_least(name, rate.per_second / self.machine.rate, target, "L")
        return rate

    def cpu(self, name: str, rate: Rate, target: float) -> None:
        self.at_most(name, rate.cpu / self.machine.signature, target, "S")

    def _line(self, name: str, value: float, aim: str, reached: bool) -> None:
        print(f"{name:<58} {value:8.2f}  {aim:<12} {'yes' if reached else 'NO'}", flush=True)


def main() -> None:
    with served(1) as server:
        report = Report(measured())
        _verify(server)
        report.at_most("resident memory of a worker, after its first tokens", server.megabytes(), 60, "MB")
        _tokens(report, server)
        _memory(report, server)
        report.cpu("CPU of a code flow, 1 worker", report.load(lambda: flows(server, 8)), 9)
        name = f"devidp probe, every faulty access token, --parallel {probing.PARALLEL}"
        report.at_most(name, probing.catalogue_seconds(server), 5, "s")
    with served(2) as server:
        _warm(server)
        report.rate("client credentials, 2 workers, 32 connections", 1.0, lambda: wrk(server, "/token", 32, TOKEN))
        report.rate("introspection, 2 workers", 2.5, lambda: introspections(server, 32))
        report.rate("discovery, 2 workers", 10, lambda: wrk(server, "/.well-known/openid-configuration", 32))
        report.rate("JWKS, 2 workers", 10, lambda: wrk(server, "/.well-known/jwks.json", 32))
        report.rate("code flow with login and consent, 2 workers, 8 clients", 0.14, lambda: flows(server, 8))
        report.rate("refresh rotation, 2 workers, 8 connections", 0.5, lambda: rotations(server, 8, "mcp:read"))
        report.rate("  the same with an ID token each", 0.5, lambda: rotations(server, 8, SCOPE))
    before, rate = signatures(), minting.all_cores()
    report.at_least("devidp tokens, each of all cores", rate / ((before + signatures()) / 2), 0.9, "L")
    _starts(report)


def _tokens(report: Report, server: Served) -> None:
    for connections in (8, 32):
        name = f"client credentials, 1 worker, {connections} connections"
        rate = report.rate(name, 0.55, partial(wrk, server, "/token", connections, TOKEN))
        report.cpu(f"  CPU of a token at {connections} connections", rate, 1.7)


def _memory(report: Report, server: Served) -> None:
    before, first = server.megabytes(), _p50(server)
    issued = 0.0
    while issued < MANY:
        began = time.perf_counter()
        issued += wrk(server, "/token", 8, TOKEN).per_second * (time.perf_counter() - began)
    report.at_most(f"growth over {MANY} tokens", server.megabytes() - before, 10, "MB")
    report.at_most("p50 of the last 1,000 tokens to the first", _p50(server) / first, 1.1, "x")


def _p50(server: Served) -> float:
    with_times = []
    client = Client(server.issuer)
    for _ in range(1000):
        began = time.perf_counter()
        client.json("/token", client_id="service", client_secret="service-secret", grant_type="client_credentials")
        with_times.append(time.perf_counter() - began)
    client.close()
    return median(with_times)


def _starts(report: Report) -> None:
    """In turns with the unit, because the clock of the processor changes; each once before, to be compiled."""
    imports, starts, wholes, alones = [], [], [], []
    for turn in range(STARTS + 1):
        imports.append(import_seconds())
        with served(1) as server:
            starts.append(server.started)
        began = time.perf_counter()
        said = subprocess.run([sys.executable, "-c", IN_PROCESS], capture_output=True, text=True, check=True).stdout
        wholes.append(time.perf_counter() - began)
        alones.append(float(said) * 1000)
        if turn == 0:
            imports, starts, wholes, alones = [], [], [], []
    unit = median(imports)
    report.at_most("start of the process to its first answer", median(starts) / unit, 2.2, "I")
    report.at_most("import and start in process", median(wholes) / unit, 1.8, "I")
    report.at_most("  start once imported", median(alones), 20, "ms")


def _warm(server: Served) -> None:
    wrk(server, "/.well-known/jwks.json", 8)
    token(server)


def _verify(server: Served) -> None:
    """The tokens are what they are counted as: RS256, each of its own, under the published key."""
    with urlopen(f"{server.issuer}/.well-known/jwks.json") as answer:
        keys = KeySet.import_key_set(json.load(answer))
    tokens = {token(server) for _ in range(SAMPLES)}
    assert len(tokens) == SAMPLES
    for each in tokens:
        assert jwt.decode(each, keys, ["RS256"]).claims["iss"] == server.issuer


if __name__ == "__main__":
    main()
