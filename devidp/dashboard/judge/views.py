"""``/_devidp/judge``: a probe of a server or a judgement of a client is started, watched and stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import flask
from flask import Blueprint, current_app, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.judge import fields, judging, probing
from devidp.dashboard.judge.fields import Field
from devidp.dashboard.judge.runs import Run, Runs
from devidp.report import Report, page
from devidp.system import http_client
from devidp.system.hosts import near
from devidp.system.urls import url_of
from devidp.web.api_client import ApiClient, ApiError
from devidp.web.control.errors import ControlError

blueprint = Blueprint("judge", __name__, url_prefix="/judge")
LATEST = 30
"""Findings that are listed while it runs."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    made = state.app.extensions["runs"] = Runs()
    state.app.extensions["devidp"].before_close(made.close)


@blueprint.get("")
def index() -> Response:
    """What runs, what can be started, and what was."""
    again = flask.request.args.get("again")
    run = runs().find(again) if again else None
    return _index({run.kind: run.typed} if run else {})


@blueprint.post("/probe")
def probe() -> Response:
    """Start a probe."""
    typed, api = _typed((fields.TARGET, fields.CHANGES, *probing.FIELDS)), _api()

    def prepared() -> tuple[Run, Callable[[Run], Report]]:
        wanted = probing.wanted(typed, api)
        words = fields.words(probing.FIELDS, probing.explicit(typed))
        command = calls.command("probe", wanted.url, *words)
        run = Run("probe", "resource server", wanted.url, _kept(typed), command)
        return run, lambda run: wanted.carry_out(run, api)

    return _started("probe", typed, api, prepared)


@blueprint.post("/client")
def client() -> Response:
    """Start a judgement."""
    typed, api = _typed(judging.FIELDS), _api()

    def prepared() -> tuple[Run, Callable[[Run], Report]]:
        wish = judging.wanted(typed, api)
        command = calls.elsewhere("judge", "--url", shell.origin(), *fields.words(judging.FIELDS, typed))
        run = Run("client", "client", "a client that is started by hand", typed, command)
        return run, lambda run: judging.carry_out(wish, run, api)

    return _started("client", typed, api, prepared)


@blueprint.get("/runs/<run_id>")
def show(run_id: str) -> Response:
    """How far it is, and what was found so far."""
    run = runs().find(run_id)
    found = [finding for check in [*run.checks] for finding in check.findings]
    latest = found[::-1][:LATEST]
    return shell.render("dashboard/judge/run.html", run=run, count=len(found), latest=latest, inline=page.inline)


@blueprint.post("/runs/<run_id>/stop")
def stop(run_id: str) -> Response:
    """Let it end as soon as it can, and take back what it has changed."""
    run = runs().find(run_id)
    run.stop.set()
    forms.notice("It ends as soon as it has taken back what it has changed.")
    return flask.redirect(url_for(".show", run_id=run_id), 303)


def runs() -> Runs:
    """Those of this devidp."""
    found: Runs = current_app.extensions["runs"]
    return found


def _started(
    kind: str, typed: Mapping[str, str], api: ApiClient, prepared: Callable[[], tuple[Run, Callable[[Run], Report]]]
) -> Response:
    try:
        if _is_shared():
            raise ControlError(
                "a run is in one process, and this devidp has several, or shares its database: start it by the command"
            )
        run, work = prepared()
        runs().start(run, work, api, shell.runtime().first().url)
    except (ControlError, ApiError, ValueError) as error:
        return _index({kind: typed}, kind, str(error), 400)
    return flask.redirect(url_for(".show", run_id=run.id), 303)


def _index(
    typed: Mapping[str, Mapping[str, str]], failed: str = "", problem: str = "", status: int = 200
) -> flask.Response:
    values = {kind: typed.get(kind, {}) for kind in ("probe", "client")}
    runtime = shell.runtime()
    return shell.render(
        "dashboard/judge/index.html",
        status,
        typed=values,
        filled={kind: [name for name, value in each.items() if value] for kind, each in values.items()},
        failed=failed,
        problem=problem,
        current=runs().current,
        ended=[each for each in runs() if each.state != "running"],
        fields=fields,
        is_shared=_is_shared(),
        picks={
            "issuer": [each.name for each in runtime.issuers],
            "user": [*runtime.first().settings.users][:50],
            "client": [*runtime.first().settings.clients][:50],
        },
        commands={
            "probe": calls.command("probe", "URL"),
            "client": calls.elsewhere("judge", "--url", shell.origin(), "--client", "COMMAND"),
        },
    )


def _typed(known: Iterable[Field]) -> dict[str, str]:
    return {each.name: flask.request.form.get(each.name, "") for each in known}


def _kept(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if name != fields.SECRET}


def _is_shared() -> bool:
    """Whether the next request may come to another process, which knows nothing of a run in this one."""
    config = shell.runtime().config
    return config.workers > 1 or config.database is not None


def _api() -> ApiClient:
    """The control API of this devidp, where this machine reaches it: the run calls it as any program would."""
    environ = flask.request.environ
    url = url_of(environ["wsgi.url_scheme"], near(environ["SERVER_NAME"]), int(environ["SERVER_PORT"]))
    return ApiClient(url, shell.runtime().config.control_token, tls=http_client.unverified(url))
