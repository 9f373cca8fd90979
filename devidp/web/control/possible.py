"""What no answer of an endpoint can be like, so that a failure would wait for ever: refused before it waits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from devidp.faults.failures import Failure, SpoiledResponse
from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import quoted
from devidp.oauth.suggestion import did_you_mean
from devidp.web import failure_places
from devidp.web.control import issuers, matching
from devidp.web.control.errors import ControlError
from devidp.web.endpoints import ENDPOINTS
from devidp.web.endpoints.discovery import metadata
from devidp.web.response import Response
from devidp.web.runtime import Runtime

NEEDED = {
    "authorize": {names.AUTHORIZATION_CODE, names.IMPLICIT},
    "par": {names.AUTHORIZATION_CODE, names.IMPLICIT},
    "device_authorization": {names.DEVICE_CODE},
}
"""Grants of which a client needs one to be served at an endpoint."""
WELL_KNOWN = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")
"""The two addresses of one document."""
OF_USERS = ("userinfo", "logout")
"""Endpoints that speak of users alone."""


def check(
    runtime: Runtime, place: str, failure: Failure, options: Mapping[str, Any], match: Mapping[str, str | None]
) -> None:
    """Raise ControlError where no answer of the endpoint to such a request could have the failure."""
    among = issuers.matching(runtime, match.get("issuer"))
    here = [each for each in ENDPOINTS.values() if failure_places.GROUPED.get(each.name, each.name) == place]
    if not any(each.enabled(issuer) for each in here for issuer in among):
        raise ControlError(
            f"the endpoint {place} is switched off at {', '.join(issuer.name for issuer in among)}; "
            "switch it on in the seed, or name another issuer"
        )
    _check_criteria(place, failure, match)
    acting = [client for issuer in among if (client := issuer.settings.clients.get(match.get("client") or ""))]
    _check_clients(place, failure, acting, match.get("grant"))
    if place == "discovery" and not failure.general:
        _check_metadata(runtime, failure, options, among)


def _check_criteria(place: str, failure: Failure, match: Mapping[str, str | None]) -> None:
    before, after = failure_places.CRITERIA.get(place, ((), ()))
    known = before if failure.before else after
    given = {name: value for name, value in match.items() if value is not None and name != "issuer"}
    for name in given:
        if name not in known:
            when = " before it is served" if failure.before and name in after else ""
            raise ControlError(
                f"{name}: a request to {place} has none that is known{when}; it is matched by: "
                f"{', '.join(('issuer', *known))}"
            )
    grant = given.get("grant")
    if failure.before and "user" in given and grant is not None and grant not in failure_places.KNOWN_USER:
        raise ControlError(f"user: that of a request with the grant {grant} is not known before it is served")


def _check_clients(place: str, failure: Failure, acting: list[Client], grant: str | None) -> None:
    # any answer can be late or truncated, a refusal too
    good = not failure.general and not failure.before
    alone = bool(acting) and not any(map(matching.acts_for_users, acting))
    if (failure.for_users or (good and place in OF_USERS)) and (grant in matching.WITHOUT_USER or alone):
        raise ControlError(f"{failure.name}: a client that acts for itself gets no answer that has what this spoils")
    needed = NEEDED.get(place) if good else None
    if needed and acting and not any(client.grants & needed for client in acting):
        raise ControlError(
            f"client {quoted(acting[0].client_id)} is refused at {place}, and {failure.name} spoils a good answer: it "
            f"has the grants {', '.join(sorted(acting[0].grants))}, expected one of {', '.join(sorted(needed))}"
        )


def _check_metadata(runtime: Runtime, failure: Failure, options: Mapping[str, Any], among: Iterable[Issuer]) -> None:
    found: dict[str, Any] = {}
    for server in runtime.servers.values():
        if server.issuer not in among:
            continue
        document = metadata(server)
        if any(_changes(failure, options, document, path) for path in WELL_KNOWN):
            return
        found |= document
    field = options.get("field", "")
    said = f" with field {field!r}" if field else ""
    if field in found:
        raise ControlError(f"{failure.name}{said} would change nothing in the metadata: it is {found[field]!r} already")
    hint = did_you_mean(field, found, ", did you mean {!r}? The metadata has") or "; that has"
    raise ControlError(f"{failure.name}{said} would change nothing in the metadata{hint}: {', '.join(found)}")


def _changes(failure: Failure, options: Mapping[str, Any], document: dict[str, Any], path: str) -> bool:
    answer = SpoiledResponse(Response(json.dumps(document)), options, dict, str, path=path)
    failure.spoil(answer)
    return answer.members() != document
