"""What only a resource server knows: the audience that it is, and the scope that a request needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.faults.decoding.expected import Expected
from devidp.faults.decoding.parts import Finding
from devidp.oauth import redirect_uri


def wanted_findings(
    claims: Mapping[str, Any], audience: str | None, scope: str | None, expected: Expected
) -> Iterator[Finding]:
    """Where a readable token is for somebody else, or allows something else."""
    if audience is not None and (wrong := _audience(claims.get("aud"), audience)):
        yield wrong
    said = expected.names.get("scope")
    if scope is not None and said is not None and said in claims:
        allowed = words(claims[said])
        missing = [name for name in scope.split() if name not in allowed]
        if missing:
            yield Finding("scope", f"It lacks the scope {' '.join(missing)}", _scope_fault(missing, allowed))


def words(scope: object) -> list[str]:
    """The scopes of a string or a list."""
    if isinstance(scope, str):
        return scope.split()
    return [each for each in scope if isinstance(each, str)] if isinstance(scope, list) else []


def _audience(found: object, wanted: str) -> Finding | None:
    audiences = found if isinstance(found, list) else [found]
    named = [each for each in audiences if isinstance(each, str) and each]
    if wanted in named and len(named) > 1:
        others = ", ".join(each for each in named if each != wanted)
        return Finding("aud", f"aud names {others} too, which can use the token here", "audience-array-with-others")
    if not named or wanted in named:
        return None
    if len(named) > 1:
        return Finding("aud", f"aud is {', '.join(named)}, without {wanted}", "audience-array-without-resource")
    why, fault = _difference(named[0], wanted)
    return Finding("aud", f"aud is {named[0]}, and {wanted} was expected{why}", fault)


def _difference(found: str, wanted: str) -> tuple[str, str]:
    """In what two audiences differ that look alike."""
    one, other = _split(found), _split(wanted)
    if found.rstrip("/") == wanted.rstrip("/"):
        return ": they differ in a slash at the end", "audience-trailing-slash"
    if found.lower() == wanted.lower():
        return ": they differ in case", "audience-case"
    if wanted in found.split():
        return ": it is a list within one string", "audience-list-in-string"
    if one is None or other is None:
        return "", "audience-wrong"
    if one[1:] == other[1:]:
        return ": they differ in the scheme", "audience-scheme"
    if one[2:] == other[2:] and one[1].partition(":")[0] == other[1].partition(":")[0]:
        return ": they differ in the port", "audience-port"
    if f"{wanted.rstrip('/')}/".startswith(f"{found.rstrip('/')}/"):
        return ": it is the path above", "audience-parent"
    if found.startswith(f"{wanted.rstrip('/')}/"):
        return ": it is a path below", "audience-below"
    if found.startswith(wanted):
        return ": it begins with that and goes on as another name", "audience-prefix"
    return "", "audience-wrong"


def _split(uri: str) -> tuple[str, ...] | None:
    parts = redirect_uri.split(uri)
    return None if parts is None or not parts.netloc else (parts.scheme, parts.netloc, parts.path, parts.query)


def _scope_fault(missing: list[str], allowed: list[str]) -> str:
    lower = {each.lower() for each in allowed}
    if all(name.lower() in lower for name in missing):
        return "scope-case"
    if any("," in each and set(missing) & set(each.split(",")) for each in allowed):
        return "scope-comma-separated"
    if any("*" in each for each in allowed):
        return "scope-wildcard"
    if any(each.endswith(name) for name in missing for each in allowed):
        return "scope-prefix"
    if any(each.startswith(name) for name in missing for each in allowed):
        return "scope-longer"
    return "scope-of-login-only"
