"""The URL of a PostgreSQL, as ``--database`` takes it."""

from __future__ import annotations

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict

from devidp.system import replicas

WRITABLE = ("read-write", "primary")
"""What ``target_session_attrs`` may be: nothing is read from a server that does not know the latest."""


def expect_url(url: str) -> str:
    """``url``, where libpq understands it, and it asks for no standby; raises ValueError, without the password."""
    try:
        session = conninfo_to_dict(replicas.database_url(url)).get("target_session_attrs", WRITABLE[0])
    except psycopg.ProgrammingError as error:
        said = str(error).strip()
        cause = said if said.startswith("invalid URI query parameter") else re.sub('"[^"]*"', "…", said)
        raise ValueError(
            f"got {replicas.shown(url)!r}, expected a database such as postgresql://devidp@db.example/devidp: {cause}. "
            "Percent-encode what is special in a URL, % as %25"
        ) from None
    if session not in WRITABLE:
        raise ValueError(
            f"got target_session_attrs={session} in {replicas.shown(url)!r}, expected {' or '.join(WRITABLE)}: devidp "
            f"writes. Leave it out, and of several hosts the one is taken that can be written to"
        )
    return url
