"""Who may call which tool: the one place that decides, for the HTTP answer, for the list and for the call itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from devidp.tools.demo.caller import Caller
from devidp.tools.demo.refusal import Forbidden, InsufficientScope, InsufficientUserAuthentication, NoToken

TOOLS_FILE = Path(__file__).with_name("tools.yaml")


class Rule(BaseModel):
    """What a tool requires of its caller."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public: bool = False
    scope: str = ""
    acr: tuple[str, ...] = ()
    """The classes of login that will do; any where there are none."""
    max_age: int | None = None
    """Seconds since the login at most."""
    owner: str = ""
    """The argument that names the user whose data is meant."""
    owner_or: str = Field("", alias="or")
    """The scope with which other users of the tenant may be meant."""

    @model_validator(mode="after")
    def _protected(self) -> Rule:
        if self.public == bool(self.scope):
            raise ValueError("a tool is either public or needs a scope")
        return self


class Permissions:
    def __init__(self, rules: Mapping[str, Rule], owners: Mapping[str, str]) -> None:
        self._rules = rules
        self._owners = owners

    @property
    def scopes(self) -> list[str]:
        """Every scope that some tool needs, in the order of the file."""
        return list(dict.fromkeys(rule.scope for rule in self._rules.values() if rule.scope))

    def is_public(self, tool: str) -> bool:
        return tool in self._rules and self._rules[tool].public

    def visible(self, tool: str, caller: Caller | None) -> bool:
        """Whether the tool is worth showing to the caller."""
        rule = self._rules.get(tool)
        return rule is not None and (rule.public or (caller is not None and rule.scope in caller.scopes))

    def check(self, tool: str, arguments: Mapping[str, Any], caller: Caller | None) -> None:
        """Raises NoToken, InsufficientScope or Forbidden."""
        rule = self._rules.get(tool)
        if rule is None:
            raise Forbidden(f"There is no tool {tool!r} that anybody may call")
        if rule.public:
            return
        if caller is None:
            raise NoToken(f"{tool} needs a token")
        self._check_scope(rule.scope, tool, caller)
        _check_login(rule, tool, caller)
        if rule.owner:
            self._check_owner(rule, tool, arguments.get(rule.owner), caller)

    def _check_scope(self, needed: str, tool: str, caller: Caller) -> None:
        if needed not in caller.scopes:
            # with what the token has already: a client that asks for this scope alone would lose the others
            wanted = [scope for scope in self.scopes if scope in caller.scopes or scope == needed]
            raise InsufficientScope(f"{tool} needs the scope {needed}", " ".join(wanted))

    def _check_owner(self, rule: Rule, tool: str, owner: object, caller: Caller) -> None:
        if not isinstance(owner, str) or self._owners.get(owner) != caller.tenant:
            raise Forbidden(f"{tool}: no such user in the tenant of the caller")
        if owner != caller.sub:
            self._check_scope(rule.owner_or, f"{tool} for another user", caller)


def _check_login(rule: Rule, tool: str, caller: Caller) -> None:
    asked = " ".join(sorted(caller.scopes)), " ".join(rule.acr), rule.max_age
    if rule.acr and caller.acr not in rule.acr:
        raise InsufficientUserAuthentication(f"{tool} needs a login of acr {' or '.join(rule.acr)}", *asked)
    if rule.max_age is not None and caller.login_age > rule.max_age:
        raise InsufficientUserAuthentication(f"{tool} needs a login in the last {rule.max_age} seconds", *asked)


def load(owners: Mapping[str, str], file: Path = TOOLS_FILE) -> Permissions:
    """The rules of a file; raises ValueError that names what is wrong in it."""
    rules = TypeAdapter(dict[str, Rule]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    return Permissions(rules, owners)
