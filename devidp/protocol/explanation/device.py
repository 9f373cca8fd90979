"""What a device has asked for, and the code that a person brings: what devidp does with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from devidp.protocol.explanation.authorization import AUTHORIZATION
from devidp.protocol.explanation.table import Meaning

SECTION = "RFC 8628 section 3.1"


DEVICE: Final[Mapping[str, Meaning]] = {
    "user_code": Meaning("RFC 8628 section 3.3", "The device that shows this code gets what you allow."),
    **{name: AUTHORIZATION[name]._replace(section=SECTION) for name in ("client_id", "scope")},
    "resource": AUTHORIZATION["resource"],
}
