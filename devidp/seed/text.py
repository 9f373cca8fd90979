"""The text of a seed file: read within bounds, decoded, and free of what cannot be YAML."""

from __future__ import annotations

import os
import re
from pathlib import Path

from devidp.oauth.suggestion import nearest
from devidp.seed.problems import Problem, SeedError
from devidp.system.regular_files import open_regular

MAX_BYTES = 4 * 1024 * 1024

# three small sets: one of all that is allowed would take 4 ms to compile
_NOT_YAML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]|[\ufffe\uffff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path) -> str:
    """The text of the file at ``path``; raises SeedError where it cannot be read or is no text."""
    return decode(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """The content of the file at ``path``, whatever it is; raises SeedError where there is none."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        message = str(error.strerror) if path.is_symlink() else f"there is no such file{_near(path)}"
    except IsADirectoryError:
        message = "this is a directory; name the seed file inside it"
    except PermissionError:
        message = "this file may not be read; check its owner and mode, or name another one"
    except (OSError, ValueError) as error:
        message = f"this file cannot be read: {getattr(error, 'strerror', None) or error}"
    raise SeedError([Problem(str(path), None, "", message)]) from None


def _near(path: Path) -> str:
    try:
        others = [other.name for other in path.parent.iterdir() if other.suffix in (".yaml", ".yml", ".json")]
    except OSError:
        return ""
    found = nearest(path.name, others)
    return f"; did you mean {str(path.with_name(found))!r}?" if found else ""


def decode(data: bytes, file: str) -> str:
    """``data`` as text; raises SeedError for what is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise SeedError([Problem(file, None, "", f"got more than {MAX_BYTES // 2**20} MiB; a seed is smaller")])
    if data.startswith(_UTF16):
        raise SeedError([Problem(file, None, "", "this is UTF-16; save it as UTF-8")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8; this is a binary file, or save it as UTF-8"
        raise SeedError([Problem(file, line, "", message)]) from None
    check(text, file)
    return text


def check(text: str, file: str) -> None:
    """Raises SeedError where ``text`` is too large or holds a control character."""
    if len(text) > MAX_BYTES:
        raise SeedError(
            [Problem(file, None, "", f"got more than {MAX_BYTES // 2**20} Mi characters; a seed is smaller")]
        )
    if found := forbidden(text):
        line = text.count("\n", 0, found.start()) + 1
        message = f"the character U+{ord(found.group()):04X} is not allowed; this is a binary file, or remove it"
        raise SeedError([Problem(file, line, "", message)])


def forbidden(text: str) -> re.Match[str] | None:
    """The first character that no YAML may hold."""
    return _NOT_YAML.search(text)
