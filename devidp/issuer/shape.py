"""What a shape makes of the claims of a token, and of the answer of UserInfo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from devidp.keys.shaping import ShapedType, Shaping
from devidp.keys.tokens import Draft
from devidp.models.shape import ClaimChanges, Condition, TokenShape
from devidp.models.template import Granted, filled, source
from devidp.oauth import resource

Sources = dict[str, str]
READ = ("sub", "client_id", "scope", "jti", "auth_time", "acr", "amr", "sid")
"""Claims that mean something to the issuer when a token comes back, even where it would not have set them."""


def shaped(
    draft: Draft, shapes: Iterable[TokenShape], granted: Granted, token_type: ShapedType, keep_until: int
) -> Draft:
    """``draft`` in its shape: what the later of ``shapes`` say is said on top of the earlier ones."""
    header, sources = dict(draft.header), Sources()
    claims = dict(draft.claims)
    for shape in shapes:
        claims = changed(claims, shape, granted, sources)
        if shape.typ is not None:
            header["typ"] = shape.typ
    if header["typ"] == "none":
        del header["typ"]
    read = {*draft.claims, *READ}
    whole = header == draft.header and all(claims.get(name) == draft.claims.get(name) for name in read)
    shaping = Shaping(token_type, draft.claims, claims, sources, keep_until, whole=whole)
    return draft._replace(header=header, claims=claims, shaping=shaping)


def changed(
    claims: Mapping[str, Any], shape: TokenShape, granted: Granted, sources: Sources | None = None
) -> dict[str, Any]:
    """``claims`` in the shape; ``sources`` is told which of them say a claim of the specifications."""
    result, sources = dict(claims), Sources() if sources is None else sources
    applying = (case for case in shape.cases if _holds(case.when, granted))
    for changes in (shape, *applying):
        result = _with(changes, result, granted, sources)
    return result


def _holds(when: Condition, granted: Granted) -> bool:
    return (
        (when.user is None or when.user == (granted.user is not None))
        and (when.grant is None or granted.grant in when.grant)
        and (when.client is None or granted.client.client_id in when.client)
        and (when.auth_method is None or not granted.client.auth_methods.isdisjoint(when.auth_method))
        and (when.scope is None or not set(granted.scope).isdisjoint(when.scope))
        and (when.resource is None or any(resource.find(when.resource, each) for each in granted.audience))
    )


def _with(changes: ClaimChanges, claims: dict[str, Any], granted: Granted, sources: Sources) -> dict[str, Any]:
    result = {}
    for name, value in claims.items():
        if name in changes.drop:
            sources.pop(name, None)
            continue
        new = changes.rename.get(name, name)
        result[new] = value
        if new != name:
            sources[new] = sources.pop(name, name)
    for name, template in changes.claims.items():
        value = filled(template, granted)
        sources.pop(name, None)
        if value is None:
            result.pop(name, None)
            continue
        result[name] = value
        if (said := source(template)) is not None and said != name:
            sources[name] = said
    return result
