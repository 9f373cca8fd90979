"""The configuration of an application that is created without one: the ``DEVIDP_…`` variables.

For ``flask run`` and other WSGI servers, which know only how to call ``create_app``; ``devidp serve`` reads the same
variables, and more, as its flags.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from devidp.models.config import Config
from devidp.oauth import resource
from devidp.seed import profile
from devidp.system import replicas
from devidp.system.control_token import control_token
from devidp.system.default_folder import default_data_folder
from devidp.system.hosts import host_name
from devidp.system.urls import port_of, public_base

PREFIX = "DEVIDP_"
SERVER_VARIABLES = ("HOST", "PORT", "WORKERS", "TLS", "TLS_CERT", "TLS_KEY", "READY_FILE")
"""What another server decides by flags of its own."""


def config_from(environ: Mapping[str, str]) -> Config:
    """The configuration that ``environ`` describes; raises ValueError, which names the variable and what to change."""
    settings = {
        name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX) and value
    }
    for name in settings:
        if name in SERVER_VARIABLES:
            raise ValueError(f"{PREFIX}{name} is for `devidp serve`: this server has a setting of its own for it")
        if name not in _READERS and name not in ("DATA", "MEMORY"):
            known = ", ".join(f"{PREFIX}{each}" for each in (*_READERS, "DATA", "MEMORY"))
            raise ValueError(f"{PREFIX}{name} means nothing to devidp; there are: {known}")
    values: dict[str, Any] = {"public_url": "http://localhost:5000"}
    for name, (field, read) in _READERS.items():
        if name in settings:
            try:
                values[field] = read(settings[name])
            except ValueError as error:
                raise ValueError(f"{PREFIX}{name}: {error}") from None
    return Config(**values, data_dir=_data_folder(settings, values["public_url"]))


def _data_folder(settings: Mapping[str, str], public_url: str) -> Path | None:
    if "SECRET" in settings and "DATABASE" not in settings:
        raise ValueError(f"{PREFIX}SECRET seals what is in {PREFIX}DATABASE: set both, or neither")
    if "DATABASE" in settings:
        for name in ("DATA", "MEMORY"):
            if name in settings:
                raise ValueError(f"{PREFIX}DATABASE keeps all of it, {PREFIX}{name} is for a folder: set one of them")
        replicas.expect_secret(settings["DATABASE"], settings.get("SECRET"))
        return None
    if "MEMORY" in settings and _flag(settings["MEMORY"]):
        if "DATA" in settings:
            raise ValueError(f"{PREFIX}MEMORY keeps nothing, {PREFIX}DATA keeps it in a folder: set one of them")
        return None
    return Path(settings["DATA"]).absolute() if "DATA" in settings else default_data_folder(port_of(public_url))


def _flag(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in values:
        raise ValueError(f"got {text!r}, expected one of: {' '.join(values)}")
    return values[text.lower()]


def _log_format(text: str) -> str:
    if text not in ("text", "json"):
        raise ValueError(f"got {text!r}, expected text or json")
    return text


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "PUBLIC_URL": ("public_url", public_base),
    "BACKCHANNEL_URL": ("backchannel_url", public_base),
    "DATABASE": ("database", replicas.database_url),
    "SECRET": ("secret", replicas.secret),
    "DATA_GROUP": ("data_group", _flag),
    "SEED": ("seed_paths", lambda text: tuple(Path(each).absolute() for each in text.split(os.pathsep))),
    "SEED_YAML": ("seed_text", str),
    "PROFILE": ("profile", profile.checked),
    "ALLOWED_HOST": ("allowed_hosts", lambda text: tuple(map(host_name, text.split()))),
    "AUTO_APPROVE": ("auto_approve", str),
    "DEFAULT_AUDIENCE": ("default_audience", resource.checked),
    "NO_RELOAD": ("reload", lambda text: not _flag(text)),
    "LOG_FORMAT": ("log_format", _log_format),
    "EVENTS": ("events_file", lambda text: Path(text).absolute()),
    "CONTROL_TOKEN": ("control_token", control_token),
}
"""The field of ``Config`` behind each variable, and how its text is read."""
