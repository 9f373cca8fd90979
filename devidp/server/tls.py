"""The certificate of the server."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path
from pkgutil import resolve_name
from typing import NamedTuple
from urllib.parse import urlsplit

from devidp.system.regular_files import expect_regular


class TlsError(Exception):
    """A certificate that cannot be used, and what to do about it."""


class Certificate(NamedTuple):
    """Certificate chain and private key, both PEM."""

    chain: Path
    key: Path
    ca_file: Path | None = None
    """The CA file that clients have to trust; ``None``: they know the CA already."""


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """For the server of this process; raises ssl.SSLError and OSError where the files cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key, password="")
    return context


def issue(folder: Path, urls: Iterable[str | None], hosts: Iterable[str] = (), *, group: bool = False) -> Certificate:
    """By the local CA in ``folder``, for this machine, the hosts of ``urls`` and ``hosts``.

    Raises PrivateFileError, TlsError.
    """
    names = (*(urlsplit(url).hostname for url in urls if url), *sorted(hosts))
    # trustme loads cryptography, and most starts need neither
    issue_certificate = resolve_name("devidp.server.local_ca:issue_certificate")
    issued: Certificate = issue_certificate(folder, [name for name in names if name], group=group)
    return issued


def load(chain: Path, key: Path) -> Certificate:
    """A certificate of one's own; raises TlsError where it and its key do not match."""
    for flag, path in (("--tls-cert", chain), ("--tls-key", key)):
        try:
            expect_regular(path)
        except OSError as error:
            raise TlsError(f"{flag} {path} cannot be read: {error.strerror}. Name a PEM file.") from error
    certificate = Certificate(chain.absolute(), key.absolute())
    try:
        server_context(certificate)
    except (ssl.SSLError, OSError) as error:
        raise TlsError(
            f"--tls-cert {chain} and --tls-key {key} cannot be used: {error}. "
            "Give a PEM chain, the server's own certificate first, and its key without a password."
        ) from error
    return certificate
