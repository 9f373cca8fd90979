"""Errors of the model as problems of the seed: where it stands, what was found, what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from devidp.oauth.names import STANDARD_CLAIMS
from devidp.oauth.suggestion import nearest
from devidp.seed.defaults import ISSUER
from devidp.seed.entries import UserEntry
from devidp.seed.problems import Finding, Place, Refused, as_list, describe, describe_kind, join_names
from devidp.seed.root import Root

_OF_A_KEY = "[key]"
_CLAIMS = frozenset(ISSUER.access_token_claims).union(*STANDARD_CLAIMS.values())
"""What other tools write beside the password of a user: here it is below ``claims``."""
WITHOUT_SEED = {"profile": "; --profile NAME, or DevIdP(profile='NAME'), needs no seed"}
"""What somebody may have meant that writes such a key at the top."""


def findings(error: ValidationError) -> Iterator[Finding]:
    for details in error.errors(include_url=False):
        place = details["loc"]
        refusal = details.get("ctx", {}).get("error")
        if isinstance(refusal, Refused):
            top = place[: len(place) - refusal.up] if place[-1:] != (_OF_A_KEY,) else place[:-1]
            yield from (((*top, *inner), message) for inner, message in refusal.findings)
        elif details["type"] == "extra_forbidden":
            yield place, _unknown_key(place)
        else:
            yield place, _message(details, refusal)


def _message(details: ErrorDetails, refusal: object) -> str:
    value = details["input"]
    match details["type"]:
        case "value_error":
            return str(refusal)
        case "model_type":
            keys = join_names(_model_at(details["loc"]).model_fields)
            return f"{describe_kind(value)}, expected a mapping, indented below, with keys of: {keys}"
        case "dict_type":
            return f"{describe_kind(value)}, expected a mapping, indented below, with a name as each key"
        case "list_type":
            return f"{describe(value)}, expected a list{_as_list(value)}"
        case "too_short":
            return "got an empty list; give it an item or remove the line"
    return f"{describe_kind(value)}; {details['msg']}"


def _as_list(value: object) -> str:
    return f"; did you mean {as_list(value)}?" if isinstance(value, str) else ""


def _unknown_key(place: Place) -> str:
    key, model = str(place[-1]), _model_at(place[:-1])
    without = WITHOUT_SEED.get(key, "") if model is Root else ""
    names = join_names(model.model_fields)
    return f"there is no key {key!r} here, expected one of: {names}{without}{_suggestion(key, model)}"


def _suggestion(key: str, model: type[BaseModel]) -> str:
    """The key that was meant: a claim, the same a level deeper, one that is a part of it, like it, or in a table."""
    deeper = (f"{name}.{key}" for name in model.model_fields if key in _fields_inside(model, name))
    parts = [name for name in model.model_fields if name.rstrip("s") in key.lower()]
    in_tables = (f"{name}.NAME.{key}" for name in model.model_fields if key in _fields_inside(model, name, named=True))
    claim = f"claims.{key}" if model is UserEntry and key in _CLAIMS else None
    likely = claim or next(deeper, None) or max(parts, key=len, default=None) or nearest(key, model.model_fields)
    found = likely or next(in_tables, None)
    return f"; did you mean {found!r}?" if found else ""


def _fields_inside(model: type[BaseModel], name: str, *, named: bool = False) -> Iterable[str]:
    """Of the mapping under ``name``; where ``named``, of each one in the table under it."""
    inner = _model_in(model.model_fields[name].annotation)
    return () if inner is None or inner[1] != named else inner[0].model_fields


def _model_at(place: Place) -> type[BaseModel]:
    model: type[BaseModel] = Root
    parts = iter(place)
    for part in parts:
        inner = _model_in(model.model_fields[str(part)].annotation)
        if inner is not None:
            model, has_names = inner
            if has_names:
                next(parts, None)
    return model


def _model_in(annotation: object, *, has_names: bool = False) -> tuple[type[BaseModel], bool] | None:
    """The model in an annotation, and whether a table or list stands around it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, has_names
    for argument in get_args(annotation):
        found = _model_in(argument, has_names=has_names or get_origin(annotation) in (dict, list))
        if found:
            return found
    return None
