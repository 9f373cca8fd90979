"""An explanation as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from devidp.faults.decoding.explain import Explanation
from devidp.faults.verifiers import verdicts


def document(said: Explanation) -> dict[str, Any]:
    """All that is said but the token itself, with the section of each finding, and the verifiers."""
    members = {
        **asdict(said),
        "kind": said.kind._asdict(),
        "findings": [{**asdict(each), "section": each.section} for each in said.findings],
        "looks_like": said.looks_like,
        "verifiers": [asdict(each) for each in verdicts(said.looks_like or "")],
    }
    del members["token"]
    return members
