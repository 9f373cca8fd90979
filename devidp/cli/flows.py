"""``devidp flows``: the attempts of clients at a running devidp, and why one failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from devidp.cli import completion
from devidp.cli.events import event_of
from devidp.cli.options import json_option
from devidp.cli.remote import Remote, controls, show
from devidp.dashboard.flows import document
from devidp.dashboard.flows.diagram import Row, diagram
from devidp.dashboard.flows.rows import of_flow
from devidp.dashboard.flows.search import Search
from devidp.dashboard.flows.trace import OUTCOMES, Flow, find, trace
from devidp.oauth import difference
from devidp.oauth.errors import quoted
from devidp.web.pages.text import visible

COLORS = {"succeeded": "green", "faulty": "yellow", "refused": "red", "waiting": "blue", "stopped": "yellow"}
WIDTH = max(map(len, OUTCOMES))


@click.command(name="flows")
@click.argument("id_", metavar="[ID]", required=False)
@click.option(
    "--client",
    default="",
    metavar="TEXT",
    shell_complete=completion.clients,
    help="Only with this in the id or name of the client.",
)
@click.option(
    "--user",
    default="",
    metavar="TEXT",
    shell_complete=completion.users,
    help="Only with this in the name of the user.",
)
@click.option(
    "--outcome",
    default="",
    type=click.Choice(["", *OUTCOMES]),
    metavar="|".join(OUTCOMES),
    help="Only with this outcome.",
)
@click.option("--text", default="", metavar="TEXT", help="Only with this anywhere in what came.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="How many to list."
)
@json_option
@controls
def command(remote: Remote, id_: str | None, limit: int, as_json: bool, **wanted: str) -> None:
    """List the attempts of clients, the newest last, or explain one: what came, what never came, and why.

    ID is that of a flow, or of a single request.

    \b
    Examples:
      devidp flows --outcome refused
      devidp flows G9dYT81v
    """
    if id_ is not None and any(wanted.values()):
        raise click.UsageError(f"got the flow {id_!r} and options that search for others; give one of them")
    now = remote.get("/clock")["now"]
    flows = trace([event_of(each) for each in remote.get("/events")["events"]], now)
    chosen = Search(**wanted).flows(flows)[::-1] if id_ is None else [_found(id_, flows)]
    if as_json:
        show(document.of_flows(chosen, remote.get("/public-url")["url"]))
        return
    for line in _listed(chosen, now, limit) if id_ is None else _explained(chosen[0], now):
        # a name may hold line breaks
        click.echo(line.replace("\n", " "))


def _found(wanted: str, flows: Sequence[Flow]) -> Flow:
    flow = find(flows, wanted)
    if flow is None:
        raise click.ClickException(f"devidp keeps no flow and no request {quoted(wanted)}; `devidp flows` lists them")
    return flow


def _listed(flows: Sequence[Flow], now: float, limit: int) -> Iterator[str]:
    if len(flows) > limit:
        yield f"… and {len(flows) - limit} earlier; --limit shows them"
    for flow in flows[-limit:]:
        yield f"{flow.id}  {_headline(flow, now)}"
        yield f"    {visible(flow.status)}"


def _headline(flow: Flow, now: float) -> str:
    """When, what became of it, whose, and for what."""
    row = of_flow(flow, now)
    outcome = click.style(f"{flow.outcome:<{WIDTH}}", fg=COLORS[flow.outcome])
    facts = (row.time, outcome, row.client or "no client", row.user, row.wanted, f"({row.took})")
    return "  ".join(filter(None, facts))


def _explained(flow: Flow, now: float) -> Iterator[str]:
    yield _headline(flow, now)
    yield from _reason(flow)
    yield ""
    drawn = diagram(flow)
    if drawn.page.first_shown > 1:
        yield f"… and {drawn.page.first_shown - 1} earlier"
    for row in drawn.rows:
        yield from _steps(row)
    if drawn.absent is not None:
        when = "not yet" if flow.outcome == "waiting" else "never"
        yield click.style(f"{when:>12}  {drawn.absent.way}: {drawn.absent.text}", fg=COLORS[flow.outcome])


def _reason(flow: Flow) -> Iterator[str]:
    """Why, by which section, and what to do."""
    yield visible(flow.status)
    event = flow.decisive.event
    if event.error:
        yield from difference.lines(event.got, event.expected)
        if event.remedy:
            yield f"What to change: {visible(event.remedy)}"
        if event.section:
            yield f"See {event.section}"
    elif flow.missing is not None:
        yield from (f"  - {cause.replace('`', '')}" for cause in flow.missing.causes)
        yield f"What to do: {flow.missing.remedy.replace('`', '')}"


def _steps(row: Row) -> Iterator[str]:
    after = f"{row.after:>12}  "
    if row.mark:
        yield f"{after}{row.mark}: {visible(row.event.asked.get('path', ''))}"
    for place, each in enumerate(row.messages):
        line = f"{'' if place else after:14}{each.way}: {visible(each.text)}"
        line += " (probably of this flow)" if row.probably and not place else ""
        yield click.style(line, fg="red") if each.refused else line
