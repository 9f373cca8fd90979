"""The certificate that devidp shows over https."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path


class TlsError(Exception):
    """A certificate that cannot be used, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server shows, and where its private key is, both PEM."""

    chain: Path
    key: Path
    authority: Path | None = None
    """What clients have to trust; ``None``: they know by themselves."""


def given(chain: Path, key: Path) -> Certificate:
    """The certificate of somebody else; raises TlsError where it and its key do not fit."""
    for flag, path in (("--tls-cert", chain), ("--tls-key", key)):
        if not path.is_file():
            raise TlsError(f"{flag} {path}: there is no such file.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, password="")
    except (ssl.SSLError, OSError) as error:
        raise TlsError(
            f"--tls-cert {chain} and --tls-key {key} cannot be used: {error}. "
            "Give a PEM chain, the server's own certificate first, and its key without a password."
        ) from error
    return Certificate(chain.absolute(), key.absolute())
