"""Applications as targets: called without a socket, and judged as their servers would be."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

import jwt
import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Receive, Scope, Send

from devidp import DevIdP
from devidp.report import Report
from devidp.web.control.errors import ControlError
from tests.probe import targets
from tests.real_clients.asgi import asgi_served
from tests.serving import wsgi_served

PASSED = {"no-token": "passed", "made-up-token": "passed", "sound-token": "passed"}
ORDERS = "http://localhost:8000/orders"


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def fast_api(idp: DevIdP) -> FastAPI:
    """Has its keys from its lifespan, as applications have their connections."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.keys = jwt.PyJWKClient(idp.jwks_uri)
        yield
        app.state.ended = True

    app = FastAPI(lifespan=lifespan)

    @app.get("/orders")
    def orders(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> dict[str, list[int]]:
        try:
            key = app.state.keys.get_signing_key_from_jwt(sent.credentials)
            jwt.decode(sent.credentials, key, ["RS256"], audience="http://localhost:8000/mcp", issuer=idp.issuer)
        except jwt.PyJWTError:
            raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}) from None
        return {"orders": [1]}

    return app


def test_a_wsgi_application_needs_no_socket(idp: DevIdP) -> None:
    report = idp.probe(targets.strict(idp), url=ORDERS, only=["ground"])
    assert (report.cause, report.target) == ("", ORDERS)
    assert {check.name: check.outcome for check in report.checks} == PASSED


def test_an_asgi_application_is_started_and_ended(idp: DevIdP) -> None:
    application = fast_api(idp)
    report = idp.probe(application, path="/orders", only=["ground"])
    assert report.cause == ""
    assert {check.name: check.outcome for check in report.checks} == PASSED
    assert application.state.ended


def found(report: Report) -> dict[str, tuple[str, list[str]]]:
    return {check.name: (check.outcome, [finding.id for finding in check.findings]) for check in report.checks}


def test_an_application_is_judged_as_its_server_would_be(idp: DevIdP) -> None:
    words = ["shape", "headers", "places", "challenge"]
    wsgi, asgi = targets.strict(idp), fast_api(idp)
    with wsgi_served(lambda _: wsgi) as (base, _):
        assert found(idp.probe(wsgi, url=ORDERS, only=words)) == found(idp.probe(f"{base}/orders", only=words))
    with asgi_served(lambda _: asgi) as base:
        assert found(idp.probe(asgi, url=ORDERS, only=words)) == found(idp.probe(f"{base}/orders", only=words))


def test_an_application_that_raises_answers_500(idp: DevIdP) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("out of order")

    assert idp.probe(broken).cause.startswith("it answers 500 to everything")


def test_an_application_that_cannot_start_says_why(idp: DevIdP) -> None:
    class Unreachable(contextlib.AbstractAsyncContextManager[None]):
        async def __aenter__(self) -> None:
            raise RuntimeError("no database")

        async def __aexit__(self, *_: object) -> None: ...

    application = FastAPI(lifespan=lambda _: Unreachable())
    with pytest.raises(ControlError, match="no database"):
        idp.probe(application)


def test_an_application_that_blocks_its_loop_is_called_slow(idp: DevIdP) -> None:
    over = threading.Event()

    async def blocked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError
        over.wait()

    try:
        assert "does not answer in time" in idp.probe(blocked, timeout=0.2).cause
    finally:
        over.set()


@pytest.mark.parametrize("make", [targets.endless, lambda: targets.always(500), lambda: targets.always(401)])
def test_a_wsgi_application_is_called_what_it_is(idp: DevIdP, make: object) -> None:
    report = idp.probe(make())  # type: ignore[operator]
    assert report.cause


def test_what_is_no_application_is_refused(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="got int, expected the URL of a server, or a WSGI or ASGI application"):
        idp.probe(3)  # type: ignore[arg-type]


def test_the_call_stays_at_the_target(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="expected an address of the target"):
        idp.probe(targets.always(401), path="//elsewhere.example/orders")


def test_another_machine_is_called_only_where_it_is_named(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match=r"--allow-host api\.example"):
        idp.probe("https://api.example/orders")
