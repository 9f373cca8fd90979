"""Answers as they go over the wire (RFC 9112 section 4)."""

from __future__ import annotations

from devidp.messages import status_line

Fields = list[tuple[str, str]]
LAST_CHUNK = b"0\r\n\r\n"


class UnsafeHeaderError(Exception):
    """A header would end its line, and begin another."""


def head(status: int, fields: Fields, *added: str) -> bytes:
    """Everything before the body; ``added`` are whole header lines. Raises UnsafeHeaderError."""
    lines = [f"HTTP/1.1 {status_line(status)}", *[f"{name}: {value}" for name, value in fields], *added, "\r\n"]
    text = "\r\n".join(lines)
    ends = len(lines)
    if text.count("\n") != ends or text.count("\r") != ends or "\0" in text or not text.isascii():
        raise UnsafeHeaderError(f"a header of {fields} is more than a line of ASCII")
    return text.encode()


def chunk(piece: bytes) -> bytes:
    """A part of a body whose length is not known (RFC 9112 section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def names(fields: Fields, name: str) -> bool:
    """Whether a header is among ``fields``."""
    return any(each.lower() == name for each, _ in fields)
