"""A validator as a guide to MCP servers publishes it: its issuer ends in a slash, and the JWK Set is behind that.

Only its two constants are others here, and the indentation, which was lost in publication.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

PROGRAM = (Path(__file__).parent / "programs" / "published_validator.txt").read_text(encoding="utf-8")
ISSUER, AUDIENCE = "https://your-provider.auth0.com/", "https://mcp.yourserver.com"


def published(issuer: str, audience: str) -> dict[str, Any]:
    """The names of the published module, with its constants changed."""
    program, module = PROGRAM, dict[str, Any]()
    for written, real in ((ISSUER, issuer), (AUDIENCE, audience)):
        assert program.count(f'= "{written}"') == 1
        program = program.replace(f'= "{written}"', f'= "{real}"')
    exec(compile(program, "published_validator", "exec"), module)
    return module
