"""Request parameters: decoded strictly, each given once, and an empty value is the same as none.

RFC 6749 section 3.1 and 3.2: a parameter without a value counts as omitted, and none may be repeated.
RFC 8707 section 2 lets ``resource`` be repeated, RFC 8693 section 2.1 ``audience`` as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from devidp.oauth.errors import InvalidRequest, quoted

REPEATABLE = frozenset({"resource", "audience"})
MAX_PARAMETERS = 100
_JSON_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


class Parameters(dict[str, str]):
    """The parameters of one request, the first of each name; ``all`` has repeated ones."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            if value:
                self._values.setdefault(name, []).append(value)
                self.setdefault(name, value)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of ``name`` in order, each once."""
        return tuple(dict.fromkeys(self._values.get(name, ())))

    def required(self, name: str, section: str) -> str:
        """The value of ``name``; its absence is an ``invalid_request``."""
        if name not in self:
            raise InvalidRequest(f"The parameter '{name}' is missing", remedy=f"Send '{name}'", section=section)
        return self[name]

    def refuse_repeated(self) -> None:
        """Raise ``InvalidRequest`` where a parameter came more than once."""
        for name, values in self._values.items():
            if len(values) > 1 and name not in REPEATABLE:
                raise InvalidRequest(
                    f"The parameter {quoted(name)} came {len(values)} times",
                    remedy="Send it once",
                    section="RFC 6749 section 3.1",
                )

    def replaced(self, name: str, value: str) -> Parameters:
        """The same parameters with ``value`` as the only one of ``name``."""
        if self._values.get(name) == [value]:
            return self
        return Parameters([*((other, text) for other, text in self.pairs() if other != name), (name, value)])

    def without(self, *unwanted: str) -> Parameters:
        return Parameters((name, value) for name, value in self.pairs() if name not in unwanted)

    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self._values.items() for value in values]

    def encode(self) -> str:
        """The parameters as a query string."""
        return urlencode(self.pairs())


def decode(raw: bytes, where: str) -> Parameters:
    """Parse ``application/x-www-form-urlencoded`` bytes; ``where`` names their place in messages.

    Raises InvalidRequest where they are not UTF-8 (RFC 6749 appendix B), or too many.
    """
    try:
        pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            f"The {where} is not UTF-8: {error.reason}",
            remedy="Encode parameters as UTF-8, then percent-encode them",
            section="RFC 6749 appendix B",
        ) from None
    except ValueError:
        raise _too_many(where) from None
    return Parameters(pairs)


def from_json(members: Mapping[str, Any], where: str) -> Parameters:
    """The members of a JSON object as parameters: texts, or null for one that is omitted; raises InvalidRequest."""
    if len(members) > MAX_PARAMETERS:
        raise _too_many(where)
    for name, value in members.items():
        if not isinstance(value, str | None):
            raise InvalidRequest(
                f"The parameter {quoted(name)} is {_JSON_TYPES[type(value)]}, expected a text",
                remedy="Send each parameter as one text, as a form would",
                section="RFC 6749 appendix B",
            )
    return Parameters((name, value or "") for name, value in members.items())


def _too_many(where: str) -> InvalidRequest:
    return InvalidRequest(f"The {where} has more than {MAX_PARAMETERS} parameters", remedy="Send fewer")
