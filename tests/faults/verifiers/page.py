"""Writes docs/faults.md: the catalogue, and what real verifiers make of it. Run by ``make docs``."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from devidp.app import create_app
from devidp.dashboard.tokens.catalogue import groups
from devidp.faults import FAULTS, Fault
from devidp.faults.verifiers import RECORDED
from devidp.models.config import Config
from tests.faults.verifiers import table

PAGE = Path(__file__).parents[3] / "docs" / "faults.md"
HEAD = """\
# Faulty tokens

<!-- Written by `make docs` from devidp/faults and tests/faults/verifiers; a test fails where it is out of date. -->

{count} ways for a token to be wrong, each with a name. A faulty token differs from its valid twin in one thing, so that
a refusal proves that one check. **must** means that no verifier may accept it; **should** that a strict one refuses it,
and a lenient one has an excuse in the specification: a leeway, or a rule that is only a recommendation.

A fault of time, issuer, signature, key, algorithm or shape spoils access, ID and logout tokens and ID-JAGs alike, the
others access tokens, those of the last two groups ID tokens and ID-JAGs. `devidp faults --json` names the types of
each: faults of time, signature, key, algorithm and shape can be minted into a client assertion too.

Faults of state change the state in earnest: the token is sound, and only introspection tells that the issuer no longer
stands by it. They change it for this token and its authorization alone: `user-disabled` leaves the user and all other
tokens as they are.

A token of another [shape](seed.md#token-shapes) has the same faults: `scope-missing` takes `scp` away where that says
the scopes, `client-id-missing` takes `azp` or `cid`, and a scope stays an array where the token has one. What a token
does not have cannot be wrong: without an `aud` there is no fault of the audience, and an opaque token has those alone
that introspection shows. All others are refused by name, minted or armed.

A fault of authentication is one for an API that asks for a class, a recent login or a proof of possession (RFC 9470,
RFC 9449); any other has nothing to compare it with.

Where a column says **context**, the token and the JWK Set do not show what is wrong: only introspection does, or what
the application knows of its users and tenants. All others are seen by a check of the token alone.

A good verifier accepts more than devidp issues by itself: an `aud` that is an array of the resource alone, an `exp`
with a fraction. Those are not faults; mint them with claims of your own.
"""
RESULTS = """\
## What real verifiers accept

Each verifier was given each faulty access token. *usual* is what its own documentation shows, with the issuer and the
audience, and an application that looks for its scope in `scope`; *strict* demands every claim of RFC 9068 and an
application that checks types, `typ`, tenant and user too. An empty cell is a refusal. **accepts** would be a request
let in; *crashes* is an exception that is none of the library's documented errors, so a 500 in place of a 401.

Versions: {versions}.

What only the issuer knows (the group *state*) no verifier of signatures can see; ask the introspection endpoint.
"""


def render(recorded: Mapping[str, Any]) -> str:
    """The whole page."""
    parts = [HEAD.format(count=len(FAULTS))]
    for title, faults in groups():
        parts.append(f"## {title}\n")
        columns = ("name", "what is wrong", "breaks", "", "seen in", "answer")
        parts.append(_rows(columns, map(_catalogue_row, faults)))
    versions = ", ".join(f"{name} {version}" for name, version in recorded["versions"].items())
    parts += [RESULTS.format(versions=versions), _verdicts(recorded["verdicts"])]
    return "\n".join(parts)


def _catalogue_row(fault: Fault) -> tuple[str, ...]:
    answers = {"access": str(fault.status), "id-jag": "invalid_grant"}
    answer = answers.get(fault.applies_to[0], "no login")
    return f"`{fault.name}`", fault.description.removesuffix("."), fault.section, fault.level, fault.evidence, answer


def _verdicts(verdicts: Mapping[str, Mapping[str, list[str]]]) -> str:
    words = {"accepts": "**accepts**", "crashes": "*crashes*"}

    def cell(fault: str, by: Mapping[str, list[str]]) -> str:
        return next((words[kind] for kind, names in by.items() if fault in names), "")

    rows = [(f"`{name}`", *(cell(name, by) for by in verdicts.values())) for name in table.NAMES]
    totals = ("accepted of " + str(len(rows)), *(str(len(by["accepts"])) for by in verdicts.values()))
    return _rows(("fault", *verdicts), [totals, *(row for row in rows if any(row[1:]))])


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(head)
    lines = [columns, ["-"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Run every verifier, and write the record and the page."""
    warnings.simplefilter("ignore")
    application = create_app(Config("http://localhost:6749"))
    text = table.record(table.run(application.extensions["devidp"]))
    RECORDED.write_text(text)
    PAGE.write_text(render(json.loads(text)))


if __name__ == "__main__":
    main()
