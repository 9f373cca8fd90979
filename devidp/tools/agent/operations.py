"""The operations of the control API, a tool each: what they take and say comes from the API itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from devidp.oauth.errors import InvalidRequest
from devidp.seed.problems import describe
from devidp.tools.agent.tool import Arguments, Tool, schema_of
from devidp.web.api.table import OPERATIONS, Operation
from devidp.web.api_client import ApiClient, with_query

NAMES = {
    "overrides:users": "list_users",
    "overrides:add_user": "add_user",
    "overrides:user": "get_user",
    "overrides:change_user": "change_user",
    "overrides:delete_user": "delete_user",
    "overrides:revoke": "revoke_tokens_of_user",
    "overrides:reset_user": "reset_user",
    "consents:consents": "list_consents_of_user",
    "consents:forget": "forget_consents_of_user",
    "sessions:sessions": "list_sessions",
    "sessions:end_session": "end_session",
    "sessions:end_sessions": "end_sessions",
    "sessions:authorizations": "list_authorizations",
    "sessions:end_authorization": "end_authorization",
    "overrides:clients": "list_clients",
    "overrides:add_client": "add_client",
    "overrides:client": "get_client",
    "overrides:change_client": "change_client",
    "overrides:delete_client": "delete_client",
    "overrides:reset_client": "reset_client",
    "registrations:registrations": "list_registered_clients",
    "pushes:authenticator": "get_authenticator_code",
    "pushes:waiting": "list_second_factor_questions",
    "pushes:decide": "answer_second_factor_question",
    "faults:faults": "list_token_faults",
    "faults:arm": "arm_token_fault",
    "faults:armed": "list_armed_token_faults",
    "faults:disarm": "disarm_all_token_faults",
    "faults:disarm_one": "disarm_token_fault",
    "faults:failures": "list_endpoint_failures",
    "faults:fail": "arm_endpoint_failure",
    "faults:scripted_failures": "list_armed_endpoint_failures",
    "faults:clear": "disarm_all_endpoint_failures",
    "faults:clear_one": "disarm_endpoint_failure",
    "clock:show": "get_clock",
    "clock:change": "set_clock",
    "seed:show": "examine_seed",
    "public_url:show": "get_public_url",
    "public_url:change": "set_public_url",
    "events:find": "find_events",
    "keys:show": "list_signing_keys",
    "keys:change": "change_signing_keys",
    "reset:reset": "reset",
    "tokens:mint": "mint_token",
}
"""What each operation is called as a tool; a test checks that none is left out."""


def tools() -> Iterator[Tool]:
    for each in OPERATIONS:
        yield Tool(
            NAMES[each.target],
            each.summary,
            _schema(each),
            _caller(each),
            changes=each.method != "GET" and each.target != "tokens:mint",
            destroys=each.method == "DELETE" or each.target == "reset:reset",
        )


def _schema(each: Operation) -> dict[str, Any]:
    schema, path = schema_of(each.takes), _path_names(each)
    schema["properties"] = {name: {"type": ["string", "integer"]} for name in path} | schema["properties"]
    schema["required"] = [*path, *schema.get("required", ())]
    return schema


def _path_names(each: Operation) -> list[str]:
    return re.findall(r"\{(\w+)\}", each.path)


def _caller(each: Operation) -> Any:
    def run(api: ApiClient, arguments: Arguments) -> dict[str, Any]:
        left = dict(arguments)
        for name in _path_names(each):
            if not isinstance(left.get(name), str | int):
                raise InvalidRequest(f"{name}: {describe(left.get(name))}, expected one that is there")
        path = re.sub(r"\{(\w+)\}", lambda found: quote(str(left.pop(found[1])), safe=""), each.path)
        if each.method in ("POST", "PATCH"):
            return api.send(each.method, path, left)
        return api.send(each.method, with_query(path, left))

    return run
