"""Drives requests through the application, and holds every answer to what must hold for all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random
from typing import Any

import psutil
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from devidp.models.config import Config
from devidp.web.control.controller import Controller
from devidp.web.runtime import Runtime
from tests.fuzz import live
from tests.fuzz.driven import LONGEST_SECONDS, Driven
from tests.fuzz.requests import Made, Maker
from tests.fuzz.targets import Target

EXAMPLES = 1_000
"""Of one run of hypothesis, which remembers all of them while it lasts."""
HTML = "text/html"


class Driver:
    """Asks an application of its own; what is valid there is renewed now and then, and what grew is reset."""

    def __init__(self, config: Config) -> None:
        self.driven = Driven()
        self._app = live.application(config)
        self._live = live.found(self._app)
        self._since = 0

    def by_seed(self, targets: Sequence[Target], count: int, seed: int) -> None:
        """``count`` requests; each choice is one of a generator with this seed."""
        random = Random(seed)
        for _ in range(count):
            made = Maker(random, self._live).make(random.choice(targets))
            if problem := self.problem(made):
                self.driven.defects.append(f"{problem}: {made.shown()}")
            self.renew()

    def by_hypothesis(self, target: Target, count: int, seed: int) -> None:
        """``count`` requests to ``target``; each choice is one of hypothesis, which shrinks what fails."""

        @seeded(seed)
        @settings(
            max_examples=count, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.randoms(use_true_random=False))
        def each(random: Random) -> None:
            made = Maker(random, self._live).make(target)
            problem = self.problem(made)
            assert not problem, f"{problem}: {made.shown()}"

        try:
            each()
        except AssertionError as defect:
            self.driven.defects.append(str(defect))
        self.renew(at_once=True)

    def renew(self, *, at_once: bool = False) -> None:
        self._since += 1
        if at_once or self._since >= live.RENEW_EVERY:
            self._since = 0
            runtime: Runtime = self._app.extensions["devidp"]
            Controller(runtime).reset()
            runtime.purge()
            self._live = live.found(self._app)

    def close(self) -> None:
        self._app.extensions["devidp"].close()

    def problem(self, made: Made) -> str:
        """What is wrong with the answer to ``made``, or nothing."""
        began = time.thread_time()
        status, headers, body = _ask(self._app, made)
        took = time.thread_time() - began
        self.driven.add(status, took)
        return _problem(made, status, headers, body) or ("it took too long" if took > LONGEST_SECONDS else "")


def drive(
    targets: Sequence[Target], count: int, shrinkable: int, seed: int = 0, config: Config = live.IN_MEMORY
) -> Driven:
    """``shrinkable`` requests by hypothesis and ``count`` by a seed, over all ``targets``; growth is of the latter."""
    driver, each = Driver(config), -(-shrinkable // len(targets))
    for number, target in enumerate(targets):
        for done in range(0, each, EXAMPLES):
            driver.by_hypothesis(target, min(EXAMPLES, each - done), seed + number + done)
    warm = count // 5
    driver.by_seed(targets, warm, seed)
    before = psutil.Process().memory_info().rss
    driver.by_seed(targets, count - warm, seed + 1)
    driver.driven.grown = psutil.Process().memory_info().rss - before
    driver.close()
    return driver.driven


def _ask(app: Flask, made: Made) -> tuple[int, dict[str, str], bytes]:
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], error: object = None, /) -> Any:
        said.extend((status, headers))

    chunks = app.wsgi_app(made.environ, start)
    # a stream of events goes on until its reader leaves
    body = next(iter(chunks), b"") if made.target.name == "stream" else b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return int(said[0][:3]), {name.lower(): value for name, value in said[1]}, body


def _problem(made: Made, status: int, headers: dict[str, str], body: bytes) -> str:
    page = made.target.page
    if status >= 500:
        return f"a server error ({status})"
    if "x-injected" in headers or any("\n" in value or "\r" in value for value in headers.values()):
        return "a header was injected"
    is_html = bool(body) and HTML in headers.get("content-type", "")
    if is_html and not page and HTML not in made.environ.get("HTTP_ACCEPT", ""):
        return "a client got a page"
    if "evil.example" in headers.get("location", "").partition("?")[0].partition("#")[0]:
        return "an open redirect"
    if status >= 400 and not page and not body and made.environ["REQUEST_METHOD"] != "HEAD":
        return "a refusal without a word"
    return ""
