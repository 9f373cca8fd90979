"""From settings to a running server."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from devidp.models import Seed
from devidp.models.config import Config, LogFormat
from devidp.server import address, local_ca, tls
from devidp.server.last_seed import LastSeed
from devidp.server.log import say
from devidp.server.ready import prepare, report_ready
from devidp.server.signals import leave_by_signal
from devidp.server.supervisor import Supervisor
from devidp.server.tls import Certificate
from devidp.system.files import PrivateFileError
from devidp.system.hosts import ANY, Hosts
from devidp.web.app import configured_seed

CONTROL_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of ``devidp serve``."""

    host: str = "127.0.0.1"
    port: int = 6749
    """0: a free one."""
    public_url: str | None = None
    """``None``: derived from host and port."""
    backchannel_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    seed_path: Path | None = None
    seed_text: str | None = None
    data_dir: Path | None = None
    """``None``: in memory."""
    auto_approve: str | None = None
    workers: int = 1
    reload: bool = True
    log_format: LogFormat = "text"
    ready_file: Path | None = None
    tls: bool = False
    """Speak https, with a certificate of the local CA unless ``certificate`` is given."""
    certificate: tuple[Path, Path] | None = None
    """A certificate chain and its key."""
    control_token: str | None = None
    """With which the control API may be called from other machines; ``None``: made up where they can reach it."""
    events_file: Path | None = None
    """Where each event is appended as a line of JSON."""


def start(settings: Settings) -> int:
    """Serve until stopped and return the exit status.

    Raises AddressError, PrivateFileError, ReadyFileError, SeedError, TlsError.
    """
    leave_by_signal()
    if settings.ready_file is not None:
        prepare(settings.ready_file)
    with ExitStack() as until_the_end:
        sockets = address.listen(settings.host, settings.port, settings.workers)
        for each in sockets:
            until_the_end.enter_context(each)
        host, port = sockets[0].getsockname()[:2]
        temporary = until_the_end.enter_context(_temporary_folder())
        config = _config(settings, host, port)
        seed = configured_seed(config)
        _warn(settings, config, host, seed)
        certificate = _certificate(settings, config, Path(temporary))
        url = address.local_url(host, port, tls=settings.tls)
        ca_file = certificate.ca_file if certificate else None
        when_up = partial(report_ready, config, url, seed, settings.ready_file, ca_file)
        try:
            last_seed = LastSeed(Path(temporary) / "seed.json", seed)
            return Supervisor(config, sockets, last_seed, when_up, certificate).run()
        finally:
            if settings.ready_file is not None:
                settings.ready_file.unlink(missing_ok=True)


def _temporary_folder() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(prefix="devidp-")
    except OSError as error:
        raise PrivateFileError(
            f"No temporary folder can be written: {error.strerror}. "
            "Free space on the disk, or name a folder in the variable TMPDIR"
        ) from error


def _certificate(settings: Settings, config: Config, temporary: Path) -> Certificate | None:
    if not settings.tls:
        return None
    if settings.certificate is not None:
        return tls.load(*settings.certificate)
    named = (urlsplit(url).hostname for url in (config.public_url, config.backchannel_url) if url)
    return local_ca.issue_certificate((settings.data_dir or temporary) / "tls", [name for name in named if name])


def _config(settings: Settings, host: str, port: int) -> Config:
    made_up = None if address.is_loopback(host) else secrets.token_urlsafe(CONTROL_TOKEN_BYTES)
    return Config(
        public_url=settings.public_url or address.default_public_url(host, port, tls=settings.tls),
        seed_path=settings.seed_path,
        seed_text=settings.seed_text,
        data_dir=settings.data_dir,
        backchannel_url=settings.backchannel_url,
        allowed_hosts=(*settings.allowed_hosts, *(() if address.is_wildcard(host) else (settings.host,))),
        beyond_loopback=not address.is_loopback(host),
        auto_approve=settings.auto_approve,
        reload=settings.reload,
        log_format=settings.log_format,
        workers=settings.workers,
        events_file=settings.events_file,
        control_token=settings.control_token or made_up,
    )


def _warn(settings: Settings, config: Config, host: str, seed: Seed) -> None:
    for warning in seed.warnings:
        say("warning", warning, settings.log_format)
    if not address.is_loopback(host):
        say(
            "warning",
            f"LISTENING BEYOND THIS MACHINE, on {host}: whoever reaches the port can log in as any user of the seed. "
            "devidp is for development; --host 127.0.0.1 keeps it to this machine. "
            f"{_answers_to(config)}",
            settings.log_format,
        )


def _answers_to(config: Config) -> str:
    """Which names the Host check accepts."""
    names = Hosts(config).names
    if ANY in names:
        return "It answers to every name, so pages elsewhere can reach it by DNS rebinding (--allowed-host '*')."
    return (
        f"It answers to IP addresses, to names without a dot, and to: {', '.join(sorted(names))} "
        "(--allowed-host NAME adds one)."
    )
