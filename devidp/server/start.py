"""From settings to a running server."""

from __future__ import annotations

import multiprocessing
import secrets
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from devidp.models import Seed
from devidp.models.addresses import seed_names
from devidp.models.config import Config
from devidp.server import address, tls
from devidp.server.last_seed import LastSeed
from devidp.server.log import say
from devidp.server.ready import prepare, report_ready
from devidp.server.seed_reader import read_seed
from devidp.server.signals import leave_by_signal
from devidp.server.supervisor import Supervisor, import_worker
from devidp.server.tls import Certificate
from devidp.system import replicas
from devidp.system.data_folder import owner
from devidp.system.files import PrivateFileError
from devidp.system.hosts import ANY, Hosts

CONTROL_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of ``devidp serve``."""

    config: Config
    """``public_url`` empty: derived from host and port; ``control_token`` of ``None``: made up where it is needed."""
    host: str = "127.0.0.1"
    port: int = 6749
    """0: a free one."""
    ready_file: Path | None = None
    tls: bool = False
    """Serve https, with a certificate of the local CA unless ``certificate`` is given."""
    certificate: tuple[Path, Path] | None = None
    """A certificate chain and its key."""


def start(settings: Settings) -> int:
    """Serve until stopped and return the exit status.

    Raises AddressError, PrivateFileError, ReadyFileError, SeedError, TlsError.
    """
    leave_by_signal()
    _fork_where_it_is_safe()
    with ExitStack() as until_the_end:
        sockets = address.listen(settings.host, settings.port, settings.config.workers)
        for each in sockets:
            until_the_end.enter_context(each)
        if settings.ready_file is not None:  # who is refused the port leaves the file of the devidp that has it
            prepare(settings.ready_file)
        host, port = sockets[0].getsockname()[:2]
        temporary = until_the_end.enter_context(_temporary_folder())
        config = _complete(settings, host, port)
        seed, files = read_seed(config)
        given = tls.load(*settings.certificate) if settings.certificate else None
        _warn(config, host, seed)
        if config.data_dir is not None:
            until_the_end.enter_context(owner(config.data_dir, config.public_url, group=config.data_group))
            config = replace(config, owns_data=False)  # the workers' is ours
        if config.workers > 1:
            import_worker()
        certificate = given or _issue(settings, config, seed, Path(temporary))
        url = address.local_url(host, port, tls=settings.tls)
        ca_file = certificate.ca_file if certificate else None
        when_up = partial(report_ready, config, url, seed, settings.ready_file, ca_file)
        try:
            last_seed = LastSeed(Path(temporary) / "seed.json", seed, files)
            return Supervisor(config, sockets, last_seed, when_up, certificate).run()
        finally:
            if settings.ready_file is not None:
                settings.ready_file.unlink(missing_ok=True)


def _fork_where_it_is_safe() -> None:
    """Python 3.14 would start an interpreter for each process, which imports again what is here already."""
    if sys.platform == "linux" and multiprocessing.get_start_method(allow_none=True) is None:
        multiprocessing.set_start_method("fork")


def _temporary_folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="devidp-")
    except OSError as error:
        raise PrivateFileError(
            f"No temporary folder can be written: {error.strerror}. "
            "Free space on the disk, or name a folder in the variable TMPDIR"
        ) from error


def _issue(settings: Settings, config: Config, seed: Seed, temporary: Path) -> Certificate | None:
    """A certificate of the local CA, where one is asked for."""
    if not settings.tls:
        return None
    urls = (config.public_url, config.backchannel_url)
    return tls.issue((config.data_dir or temporary) / "tls", urls, _names(config, seed), group=config.data_group)


def _names(config: Config, seed: Seed) -> list[str]:
    """What else devidp is called by, as far as a certificate can name it."""
    # no certificate can name what is no name of DNS, and a Host header can
    allowed = (name for name in config.allowed_hosts if name != ANY and "_" not in name)
    return [*seed_names(seed), *allowed]


def _complete(settings: Settings, host: str, port: int) -> Config:
    config, beyond_loopback = settings.config, not address.is_loopback(host)
    made_up = _control_token(config) if beyond_loopback else None
    return replace(
        config,
        public_url=config.public_url or address.default_public_url(host, port, tls=settings.tls),
        allowed_hosts=(*config.allowed_hosts, *(() if address.is_wildcard(host) else (settings.host,))),
        beyond_loopback=beyond_loopback,
        control_token=config.control_token or made_up,
    )


def _control_token(config: Config) -> str:
    """One that nobody can guess; that of the other replicas where there are some."""
    if config.database is not None and config.secret is not None:
        return replicas.control_token(config.secret)
    return secrets.token_urlsafe(CONTROL_TOKEN_BYTES)


def _warn(config: Config, host: str, seed: Seed) -> None:
    for warning in seed.warnings:
        say("warning", warning, config.log_format)
    if config.beyond_loopback:
        say(
            "warning",
            f"LISTENING BEYOND THIS MACHINE, on {host}: whoever reaches the port can log in as any user of the seed. "
            "devidp is for development; --host 127.0.0.1 keeps it to this machine. "
            f"{_answers_to(config, seed)}",
            config.log_format,
        )


def _answers_to(config: Config, seed: Seed) -> str:
    """Which names the Host check accepts."""
    names = Hosts(config, seed_names(seed)).names
    if ANY in names:
        return "It answers to every name, so pages elsewhere can reach it by DNS rebinding (--allowed-host '*')."
    return (
        f"It answers to IP addresses, to names without a dot, and to: {', '.join(sorted(names))} "
        "(--allowed-host NAME adds one)."
    )
