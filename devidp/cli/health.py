"""``devidp health``: for a container's health check."""

from __future__ import annotations

import sys

import click

from devidp.cli.options import host_option, json_option, port_option, setting
from devidp.cli.remote import chosen_url, show
from devidp.server.address import local_url
from devidp.server.health import LIVE, READY, Health, ask_health
from devidp.system.http_client import unverified
from devidp.system.urls import base_url


@click.command(name="health")
@setting("--url", metavar="URL", help="Base URL to ask. Default: where --host and --port say.")
@setting("--tls", is_flag=True, help="Ask over https; the certificate of this machine is not checked.")
@click.option("--ready", is_flag=True, help="Also that its database answers, so that it can serve.")
@json_option
@host_option()
@port_option(1, "")
def command(url: str | None, tls: bool, ready: bool, host: str, port: int, as_json: bool) -> None:
    """Check that a running devidp is healthy.

    \b
    Examples:
      devidp health
      devidp health --port 8080
      devidp health --url http://idp:6749
      devidp health --ready

    Exit status: 0 it is healthy, 1 it is not, or nothing answers.
    """
    url = chosen_url(url)
    try:
        asked = base_url(url or local_url(host, port, tls=tls))
        health = ask_health(asked, path=READY if ready else LIVE, tls=None if url else unverified(asked))
    except ValueError as error:
        # as a mistake in a flag it would end with 2, which container engines reserve
        health = Health(False, str(error))
    if as_json:
        show({"healthy": health.ok, "detail": health.detail})
    else:
        word = click.style("healthy", fg="green") if health.ok else click.style("unhealthy", fg="red")
        click.echo(f"{word}: {health.detail}", err=not health.ok)
    sys.exit(0 if health.ok else 1)
