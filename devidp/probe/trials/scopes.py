"""Scope by scope: what the call needs, what an MCP server lists, and which of its tools ask for none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from devidp.probe import call, challenges, mcp, recognition
from devidp.probe.access_kinds import SCOPE_MISNAMED, TOOL_WITHOUT_SCOPE
from devidp.probe.exchange import Answer
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.verdict import check, found
from devidp.report import Check, Finding

GROUP = "scopes"
LOGIN_ONLY = "openid"
"""A scope of the issuer that allows nothing at a resource."""
NO_SCOPES = "the sound token says no scopes"
MAX_SCOPES = 20
MAX_TOOLS = 50


def trials(subject: Subject) -> Iterator[Trial]:
    yield Trial("scopes-of-the-call", GROUP, "should", _of_the_call)
    yield Trial("tools-list", GROUP, "advice", _listed)
    if subject.ground.is_mcp and subject.options.read_only_tools:
        for name in _read_only(subject)[:MAX_TOOLS]:
            yield Trial(f"tool-{name}", GROUP, "should", partial(_tool, name))


def _scopes(subject: Subject) -> list[str]:
    minted = subject.ground.minted
    said = minted.claims.get("scope") if minted else None
    return said.split()[:MAX_SCOPES] if isinstance(said, str) else []


def _with(subject: Subject, scopes: Sequence[str], asked: call.Call | None = None) -> Answer:
    token = subject.mint(scope=" ".join(scopes) or LOGIN_ONLY, free=True)
    return subject.ask(token.text, call=asked)


def _of_the_call(subject: Subject) -> Check:
    """Which scopes the call needs, by leaving each of them out."""
    every = _scopes(subject)
    if not every:
        return Check("scopes-of-the-call", GROUP, "skipped", note=NO_SCOPES)
    answers = {each: _with(subject, [other for other in every if other != each]) for each in every}
    refused = {scope: answer for scope, answer in answers.items() if answer.status == 403}
    wrong = [_misnamed(scope, answer) for scope, answer in refused.items()]
    needed = " ".join(scope for scope, answer in answers.items() if not subject.is_sound(answer))
    note = f"needs {needed}" if needed else f"needs no single one of {' '.join(every)}"
    return check("scopes-of-the-call", GROUP, subject.ground.sound, *wrong, note=note)


def _misnamed(scope: str, answer: Answer) -> Finding | None:
    try:
        said = challenges.parse(answer.all("www-authenticate"))
    except challenges.Malformed:
        return None
    named = " ".join(each.parameters.get("scope", "") for each in said).split()
    if not named or scope in named:
        return None
    return found(SCOPE_MISNAMED, scope, answer, f"named {' '.join(named)}, expected {scope} among them")


def _listed(subject: Subject) -> Check:
    """What ``tools/list`` shows to a token of each scope alone: a list may be the same for all."""
    if not subject.ground.is_mcp or not _scopes(subject):
        return Check("tools-list", GROUP, "skipped", note=NO_SCOPES if subject.ground.is_mcp else mcp.NONE)
    asked = call.tools_list(subject.url)
    by_scope = {scope: mcp.tool_names(_with(subject, [scope], asked)) for scope in _scopes(subject)}
    every = mcp.tool_names(subject.sound(asked))
    if all(len(tools) == len(every) for tools in by_scope.values()):
        note = f"not filtered: each scope alone sees all {len(every)} tools"
    else:
        note = "filtered: " + ", ".join(f"{scope} sees {len(tools)}" for scope, tools in by_scope.items())
        note = f"{note}, all together {len(every)}"
    return check("tools-list", GROUP, subject.ground.sound, note=note)


def _read_only(subject: Subject) -> list[str]:
    """Tools that say of themselves that they change nothing, and that need no argument."""
    tools = (mcp.reply(subject.sound(call.tools_list(subject.url))).get("result") or {}).get("tools")
    return [each["name"] for each in tools if mcp.is_read_only(each)] if isinstance(tools, list) else []


def _tool(name: str, subject: Subject) -> Check:
    trial, asked = f"tool-{name}", call.tools_call(subject.url, name, {})
    sound = subject.sound(asked)
    if not sound.complete or sound.status != 200 or recognition.says_error(sound):
        return Check(trial, GROUP, "inconclusive", note=f"answered {sound.status} to a sound token with no arguments")
    refusals = subject.ground.without, subject.ground.made_up
    answer = _with(subject, [], asked)
    if recognition.of(answer, sound, refusals) is Recognition.ACCEPTED:
        expected = f"expected 403: the token has the scope {LOGIN_ONLY} alone"
        return check(trial, GROUP, answer, found(TOOL_WITHOUT_SCOPE, name, answer, expected))
    return check(trial, GROUP, answer)
