"""Every operation of the control API: addresses and the OpenAPI description come from here.

A new operation is a function with its models, and its line here. Like the view of an endpoint it is named,
``file:function``, and imported by the first call: most devidps are never controlled.
"""

from __future__ import annotations

from collections.abc import Callable
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from devidp.web.api.operation import Body, Result


class Operation(NamedTuple):
    """One method of one address."""

    method: str
    path: str
    target: str
    """``file:function`` below ``devidp.web.api``."""
    status: int = 200

    @property
    def call(self) -> Callable[..., Any]:
        """The function; its module is imported at the first call."""
        function: Callable[..., Any] = resolve_name(f"devidp.web.api.{self.target}")
        return function

    @property
    def takes(self) -> type[Body]:
        return self._models[0]

    @property
    def gives(self) -> type[Result]:
        return self._models[1]

    @property
    def _models(self) -> tuple[type[Body], type[Result]]:
        found: tuple[type[Body], type[Result]] = resolve_name("devidp.web.api.operation:models")(self.call)
        return found

    @property
    def summary(self) -> str:
        return " ".join((self.call.__doc__ or "").split())

    @property
    def name(self) -> str:
        return f"{self.method.lower()}{self.path.replace('/', '-').replace('{', '').replace('}', '')}"


# fmt: off
OPERATIONS = (
    Operation("GET", "/users", "overrides:users"),
    Operation("POST", "/users", "overrides:add_user", 201),
    Operation("GET", "/users/{username}", "overrides:user"),
    Operation("PATCH", "/users/{username}", "overrides:change_user"),
    Operation("DELETE", "/users/{username}", "overrides:delete_user"),
    Operation("POST", "/users/{username}/revoke", "overrides:revoke"),
    Operation("POST", "/users/{username}/reset", "overrides:reset_user"),
    Operation("GET", "/users/{username}/consents", "consents:consents"),
    Operation("DELETE", "/users/{username}/consents", "consents:forget"),
    Operation("GET", "/users/{username}/authenticator", "pushes:authenticator"),
    Operation("GET", "/pushes", "pushes:waiting"),
    Operation("POST", "/pushes", "pushes:decide"),
    Operation("GET", "/sessions", "sessions:sessions"),
    Operation("DELETE", "/sessions", "sessions:end_sessions"),
    Operation("DELETE", "/sessions/{id}", "sessions:end_session"),
    Operation("GET", "/authorizations", "sessions:authorizations"),
    Operation("DELETE", "/authorizations/{id}", "sessions:end_authorization"),
    Operation("GET", "/clients", "overrides:clients"),
    Operation("GET", "/registrations", "registrations:registrations"),
    Operation("POST", "/clients", "overrides:add_client", 201),
    Operation("GET", "/clients/{client_id}", "overrides:client"),
    Operation("PATCH", "/clients/{client_id}", "overrides:change_client"),
    Operation("DELETE", "/clients/{client_id}", "overrides:delete_client"),
    Operation("POST", "/clients/{client_id}/reset", "overrides:reset_client"),
    Operation("GET", "/faults", "faults:faults"),
    Operation("GET", "/failures/catalogue", "faults:failures"),
    Operation("POST", "/arm", "faults:arm", 201),
    Operation("GET", "/arm", "faults:armed"),
    Operation("DELETE", "/arm", "faults:disarm"),
    Operation("DELETE", "/arm/{id}", "faults:disarm_one"),
    Operation("POST", "/failures", "faults:fail", 201),
    Operation("GET", "/failures", "faults:scripted_failures"),
    Operation("DELETE", "/failures", "faults:clear"),
    Operation("DELETE", "/failures/{id}", "faults:clear_one"),
    Operation("GET", "/clock", "clock:show"),
    Operation("POST", "/clock", "clock:change"),
    Operation("GET", "/seed", "seed:show"),
    Operation("GET", "/public-url", "public_url:show"),
    Operation("POST", "/public-url", "public_url:change"),
    Operation("GET", "/events", "events:find"),
    Operation("GET", "/keys", "keys:show"),
    Operation("POST", "/keys", "keys:change"),
    Operation("POST", "/reset", "reset:reset"),
    Operation("POST", "/tokens", "tokens:mint"),
)
# fmt: on
