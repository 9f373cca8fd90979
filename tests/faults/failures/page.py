"""Writes docs/failures.md: every bad answer that an endpoint can be told to give. Run by ``make docs``."""

from __future__ import annotations

from pathlib import Path

from devidp.faults.failures import FAILURES, Failure

PAGE = Path(__file__).parents[3] / "docs" / "failures.md"
TITLES = {
    "anything": "Any endpoint",
    "body": "Any body",
    "redirect": "Any redirect",
    "authorization": "Authorization",
    "device": "Device authorization",
    "discovery": "Discovery",
    "endpoint": "Discovery: addresses of endpoints",
    "introspection": "Introspection",
    "jwks": "JWK Set",
    "logout": "Logout",
    "pushed": "Pushed authorization requests",
    "registration": "Registration",
    "revocation": "Revocation",
    "token": "Token",
    "userinfo": "UserInfo",
}
COLUMNS = ("name", "what is wrong", "at", "options", "when", "a client has to", "section")
KINDS = {str: "string", int: "integer", float: "number"}
DUTIES = {
    "refuse": "**refuse**",
    "avoid": "**avoid**",
    "ignore": "ignore",
    "retry": "retry",
    "report": "report",
    "either": "",
}
HEAD = """\
# Failures of endpoints

<!-- Written by `make docs` from devidp/faults/failures; a test fails where it is out of date. -->

{count} ways for an answer to be wrong, each with a name, for clients that have to survive it. **instead** means that
the endpoint does nothing: the code or refresh token of the request is still good. **after** means that it did its work,
and that only the answer is spoilt.

```python
idp.fail("discovery", "field-missing", field="jwks_uri")
idp.fail("token", error="invalid_grant", times=2, client="web")  # what is not named follows from its option
```

What a client has to do then is what [`devidp judge`](judge.md) looks at. **refuse**: stop, and send nothing to the
endpoints that use the answer. **avoid**: tell nothing to where the answer leads; going on without it and ending with an
error are both right. ignore: go on and succeed. retry: try again, and succeed. report: end with an error, after few
requests. Where nothing is named, going on and ending with an error are both right; asking for ever is never.

How they are matched, counted and cleared is in [control](control.md#faults-and-failures).
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD.format(count=len(FAILURES))]
    for group, title in TITLES.items():
        rows = [COLUMNS, ("-",) * len(COLUMNS), *(_row(each) for each in FAILURES.values() if each.group == group)]
        parts.append(f"## {title}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows))
    return "\n".join(parts)


def _row(failure: Failure) -> tuple[str, ...]:
    where = ", ".join(failure.endpoints) or "any"
    options = ", ".join(f"`{name}`: {KINDS[kind]}" for name, kind in failure.options.items())
    when = "instead" if failure.before else "after"
    what = failure.description.removesuffix(".")
    return f"`{failure.name}`", what, where, options, when, DUTIES[failure.expects.duty], failure.section


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
