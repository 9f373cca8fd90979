"""An explanation as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from devidp.faults.decoding.explain import Explanation
from devidp.faults.decoding.parts import Finding
from devidp.faults.verifiers import verdicts


def document(said: Explanation) -> dict[str, Any]:
    """All that is said but the token itself, with the section of each finding, and the verifiers."""
    members = {
        **asdict(said),
        "header": _writable(said.header),
        "claims": _writable(said.claims),
        "kind": said.kind._asdict(),
        "findings": _with_sections(said.findings),
        "own_findings": _with_sections(said.own_findings),
        "own_verdict": said.own_verdict,
        "looks_like": said.looks_like,
        "alike": said.alike,
        "verifiers": [asdict(each) for each in verdicts(said.looks_like or "")],
    }
    del members["token"]
    return members


def _with_sections(found: Iterable[Finding]) -> list[dict[str, Any]]:
    return [{**asdict(each), "section": each.section} for each in found]


def _writable(members: Mapping[str, Any]) -> Any:
    """1e999 as the text Infinity: JSON has no such number."""
    return json.loads(json.dumps(members), parse_constant=str)
