"""The certificate of the server."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path


class TlsError(Exception):
    """A certificate that cannot be used, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Certificate chain and private key, both PEM."""

    chain: Path
    key: Path
    ca_file: Path | None = None
    """The CA file that clients have to trust; ``None``: they know the CA already."""


def load(chain: Path, key: Path) -> Certificate:
    """A certificate of one's own; raises TlsError where it and its key do not match."""
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
