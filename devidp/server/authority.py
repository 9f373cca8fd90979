"""A certificate authority of one's own, which is kept, and a certificate of it for each start.

Apart from the rest of TLS: who serves plain http need not load it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import trustme

from devidp.server.tls import Certificate, TlsError
from devidp.system.files import PrivateFileError, private_folder, read_private, write_private

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def made(folder: Path, names: Iterable[str]) -> Certificate:
    """A certificate for ``names`` and this machine, of the authority in ``folder``; raises PrivateFileError."""
    private_folder(folder)
    authority, authority_key = folder / "ca.pem", folder / "ca-key.pem"
    certificate, key = _read_certificate(authority), read_private(authority_key)
    try:
        issuing = trustme.CA.from_pem(certificate.encode(), key.encode()) if certificate and key else trustme.CA()
    except ValueError as error:
        raise TlsError(f"{authority} or {authority_key} is damaged ({error}). Delete both: others are made") from error
    if not (certificate and key):
        write_private(authority_key, issuing.private_key_pem.bytes().decode())
        write_private(authority, issuing.cert_pem.bytes().decode())
    server = issuing.issue_cert(*dict.fromkeys((*LOCAL_NAMES, *names)), common_name="devidp")
    found = Certificate(folder / "server.pem", folder / "server-key.pem", authority)
    write_private(found.chain, "".join(part.bytes().decode() for part in server.cert_chain_pems))
    write_private(found.key, server.private_key_pem.bytes().decode())
    return found


def _read_certificate(path: Path) -> str | None:
    """A certificate is there to be given to others, whatever its mode; raises PrivateFileError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise PrivateFileError(f"{path} cannot be read: {error}") from error
