"""The local CA: kept in the data folder, with a new server certificate for each start."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import trustme

from devidp.server.tls import Certificate, TlsError
from devidp.system.files import PrivateFileError, private_folder, read_private, write_private
from devidp.system.regular_files import open_regular

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def issue_certificate(folder: Path, names: Iterable[str], *, group: bool = False) -> Certificate:
    """A certificate for ``names`` and this machine, by the CA in ``folder``; raises PrivateFileError, TlsError."""
    private_folder(folder, group=group)
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca-key.pem"
    certificate, key = _read_certificate(ca_file), read_private(ca_key_file, group=group)
    try:
        ca = trustme.CA.from_pem(certificate.encode(), key.encode()) if certificate and key else trustme.CA()
    except ValueError as error:
        raise TlsError(
            f"{ca_file} or {ca_key_file} is damaged ({error}). Delete both, and new ones are made"
        ) from error
    if not (certificate and key):
        write_private(ca_key_file, ca.private_key_pem.bytes().decode(), group=group)
        write_private(ca_file, ca.cert_pem.bytes().decode(), group=group)
    wanted = tuple(dict.fromkeys((*LOCAL_NAMES, *names)))
    try:
        server = ca.issue_cert(*wanted, common_name="devidp")
    except ValueError as error:
        raise TlsError(
            f"No certificate can be for {', '.join(wanted)}: {error}. Expected names of letters, digits and hyphens"
        ) from error
    found = Certificate(folder / "server.pem", folder / "server-key.pem", ca_file)
    write_private(found.chain, "".join(part.bytes().decode() for part in server.cert_chain_pems), group=group)
    write_private(found.key, server.private_key_pem.bytes().decode(), group=group)
    return found


def _read_certificate(path: Path) -> str | None:
    """A certificate is meant to be shared, so any mode will do; raises PrivateFileError."""
    try:
        with os.fdopen(open_regular(path), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise PrivateFileError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
