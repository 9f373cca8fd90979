"""The local CA: kept in the data folder, with a new server certificate for each start."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import trustme

from devidp.server.tls import Certificate, TlsError
from devidp.system.files import PrivateFileError, private_folder, read_private, write_private

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def issue_certificate(folder: Path, names: Iterable[str]) -> Certificate:
    """A certificate for ``names`` and this machine, by the CA in ``folder``; raises PrivateFileError, TlsError."""
    private_folder(folder)
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca-key.pem"
    certificate, key = _read_certificate(ca_file), read_private(ca_key_file)
    try:
        ca = trustme.CA.from_pem(certificate.encode(), key.encode()) if certificate and key else trustme.CA()
    except ValueError as error:
        raise TlsError(
            f"{ca_file} or {ca_key_file} is damaged ({error}). Delete both, and new ones are made"
        ) from error
    if not (certificate and key):
        write_private(ca_key_file, ca.private_key_pem.bytes().decode())
        write_private(ca_file, ca.cert_pem.bytes().decode())
    server = ca.issue_cert(*dict.fromkeys((*LOCAL_NAMES, *names)), common_name="devidp")
    found = Certificate(folder / "server.pem", folder / "server-key.pem", ca_file)
    write_private(found.chain, "".join(part.bytes().decode() for part in server.cert_chain_pems))
    write_private(found.key, server.private_key_pem.bytes().decode())
    return found


def _read_certificate(path: Path) -> str | None:
    """A certificate is meant to be shared, so any mode will do; raises PrivateFileError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise PrivateFileError(f"{path} cannot be read: {error}") from error
