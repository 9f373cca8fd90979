"""Failure injection: applies scripted failures before or after the view of an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from devidp.faults.failures import FAILURES, Failure, SpoiledResponse
from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import ScriptedError
from devidp.oauth.identifiers import random_token
from devidp.protocol import Server, response_mode
from devidp.protocol.authorization import refusal
from devidp.store.overrides import Scripted
from devidp.system.event_log import Facts
from devidp.web.context import Context
from devidp.web.endpoints import Endpoint
from devidp.web.endpoints.discovery import metadata
from devidp.web.failure_places import GROUPED
from devidp.web.foreseen import foresee, parameters_of
from devidp.web.response import Response, response_to_client
from devidp.web.runtime import Runtime

LATE = "slow"
"""The failure that changes nothing but the time."""


def view(runtime: Runtime, each: Endpoint, server: Server, context: Context) -> Response:
    """The answer of the endpoint, with what was scripted for it."""
    place = GROUPED.get(each.name, each.name)
    if not any(scripted.endpoint == place for scripted in runtime.overrides.current.failures):
        return each.view(server, context)
    # a client that has the document already would get 304, and nothing to fail with
    context.request.environ.pop("HTTP_IF_NONE_MATCH", None)
    foreseen = foresee(server.issuer, context)
    if place in (each.name, "discovery"):  # of the pages of one request, the first
        scripted = _take(runtime, server, context, place, foreseen, lambda scripted: FAILURES[scripted.name].before)
        if scripted is not None:
            return _instead(runtime, each, server, context, scripted)
    return _afterwards(runtime, server, context, place, each.view(server, context), foreseen)


def _take(
    runtime: Runtime,
    server: Server,
    context: Context,
    place: str,
    facts: Facts,
    applies: Callable[[Scripted], bool],
) -> Scripted | None:
    """The first failure that is meant for the request and applies, which this uses up."""

    def fits(each: Scripted) -> bool:
        return each.endpoint == place and each.match.fits(facts, server.issuer.name) and applies(each)

    scripted = runtime.overrides.take("failures", fits)
    if scripted is not None:
        for name in ("client", "user", "grant", "flow"):
            setattr(context.facts, name, getattr(context.facts, name) or getattr(facts, name))
        context.facts.outcome = f"failure {scripted.name} as scripted"
    return scripted


def by_hand(runtime: Runtime, server: Server, context: Context, response: Response) -> Response:
    """The answer with what a person at a page of it wanted to be wrong."""
    context.facts.outcome = f"failure {context.by_hand} as a person asked for on the page"
    return _spoil(runtime, server, response, Scripted(0, context.by_hand), context)


def _error(options: Mapping[str, Any]) -> ScriptedError:
    return ScriptedError(
        options.get("error", "access_denied"), options.get("description", "A test asked for this error")
    )


def _instead(runtime: Runtime, each: Endpoint, server: Server, context: Context, scripted: Scripted) -> Response:
    if scripted.name == "error" and each.name == "authorize":
        raise refusal(server.issuer, _error(scripted.options), parameters_of(context))
    return _spoil(runtime, server, Response(headers={"Cache-Control": "no-store"}), scripted, context)


def _afterwards(
    runtime: Runtime, server: Server, context: Context, place: str, response: Response, foreseen: Facts
) -> Response:
    spoilt = response

    def changes(scripted: Scripted) -> bool:
        """Whether it makes the answer another one: an error has no token to leave out."""
        nonlocal spoilt
        failure = FAILURES[scripted.name]
        if failure.before or not _applies(failure, response, server.issuer):
            return False
        if failure.name == LATE:
            return True
        spoilt = Response(response.get_data(), response.status_code, response.headers.copy())
        spoilt.answer = response.answer
        _spoil(runtime, server, spoilt, scripted, context)
        return _content(spoilt) != _content(response)

    scripted = _take(runtime, server, context, place, _known(context.facts, foreseen), changes)
    if scripted is None:
        return response
    return _spoil(runtime, server, response, scripted, context) if scripted.name == LATE else spoilt


def _content(response: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    return response.status_code, list(response.headers), response.get_data()


def _known(learned: Facts, foreseen: Facts) -> Facts:
    """What was learned of a request, and what was known before where nothing was learned."""
    names_of = ("client", "user", "grant", "state")
    return Facts(**{name: getattr(learned, name) or getattr(foreseen, name) for name in names_of})


def _spoil(runtime: Runtime, server: Server, response: Response, scripted: Scripted, context: Context) -> Response:
    def metadata_of_another() -> dict[str, Any]:
        others = [each for each in runtime.servers.values() if each is not server]
        return metadata(others[0]) if others else {"issuer": "https://attacker.example"}

    def active_kid() -> str:
        return server.issuer.keys.active.kid

    on_page = response.answer if response.answer and response.answer.mode in response_mode.PAGES else None
    spoiled = SpoiledResponse(
        response,
        scripted.options,
        metadata_of_another,
        active_kid,
        context.request.environ.get("werkzeug.socket"),
        context.request.path,
        parameters_of(context),
        partial(_code_of_another, server.issuer),
        on_page.parameters if on_page else None,
    )
    FAILURES[scripted.name].spoil(spoiled)
    if on_page is not None and spoiled.answer is not None:
        response.set_data(response_to_client(on_page._replace(parameters=spoiled.answer)).get_data())
    return response


def _code_of_another(issuer: Issuer, code: str) -> str:
    record = issuer.store.find_code(code)
    if record is None:
        return code
    another = random_token()
    challenge = record.code_challenge and random_token()
    issuer.store.add_code(another, replace(record, code_challenge=challenge, nonce=record.nonce and random_token()))
    return another


def _applies(failure: Failure, response: Response, issuer: Issuer) -> bool:
    """Whether the answer is one of the kind that the failure spoils."""
    if failure.group == "authorization":
        brought = response.answer.parameters if response.answer else {}
        return "code" in brought or (bool(brought) and failure.name.startswith(("iss-", "state-")))
    if failure.redirect:
        location = response.headers.get("Location", "")
        return bool(location and issuer.url not in location)
    if failure.general:
        return True
    return response.status_code < 300 and response.is_json
