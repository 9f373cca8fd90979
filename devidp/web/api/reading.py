"""Checks a body or a query; each mistake is named."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict

from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.suggestion import did_you_mean
from devidp.seed.problems import describe, describe_kind
from devidp.web.api.operation import Body
from devidp.web.request import Request

SECRET = frozenset({"key"})
"""Members whose value is not repeated."""
INTEGERS = frozenset({"after", "limit", "offset", "status"})
BodyT = TypeVar("BodyT", bound=Body)


def body(request: Request, model: type[Body]) -> Body:
    """The JSON object of the body; raises InvalidRequest."""
    for name in _parameters(request):
        raise InvalidRequest(f"The query has {quoted(name)}", remedy="Send everything as members of the body")
    return checked(request.encodable_json_object(), model)


def query(request: Request, model: type[Body]) -> Body:
    """The parameters of the query; raises InvalidRequest."""
    if request.body.strip() not in (b"", b"{}"):
        raise InvalidRequest(
            f"{request.method} came with a body", remedy="Send what is wanted as parameters of the query"
        )
    members: dict[str, Any] = {}
    for name, values in _parameters(request).lists():
        if len(values) > 1:
            raise InvalidRequest(f"The parameter {quoted(name)} came more than once", remedy="Send it once")
        members[name] = _number(name, values[0]) if name in INTEGERS else values[0]
    return checked(members, model)


def _parameters(request: Request) -> MultiDict[str, str]:
    try:
        return request.args
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            f"The query is not UTF-8: {error.reason}", remedy="Encode parameters as UTF-8, then percent-encode them"
        ) from None


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidRequest(
            f"{name} is {quoted(text)}, expected a whole number", remedy=f"Send {name}=1, for instance"
        )
    return int(text)


def checked(members: dict[str, Any], model: type[BodyT]) -> BodyT:
    """``members`` as the model has them; raises InvalidRequest."""
    try:
        return model.model_validate(members)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = str(first["loc"][0]) if first["loc"] else "the body"
        if first["type"] == "extra_forbidden":
            raise _unknown(place, model) from None
        remedy = f"See the OpenAPI document for {place}"
        raise InvalidRequest(_sentence(place, first), remedy=remedy) from None


def _sentence(place: str, error: ErrorDetails) -> str:
    """What came, and what was expected."""
    if error["type"] == "missing":
        return f"{place} is missing"
    came = (describe_kind if place in SECRET else describe)(error["input"])
    return f"{place}: {came}, {error['msg'].replace('Input should be', 'expected')}"


def _unknown(name: str, model: type[Body]) -> InvalidRequest:
    known = list(model.model_fields)
    return InvalidRequest(
        f"There is no member {quoted(name)} here; there are: {', '.join(known) or 'none'}",
        remedy=f"{did_you_mean(name, known)}Correct it or leave it out: nothing is ever ignored",
    )
