"""``devidp serve``: settings from flags and environment, then the server."""

from __future__ import annotations

import sys
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from devidp.cli.new_file import OutputFile
from devidp.cli.options import (
    CONTROL_TOKEN,
    DATABASE,
    HOST_NAME,
    PUBLIC_URL,
    RESOURCE,
    SECRET,
    WithoutArguments,
    by_flag,
    data_group_option,
    given_together,
    host_option,
    port_option,
    profile_option,
    seed_option,
    setting,
    unknown_variables,
)
from devidp.models.config import Config
from devidp.seed import SeedError
from devidp.server.address import AddressError
from devidp.server.log import say
from devidp.server.ready import ReadyFileError
from devidp.server.start import Settings, start
from devidp.server.tls import TlsError
from devidp.system import replicas
from devidp.system.default_folder import default_data_folder
from devidp.system.files import NO_GROUP, PrivateFileError
from devidp.system.regular_files import expect_appendable

FILE = click.Path(path_type=Path)


@click.command(name="serve", cls=WithoutArguments)
@seed_option()
@setting("--seed-yaml", metavar="YAML", help="The whole seed as text, where there is no file.")
@profile_option()
@host_option()
@port_option()
@setting("--public-url", type=PUBLIC_URL, metavar="URL", help="Base of the issuers as clients see it.")
@setting("--backchannel-url", type=PUBLIC_URL, metavar="URL", help="Second base, for other containers.")
@setting(
    "--allowed-host",
    multiple=True,
    type=HOST_NAME,
    metavar="NAME",
    help="A further name that devidp answers to. Repeatable.",
)
@setting("--tls", is_flag=True, help="Serve https, with a local CA.")
@setting("--tls-cert", type=FILE, metavar="FILE", help="Serve https with this certificate chain, PEM.")
@setting("--tls-key", type=FILE, metavar="FILE", help="The private key of --tls-cert, PEM.")
@setting("--auto-approve", metavar="USER", help="Log this user in and consent at once, without a page.")
@setting(
    "--default-audience",
    type=RESOURCE,
    metavar="AUDIENCE",
    help="What tokens are for when a client names no resource, at every issuer: a URI, or a name.",
)
@setting("--data", type=FILE, metavar="DIR", help="Folder for keys and database. Default: one of this user and port.")
@setting(
    "--database",
    type=DATABASE,
    metavar="URL",
    help="Keep keys and data in this PostgreSQL database, which other replicas may share.",
)
@setting("--secret", type=SECRET, metavar="TEXT", help="Seals the keys in --database. Better as the variable.")
@data_group_option()
@setting("--memory", is_flag=True, help="Keep keys and data in memory; nothing is stored.")
@setting("--workers", default=1, type=click.IntRange(1, 64), metavar="N", help="Worker processes.")
@setting("--no-reload", is_flag=True, help="Do not read the seed file again when it changes.")
@setting("--log-format", default="text", type=click.Choice(["text", "json"]), help="Format of the log on stderr.")
@setting("--ready-file", type=FILE, metavar="FILE", help="JSON file with the URLs of devidp, there while it serves.")
@setting(
    "--control-token", type=CONTROL_TOKEN, metavar="TOKEN", help="Bearer token of the control API for other machines."
)
@setting(
    "--events",
    type=OutputFile(expect_appendable),
    metavar="FILE",
    help="Append each event to this file, as a line of JSON.",
)
@click.pass_context
def command(ctx: click.Context, /, **values: Any) -> None:
    """Start devidp and serve until Ctrl-C or SIGTERM.

    A flag overrides its environment variable. The first line on stdout is
    `devidp VERSION ready: ISSUER`, printed when it really answers.

    \b
    Examples:
      devidp serve --seed seed.yaml
      devidp serve --profile keycloak
      devidp serve --port 0 --memory --ready-file ready.json
      devidp serve --host 0.0.0.0 --public-url https://idp.example.test

    \b
    Exit status: 0 stopped by SIGTERM, 130 by Ctrl-C, 1 it cannot serve,
    2 wrong flags or a wrong seed.
    """
    try:
        settings = _settings(ctx, values)
        for warning in unknown_variables(ctx.command):
            say("warning", warning, settings.config.log_format)
        sys.exit(start(settings))
    except SeedError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except (AddressError, PrivateFileError, ReadyFileError, TlsError) as error:
        raise click.ClickException(str(error)) from error


def _settings(ctx: click.Context, values: dict[str, Any]) -> Settings:
    _expect_possible(values)
    certificate = _certificate(values["tls_cert"], values["tls_key"])
    database = _database(ctx, values)
    data_dir = None if database else _data_dir(ctx, values)
    # the variable, which an image sets, is for a folder if there is one
    if data_dir is None and by_flag(ctx, "data_group"):
        raise click.UsageError(
            "--data-group shares the data folder, and nothing is kept in one: leave it out, or give --data."
        )
    config = Config(
        public_url=values["public_url"] or "",
        backchannel_url=values["backchannel_url"],
        allowed_hosts=values["allowed_host"],
        auto_approve=values["auto_approve"],
        default_audience=values["default_audience"],
        workers=values["workers"],
        reload=not values["no_reload"],
        log_format=values["log_format"],
        control_token=values["control_token"],
        events_file=values["events"] and values["events"].absolute(),
        database=database,
        secret=values["secret"] if database else None,
        data_dir=data_dir,
        data_group=values["data_group"],
        profile=values["profile"],
        **_seed(ctx, values),
    )
    tls = values["tls"] or certificate is not None
    return Settings(config, values["host"], values["port"], values["ready_file"], tls, certificate)


def _certificate(chain: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if chain is not None and key is not None:
        return chain, key
    if chain is not None or key is not None:
        raise click.UsageError("--tls-cert and --tls-key belong together: give both, or --tls alone.")
    return None


def _database(ctx: click.Context, values: dict[str, Any]) -> str | None:
    """The URL of the database that takes the place of a folder; ``None`` where there is none, or a flag is over it."""
    url = values["database"]
    if values["secret"] is not None and url is None:
        raise click.UsageError("--secret (DEVIDP_SECRET) seals what is in --database: give both, or neither.")
    if url is None or (not by_flag(ctx, "database") and any(by_flag(ctx, name) for name in ("data", "memory"))):
        return None
    for name in ("data", "memory"):
        if values[name] and given_together(ctx, name, "database"):
            raise click.UsageError(f"--database keeps all of it, --{name} is for a folder or memory: give one of them.")
    try:
        replicas.expect_secret(url, values["secret"])
        resolve_name("devidp.store.postgres:expect_url")(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"--database needs {error.name}, which is not installed. Install it: pip install 'psycopg[binary,pool]'"
        ) from error
    return str(url)


def _expect_possible(values: dict[str, Any]) -> None:
    """Refuse what the system cannot do."""
    if values["workers"] > 1 and sys.platform == "win32":
        raise click.UsageError(
            f"--workers {values['workers']}: on Windows processes cannot share a socket. Use --workers 1."
        )
    if values["data_group"] and sys.platform == "win32":
        raise click.UsageError(f"--data-group: {NO_GROUP}")


def _data_dir(ctx: click.Context, values: dict[str, Any]) -> Path | None:
    data, memory = values["data"], values["memory"]
    if memory and given_together(ctx, "data", "memory"):
        raise click.UsageError("--memory keeps nothing, --data keeps it in a folder: give one of them.")
    if data is not None and (not memory or by_flag(ctx, "data")):
        return Path(data).absolute()
    if values["port"] and not memory:
        return default_data_folder(values["port"])
    if values["workers"] > 1:
        given = "--memory" if memory else "--port 0 without --data"
        raise click.UsageError(
            f"{given} with --workers {values['workers']}: each worker would have a memory of its own. "
            "Use --data DIR, which all share, or --workers 1."
        )
    return None


def _seed(ctx: click.Context, values: dict[str, Any]) -> dict[str, Any]:
    paths, text = values["seeds"], values["seed_yaml"]
    if paths and text is not None:
        if given_together(ctx, "seeds", "seed_yaml"):
            raise click.UsageError(
                "--seed (DEVIDP_SEED) names a file, --seed-yaml (DEVIDP_SEED_YAML) is one: give one of them."
            )
        paths, text = (paths, None) if by_flag(ctx, "seeds") else ((), text)
    return {"seed_paths": tuple(path.absolute() for path in paths), "seed_text": text}
