"""The JSON that a seed puts at the URL of an issuer."""

from __future__ import annotations

from typing import Annotated, Any

from devidp.models.issuer_document import NAMES, unknown_name
from devidp.seed.claims import read_json
from devidp.seed.fields import Before
from devidp.seed.problems import Refused, describe, join_names, places, suggestion


def _members(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(f"{describe(value)}, expected a mapping such as `realm: dev`")
    read, findings = read_json(value)
    for place, each in places(read):
        name = unknown_name(each) if isinstance(each, str) else None
        if name is not None:
            known = f"expected one of: {join_names(NAMES)}{suggestion(name, NAMES)}"
            findings.append((place, f"got {{{name}}}, which stands for nothing here, {known}"))
    if findings:
        raise Refused(*findings)
    return dict(read)


IssuerDocument = Annotated[dict[str, Any], Before(_members)]
