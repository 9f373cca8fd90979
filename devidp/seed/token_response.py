"""Members that a seed adds to the answer of the token endpoint."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from devidp.oauth.names import TOKEN_RESPONSE
from devidp.seed.claims import read_json
from devidp.seed.problems import Refused, describe
from devidp.seed.shape import template_findings


def _members(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(f'{describe(value)}, expected a mapping of members, such as `session_state: "{{sid}}"`')
    found: dict[str, Any]
    found, findings = read_json(value)
    findings += [
        ((name,), f"{name} is set by the endpoint (RFC 6749 section 5.1); a wrong one is a failure (docs/failures.md)")
        for name in found
        if name in TOKEN_RESPONSE
    ]
    for name, template in found.items():
        findings += template_findings(template, (name,))
    if findings:
        raise Refused(*findings)
    return found


TokenResponse = Annotated[dict[str, Any], BeforeValidator(_members)]
