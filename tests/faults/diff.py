"""In what two tokens differ: the members of header and claims, the signature, or the shape as a whole."""

from __future__ import annotations

from devidp.keys import tokens

_ABSENT = object()


def diff(twin: str, faulty: str) -> tuple[str, ...]:
    """The parts that differ, such as ``header.kid``, ``claims.exp``, ``signature`` or ``shape``.

    A signature over other content has to be another one, so it counts only where the content is the same.
    """
    one, other = twin.split("."), faulty.split(".")
    if len(other) != len(one) or not any(other):
        return ("shape",)
    changed = (*_members("header", one[0], other[0]), *_members("claims", one[1], other[1]))
    return changed or (("signature",) if one[2] != other[2] else ())


def _members(name: str, one: str, other: str) -> tuple[str, ...]:
    if one == other:
        return ()
    before, after = tokens.members(one), tokens.members(other)
    if before is None or after is None:
        return (name,)
    changed = [member for member in {**before, **after} if before.get(member, _ABSENT) != after.get(member, _ABSENT)]
    # the bytes differ and the members do not: one of them is there twice
    return tuple(f"{name}.{member}" for member in changed) or (name,)
