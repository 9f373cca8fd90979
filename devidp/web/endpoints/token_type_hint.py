"""What a client says of the kind of a token that it presents (RFC 7009 section 2.1, RFC 7662 section 2.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from devidp.oauth.errors import quoted
from devidp.oauth.parameters import Parameters
from devidp.system.event_log import Facts

Found = TypeVar("Found")


def look_up(form: Parameters, facts: Facts, section: str, **kinds: Callable[[str], Found | None]) -> Found | None:
    """What is found under ``token``, first among the kind of ``token_type_hint``; a wrong hint is only noted."""
    token, hint = form.required("token", section), form.get("token_type_hint")
    for kind in sorted(kinds, key=lambda name: name != hint):
        found = kinds[kind](token)
        if found is not None:
            if hint not in (None, kind):
                facts.detail = f"token_type_hint was {quoted(hint)}, and the token is of the type {kind}"
            return found
    return None
