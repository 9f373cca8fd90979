"""A table of parameters, and what it says of a request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth.parameters import Parameters
from devidp.oauth.suggestion import did_you_mean

HIDDEN = frozenset(
    {
        *("client_secret", "client_assertion", "password", "code", "code_verifier", "refresh_token", "access_token"),
        *("id_token_hint", "logout_hint", "request", "token", "device_code", "assertion"),
    }
)
"""Parameters whose values are secrets, tokens, or may name a person: no page shows them."""
_IGNORED = "RFC 6749 section 3.1"
_LONGEST_NAME = 60
_UNKNOWN = 6
"""How many parameters are named that are not in the table."""

Came = Literal["shown", "hidden", "missing"]


class Asked(NamedTuple):
    """A request, and what is known of who asks."""

    issuer: Issuer
    parameters: Parameters
    client: Client | None
    """``None`` where it is not known."""
    username: str = ""
    """Who is logged in in this browser."""

    def words(self, name: str) -> list[str]:
        return self.parameters.get(name, "").split()


class Meaning(NamedTuple):
    """What a parameter does: a sentence, or what makes one of the request and the value.

    ``absent`` says the same of a request without it; empty where that does not matter.
    """

    section: str
    effect: str | Callable[[Asked, str], str]
    absent: str | Callable[[Asked], str] = ""


class Explained(NamedTuple):
    """A parameter, and what devidp does with it. ``value`` is empty unless it is ``shown``."""

    name: str
    came: Came
    value: str
    effect: str
    section: str


def explain(table: Mapping[str, Meaning], asked: Asked) -> tuple[Explained, ...]:
    """What came in the order of the table, what did not and matters, and what is ignored."""
    known = (_known(name, meaning, asked) for name, meaning in table.items())
    unknown = [name for name in asked.parameters if name not in table]
    named = (_unknown(table, asked, name) for name in unknown[:_UNKNOWN])
    more = [Explained(f"{len(unknown) - _UNKNOWN} more", "shown", "", "Ignored too.", _IGNORED)]
    return (*(row for row in known if row.effect), *named, *(more if len(unknown) > _UNKNOWN else ()))


def _known(name: str, meaning: Meaning, asked: Asked) -> Explained:
    if name not in asked.parameters:
        absent = meaning.absent if isinstance(meaning.absent, str) else meaning.absent(asked)
        return Explained(name, "missing", "", absent, meaning.section)
    value = _value(asked, name)
    effect = meaning.effect if isinstance(meaning.effect, str) else meaning.effect(asked, value)
    hidden = name in HIDDEN
    return Explained(name, "hidden" if hidden else "shown", "" if hidden else value, effect, meaning.section)


def _unknown(table: Mapping[str, Meaning], asked: Asked, name: str) -> Explained:
    if name in HIDDEN:
        return Explained(name, "hidden", "", "Ignored: it does not belong into the address of a page.", _IGNORED)
    meant = _meant(name, tuple(table)) if len(name) <= _LONGEST_NAME else ""
    effect = f"Ignored: not a parameter that this issuer reads here.{meant}"
    return Explained(name, "shown", _value(asked, name), effect, _IGNORED)


def _value(asked: Asked, name: str) -> str:
    return " ".join(asked.parameters.all(name))


@lru_cache(maxsize=100)
def _meant(name: str, known: Collection[str]) -> str:
    return did_you_mean(name, known, " Did you mean {}?")
