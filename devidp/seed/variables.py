"""``${NAME}`` and ``${NAME:-default}`` in the values of a seed, as Compose has them; ``$$`` is one dollar."""

from __future__ import annotations

import re
from collections.abc import Mapping

from devidp.seed.problems import Refused, as_list, suggestion, truncate
from devidp.seed.text import forbidden

FORMS = "expected ${NAME} or ${NAME:-default}, with neither $ nor } in the default; write $${ for a ${ that is text"
TELLING = 8
"""Characters from which a value is looked for in the middle of a message, too."""

_DOLLAR = re.compile(r"\$(?:\$|\{([^}]*)(\}?))")
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-([^$]*))?")


def is_one_variable(written: str) -> bool:
    """Whether ``written`` is a variable from its first character to its last."""
    match = _DOLLAR.fullmatch(written)
    return match is not None and match.group(1) is not None


class Variables:
    """The variables that a seed may name. What they hold may be secret, so that no message shows it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._written: dict[str, str] = {}
        """How each expanded text was written."""
        self._values: dict[str, str] = {}

    def expand(self, written: str) -> str:
        """``written`` with the value of each variable in it; raises Refused."""
        text = _DOLLAR.sub(self._value, written)
        if text != written:
            self._written[text] = written
        return text

    def hide(self, message: str) -> str:
        """``message`` with variables in place of their values."""
        for text, written in self._written.items():
            for shown in (text, truncate(text)):
                message = message.replace(repr(shown), repr(truncate(written)))
            message = message.replace(as_list(text), as_list(written))
        for value, written in self._values.items():
            message = message.replace(value, written)
        return message

    def _value(self, match: re.Match[str]) -> str:
        if match.group(1) is None:
            return "$"
        named = _NAME.fullmatch(match.group(1)) if match.group(2) else None
        if named is None:
            raise Refused(f"got {truncate(match.group())!r}, {FORMS}")
        name, default = named.groups()
        value = self._environment.get(name)
        if not value and default is not None:
            return str(default)
        if value is None:
            raise Refused(
                f"the environment variable {name} is not set; set it, or write ${{{name}:-default}}, or $${{{name}}} "
                f"if this is text{suggestion(name, self._environment)}"
            )
        if forbidden(value):
            raise Refused(f"the environment variable {name} has a character that is no text; set it to UTF-8 text")
        if len(value) >= TELLING:
            self._values[value] = match.group()
        return value
