"""``devidp keys``: the signing keys of a running devidp."""

from __future__ import annotations

import click

from devidp.cli.remote import Remote, controls

ACTIONS = ("list", "rotate", "retire", "hide", "publish", "renew")


@click.command(name="keys")
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("kid", required=False)
@click.option("--issuer", metavar="NAME", help="Name or URL of the issuer; the first one by default.")
@click.option("--no-overlap", is_flag=True, help="Rotate so that the old key leaves the JWK Set at once.")
@click.option("--unpublished", is_flag=True, help="Rotate so that the new key is not in the JWK Set yet.")
@controls
def command(
    remote: Remote, action: str, kid: str | None, issuer: str | None, no_overlap: bool, unpublished: bool
) -> None:
    """List the keys of an issuer, or rotate, retire, hide, publish or renew them.

    \b
    Examples:
      devidp keys
      devidp keys rotate
      devidp keys rotate --unpublished
      devidp keys publish KID
    """
    if action == "list":
        answer = remote.get("/keys", issuer=issuer)
    else:
        answer = remote.post(
            "/keys", action=action, kid=kid, issuer=issuer, overlap=not no_overlap, publish=not unpublished
        )
    for key in answer["keys"]:
        published = "in the JWK Set" if key["published"] else "not in the JWK Set"
        click.echo(f"{key['kid']}  {key['algorithm']}  {key['state']:<9}  {published}")
