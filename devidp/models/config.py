"""What a running devidp is configured with, apart from its seed."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

LogFormat = Literal["text", "json"]


def is_path(profile: str) -> bool:
    """Whether ``profile`` is a file of one's own, and not the name of one that comes with devidp."""
    return "/" in profile or "\\" in profile or profile.endswith((".yaml", ".yml"))


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that an application needs to be created; picklable, for worker processes."""

    public_url: str
    """Base of every issuer as clients see it, without a trailing slash: ``http://localhost:6749``."""
    seed_paths: tuple[Path, ...] = ()
    """The seed files, each laid over those before it; none, and no ``seed_text``, means the shipped seed."""
    seed_text: str | None = None
    """The whole seed as YAML; wins over ``seed_paths``."""
    seed_in_program: bool = False
    """Whether a program made the seed of mappings, or of several kinds of parts: neither files nor a text say it."""
    profile: str | None = None
    """What the issuers of the seed start from that name no profile; without a seed, the profile with its example."""
    data_dir: Path | None = None
    """Folder of keys and database; ``None`` keeps both in memory."""
    data_group: bool = False
    """Whether the group of the folder, where there is one, may read and write in it."""
    owns_data: bool = True
    """Whether the folder becomes this process's own; not in a worker, whose parent owns it, and not to read keys."""
    database: str | None = field(default=None, repr=False)
    """URL of a PostgreSQL database, ``postgresql://…``, which replicas share; wins over ``data_dir``."""
    secret: str | None = field(default=None, repr=False)
    """What keys and overrides in ``database`` are sealed with, the same for every replica."""
    backchannel_url: str | None = None
    """Second base under which servers (not browsers) reach the issuers: other containers, for instance."""
    allowed_hosts: tuple[str, ...] = ()
    """Names by which devidp may be called beside those of its URLs; ``*`` for any."""
    beyond_loopback: bool = False
    """Whether it listens for other machines, too."""
    auto_approve: str | None = None
    """User who is logged in and consents without a page, at every issuer."""
    default_audience: str | None = None
    """The resource that tokens are for where a client names none, at every issuer, in place of the seed's."""
    reload: bool = True
    """Read the seed again when its files change."""
    log_format: LogFormat = "text"
    workers: int = 1
    """Processes that serve; more than one share their events in the data folder."""
    events_file: Path | None = None
    """Where each event is appended as a line of JSON."""
    control_token: str | None = field(default=None, repr=False)
    """Bearer token with which the control API may be called from elsewhere; ``None``: only from this machine."""
    run: str = field(default_factory=secrets.token_hex)
    """Identifies this run of devidp on a data folder: changes made at run time end with it."""

    @property
    def shows_secrets(self) -> bool:
        """Whether the secrets of the seed are those of devidp itself, which are public and may be printed."""
        own_profile = self.profile is not None and is_path(self.profile)
        return not (self.seed_paths or self.seed_text or own_profile)

    @property
    def is_durable(self) -> bool:
        """Whether what is kept outlasts the process, and can be read by others."""
        return self.data_dir is not None or self.database is not None
