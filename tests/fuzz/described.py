"""What schemathesis makes of the control API's own description: what fits it, and what is just beside it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from devidp.models.config import Config
from devidp.web.api import PREFIX
from devidp.web.control.controller import Controller
from tests.fuzz import live
from tests.fuzz.driven import Driven

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip


def drive(count: int, seed: int = 0, config: Config = live.IN_MEMORY) -> Driven:
    """``count`` requests over all operations, half of them as the description has them."""
    driven, application = Driven(), live.application(config)

    def on_this_machine(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return application({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", on_this_machine)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    modes = list(GenerationMode)
    examples = max(1, count // len(operations) // len(modes))
    for operation in operations:
        for mode in modes:
            try:
                _one(driven, operation.as_strategy(generation_mode=mode), examples, seed)
            except Unsatisfiable:
                pass  # an operation that takes nothing has nothing that is beside it
            except Exception as defect:  # noqa: BLE001 - whatever a check or hypothesis has to say
                driven.defects.append(f"{operation.label}: {defect}")
        Controller(application.extensions["devidp"]).reset()
    application.extensions["devidp"].close()
    return driven


def _one(driven: Driven, strategy: Any, examples: int, seed: int) -> None:
    @seeded(seed)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def each(case: Any) -> None:
        began = time.perf_counter()
        response = case.call()
        driven.add(response.status_code, time.perf_counter() - began)
        case.validate_response(response, checks=CHECKS)

    each()
