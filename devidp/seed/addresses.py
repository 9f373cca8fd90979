"""Where an issuer is: its name, path or URL, and the addresses of its endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import WithJsonSchema

from devidp.models.addresses import ANY, PORT
from devidp.oauth.endpoints import DERIVED, MEMBERS, MOVABLE, PATHS
from devidp.seed.claims import read_json
from devidp.seed.fields import FALSE, TRUE, Before, flag, text
from devidp.seed.overlay import lay_over
from devidp.seed.problems import Finding, Refused, describe, describe_kind, join_names, suggestion
from devidp.seed.values import Table, mapping
from devidp.system.hosts import host_name
from devidp.system.urls import normal_url

RESERVED_NAMES = ("health", "_devidp", ".well-known")
NAME = "{name}"
"""In an address: the name of its issuer, so that a profile has one for each."""
ADDRESSED = {"path", "url", "endpoints"}
FULL = ("http://", "https://")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}")
_SEGMENT = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~!$&'()*+,;=:@-]{1,128}")
"""What every URL library leaves as it is, without percent signs, which servers decode."""
_SOME_PORT = 65535


def with_names(seed: Table) -> Table:
    """``seed`` with the name of each issuer in its addresses, where ``{name}`` stands for it."""
    result = lay_over(seed, {})
    issuers = mapping(seed.get("issuers"))
    for name, settings in issuers.items():
        for key in ADDRESSED.intersection(mapping(settings)):
            if NAME in str(settings[key]):
                result["issuers"] = laid = lay_over(result["issuers"], {}, "names")
                laid[name] = lay_over(laid[name], {})
                laid[name][key] = _filled(settings[key], name)
    return result


def _filled(value: object, name: str) -> object:
    if isinstance(value, str):
        return value.replace(NAME, name)
    if isinstance(value, list):
        return [_filled(each, name) for each in value]
    if not isinstance(value, dict):
        return value
    result = lay_over(value, {})
    for key, each in value.items():
        result[key] = _filled(each, name)
    return result


def issuer_name(value: str) -> str:
    """A name that can be a segment of a URL's path."""
    if value in RESERVED_NAMES:
        raise Refused(f"{describe(value)}, a reserved name ({', '.join(RESERVED_NAMES)}); choose another one")
    if not _NAME.fullmatch(value):
        raise Refused(f"{describe(value)}, expected one path segment without slashes: up to 64 of A-Z a-z 0-9 - . _ ~, "
                      "a letter or digit first")  # fmt: skip
    return value


def issuer_path(value: object) -> str:
    """The path as it goes behind the base: ``/name``, ``/a/b/`` with the slash that was written, empty for ``/``."""
    written = text(value)
    path = "" if written == "/" else f"/{written.removeprefix('/')}"
    _check_segments(path.removesuffix("/"), written, RESERVED_NAMES)
    return path


def issuer_url(value: object) -> str:
    """The issuer identifier in full; or its path behind the base, to the last character."""
    written = text(value)
    if not written.startswith("/"):
        return _full_url(written, "https://idp.example.test/tenant/, or its path, such as /tenant/")
    _check_segments(written.removesuffix("/"), written, RESERVED_NAMES)
    return written


def followed_hosts(value: object) -> tuple[str, ...]:
    """Names of hosts; ``true`` for each by which devidp may be called."""
    if not isinstance(value, str | list) or str(value).lower() in TRUE | FALSE:
        return (ANY,) if flag(value) else ()
    found: list[str] = []
    wrong: list[Finding] = []
    for index, each in enumerate(value if isinstance(value, list) else [value]):
        try:
            found.append(host_name(text(each)).strip("[]").lower())
        except ValueError as error:  # Refused is one
            wrong.append(((index,) if isinstance(value, list) else (), str(error)))
    if wrong:
        raise Refused(*wrong)
    return tuple(dict.fromkeys(found))


def endpoint_addresses(value: object) -> dict[str, tuple[str, ...]]:
    """The addresses of each endpoint, the one of the metadata first."""
    if not isinstance(value, dict):
        raise Refused(f"{describe(value)}, expected a mapping such as `token: /oauth2/token`")
    found: dict[str, tuple[str, ...]] = {}
    wrong: list[Finding] = []
    for name, written in value.items():
        if name not in MOVABLE:
            known = f"one of: {join_names(MOVABLE)}{suggestion(name, MOVABLE)}"
            wrong.append(((name,), f"{describe(name)}, no endpoint that can be moved, expected {known}"))
            continue
        listed = written if isinstance(written, list) else [written]
        if not listed:
            wrong.append(((name,), "got an empty list; name an address, or remove the line"))
        for index, each in enumerate(listed):
            place = (name, index) if isinstance(written, list) else (name,)
            try:
                found[name] = (*found.get(name, ()), _address(each))
            except Refused as refused:
                wrong += [((*place, *inner), message) for inner, message in refused.findings]
    if wrong:
        raise Refused(*wrong)
    return found


def _address(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise Refused(f"{describe_kind(value)}, expected an address such as /oauth2/token, v1/token or a URL")
    written = str(value)
    if written.startswith(FULL):
        return _full_url(written, "https://idp.example.test/oauth2/token")
    path = written.removesuffix("/") if written.startswith("/") else f"/issuer/{written}"
    if not path:
        raise Refused("got '/', where the landing page is; choose another path")
    _check_segments(path, written)
    return written


def _full_url(written: str, example: str) -> str:
    shown = written.replace(f":{PORT}", f":{_SOME_PORT}")
    if not shown.startswith(FULL):
        raise Refused(f"{describe(written)}, expected a URL with its scheme and host, such as {example}")
    try:
        normal = normal_url(shown)
    except ValueError as error:
        raise Refused(str(error).replace(f":{_SOME_PORT}", f":{PORT}")) from None
    parts = urlsplit(normal)
    if "?" in shown or "#" in shown:
        raise Refused(f"{describe(written)}, which has a query or a fragment; leave out all from '?' or '#' on "
                      "(RFC 8414 section 2)")  # fmt: skip
    _check_segments(parts.path.removesuffix("/"), written)
    if normal != shown:
        raise Refused(f"{describe(written)}, which URL libraries write as {normal!r}; write it like this")
    return written


def _check_segments(path: str, written: str, reserved: Iterable[str] = RESERVED_NAMES[:2]) -> None:
    segments = path.split("/")[1:]
    if segments and segments[0] in reserved:
        raise Refused(f"{describe(written)}, which begins with a reserved name "
                      f"({', '.join(reserved)}); choose another one")  # fmt: skip
    if not all(map(_SEGMENT.fullmatch, segments)):
        raise Refused(f"{describe(written)}, expected path segments of A-Z a-z 0-9 - . _ ~ with single slashes between "
                      "them, and neither query nor fragment")  # fmt: skip


def metadata_members(value: object) -> dict[str, Any]:
    """Members of the metadata beside those that say what devidp does; raises Refused."""
    if not isinstance(value, dict):
        raise Refused(f"{describe(value)}, expected a mapping such as `service_documentation: https://docs.example/`")
    read, findings = read_json(value)
    findings += [((name,), _derived(name)) for name in value if name in DERIVED and value[name] is not None]
    if findings:
        raise Refused(*findings)
    return dict(read)


def _derived(name: str) -> str:
    moved = next((endpoint for endpoint, member in MEMBERS.items() if member == name), None)
    other = f"move the endpoint under `endpoints`, as `{moved}: /…`" if moved else "change what it says in the seed"
    return f"{name} says what this issuer does, and follows from its settings; {other}, or leave it out with null"


Path = Annotated[str, Before(issuer_path)]
Url = Annotated[str, Before(issuer_url), WithJsonSchema({"type": "string", "format": "uri"})]
Followed = Annotated[
    tuple[str, ...],
    Before(followed_hosts),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "boolean"},
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]
Members = Annotated[dict[str, Any], Before(metadata_members)]
_ONE = {"type": "string", "minLength": 1}
Endpoints = Annotated[
    dict[str, tuple[str, ...]],
    Before(endpoint_addresses),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {
                    "anyOf": [_ONE, {"type": "array", "items": _ONE, "minItems": 1}],
                    "description": f"The address of {MEMBERS.get(name, name)}; `{PATHS[name][1:]}` by default.",
                }
                for name in MOVABLE
            },
        }
    ),
]
