"""The record of a request."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

PARAMETERS = (
    "response_type", "response_mode", "redirect_uri", "resource", "audience", "code_challenge_method", "prompt",
    "max_age", "acr_values", "login_hint", "post_logout_redirect_uri", "requested_token_type", "subject_token_type",
    "token_type_hint",
)  # fmt: skip
"""Of a request, which its event repeats; one that came several times, as ``resource`` may, with spaces between."""
ASKED = {
    "method": "The method of the request.",
    "path": "Its path.",
    "auth_method": "How the client authenticated, as `token_endpoint_auth_method` has it.",
    "requested_scope": "The parameter `scope`; the field `scope` of an event is what was granted.",
    **{name: f"The parameter `{name}`." for name in PARAMETERS},
    "user_agent": "The header User-Agent.",
    "origin": "The header Origin: the page that called.",
    "mcp_protocol_version": "The header MCP-Protocol-Version.",
    "address": "The IP address of the caller.",
    "sent": "The names of the parameters whose values an event does not repeat.",
}
"""All that an event says of what was asked: an allow list."""


class Event(NamedTuple):
    """One request and its outcome. Holds no token, code or secret."""

    endpoint: str
    issuer: str = ""
    """Empty where no issuer is meant: the landing page, ``health``, ``control``, ``unknown``."""
    status: int = 0
    at: float = 0.0
    client: str = ""
    user: str = ""
    grant: str = ""
    scope: str = ""
    detail: str = ""
    outcome: str = ""
    error: str = ""
    reason: str = ""
    remedy: str = ""
    section: str = ""
    flow: str = ""
    """The same for every request of one authorization: from the login page over the code to the last refresh."""
    asked: Mapping[str, str] = {}
    """What was asked, of the names in ``ASKED``: those that came."""
    id: str = ""
    """Of this request alone."""
    took: float = 0.0
    """Milliseconds until the answer was made; 0 where it was kept."""
    answered: Mapping[str, str] = {}
    """What was answered, of the names in ``ANSWERED``: those that went out."""
    got: str = ""
    """Of a refusal that compared a value with others: what came."""
    expected: Sequence[str] = ()
    """What would have been right instead, the nearest first."""
    token_audience: str = ""
    """For whom the access token is that was issued, or that an API asked about; several with spaces between."""

    def value(self, name: str) -> str | int:
        """What the event says under ``name``, a field or something that was asked; empty where it says nothing."""
        found: str | int = self.asked.get(name, "") if name in ASKED else getattr(self, name)
        return found


ANSWERED = {
    "content_type": "The header Content-Type.",
    "location": "The header Location; of parameters that are not kept, only the names.",
    "www_authenticate": "The header WWW-Authenticate.",
    "members": "The names of the members of a JSON body.",
}
"""All that an event says of an answer, beside its status: an allow list."""


FACTS = tuple(name for name in Event._fields if name not in ("at", "asked", "took", "answered", "expected"))
"""The fields of what came of a request."""
