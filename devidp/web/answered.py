"""What was answered, as an event may say it: an allow list, so that no code, token or secret gets there."""

from __future__ import annotations

import re

import flask

from devidp.oauth.errors import shortened
from devidp.web.asked import LONGEST, each_once, kept
from devidp.web.response import Response

HEADERS = {"content_type": "Content-Type", "www_authenticate": "WWW-Authenticate"}
SHOWN = frozenset({"error", "error_description", "iss", "scope", "token_type", "expires_in", "client_id"})
"""Parameters of an address to which an answer leads whose values are kept."""
_PARAMETER = re.compile(r"(?<=[?&#])([^=&#]*)=([^&#]*)")


def answered(response: flask.Response) -> dict[str, str]:
    """Where an answer leads, what it is, and the names in it."""
    headers = dict(response.headers.items())
    found = {name: shortened(headers[key], LONGEST) for name, key in HEADERS.items() if key in headers}
    if "Location" in headers:
        found["location"] = kept(_PARAMETER.sub(_shown, headers["Location"]))
    if isinstance(response, Response) and response.members:
        found["members"] = shortened(" ".join(response.members), LONGEST)
    return each_once(found)


def _shown(parameter: re.Match[str]) -> str:
    return parameter[0] if parameter[1] in SHOWN else f"{parameter[1]}=…"
