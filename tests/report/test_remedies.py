"""Every finding has a remedy, every remedy a finding, and code is code."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from devidp.judge import kinds as of_clients
from devidp.probe import kinds as of_servers
from devidp.report import Kind, remedies

KINDS: list[Kind] = list(chain(of_servers.every(), of_clients.every()))
STACKS = sorted(remedies.stacks())


def content(stack: str) -> dict[str, Any]:
    return tomllib.loads((remedies.FOLDER / f"{stack}.toml").read_text(encoding="utf-8"))


def code(language: str) -> Iterator[tuple[str, str, str]]:
    for stack in STACKS:
        read = content(stack)
        if read["language"] == language:
            yield from ((stack, name, text) for name, text in read.get("code", {}).items())


def test_every_kind_has_a_remedy() -> None:
    assert [kind.name for kind in KINDS if not remedies.find(kind.topic)] == []


def test_every_topic_is_one_of_a_kind() -> None:
    assert set(remedies.topics()) - {kind.topic for kind in KINDS} == set()


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_writes_about_topics_that_there_are_and_uses_all_of_its_code(stack: str) -> None:
    read = content(stack)
    assert set(read["topics"]) <= set(remedies.topics())
    assert {entry["code"] for entry in read["topics"].values() if "code" in entry} == set(read.get("code", {}))
    for topic in read["topics"]:
        (_, special) = remedies.find(topic, stack)
        assert special.text
        assert special.title == read["title"]


@pytest.mark.parametrize(("stack", "name", "text"), [*code("python")])
def test_python_compiles(stack: str, name: str, text: str) -> None:
    ast.parse(text)
