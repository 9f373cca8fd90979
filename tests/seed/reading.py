"""What tests of the seed share: a seed with one thing in it, and its mistakes by place."""

from __future__ import annotations

from textwrap import dedent

import pytest

from devidp.models import Client, IssuerSettings, Seed, User
from devidp.seed import Problem, SeedError, loads

NAME = "seed.yaml"


def read(text: str) -> Seed:
    return loads(dedent(text), NAME)


def mistakes(text: str) -> tuple[Problem, ...]:
    """The problems of a seed that has some."""
    with pytest.raises(SeedError) as caught:
        read(text)
    return caught.value.problems


def mistake(text: str) -> Problem:
    """The problem of a seed that has exactly one."""
    (only,) = mistakes(text)
    return only


def places(text: str) -> list[tuple[int | None, str]]:
    """Line and path of each problem."""
    return [(problem.line, problem.path) for problem in mistakes(text)]


def user(settings: str) -> User:
    """The user whose settings are this flow mapping."""
    return read(f"users: {{alice: {settings}}}").issuers[0].users["alice"]


def client(settings: str) -> Client:
    """The client whose settings are this flow mapping."""
    return read(f"clients: {{app: {settings}}}").issuers[0].clients["app"]


def issuer(settings: str) -> IssuerSettings:
    """The issuer whose settings are this flow mapping, beside a user alice and a resource."""
    return read(
        f"issuers: {{main: {settings}}}\nusers: {{alice: }}\nresources: {{http://localhost:8000/mcp: }}"
    ).issuers[0]
