"""Values that the seed keeps in files of their own: secrets, passwords and private keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from devidp.seed.fields import text
from devidp.seed.problems import Refused, SeedError
from devidp.seed.references import references
from devidp.seed.text import read
from devidp.seed.values import Table

ENDING = "_file"
"""Of the keys that name a file, each after the key whose value the file has."""


def names_file(key: str) -> bool:
    return key.endswith(ENDING)


def beside_the_seed(entry: object) -> object:
    """``entry`` with the files that it names below the folder of the seed file that names them."""
    if not isinstance(entry, Table):
        return entry
    paths = {
        key: str(entry.lines[key].folder / value)
        for key, value in entry.items()
        if names_file(key) and isinstance(value, str) and value
    }
    return {**entry, **paths}


def content(value: object, info: ValidationInfo) -> str:
    """The text of the file that the key names; raises Refused where the value itself is there, too."""
    path, key = Path(text(value)), str(info.field_name).removesuffix(ENDING)
    if info.data.get(key) is not None:
        raise Refused(f"got a second value beside `{key}`; remove one of them")
    references(info).files.add(path)
    try:
        return read(path)
    except SeedError as error:
        raise Refused(str(error)) from None


def _secret(value: object, info: ValidationInfo) -> str:
    secret = content(value, info).removesuffix("\n").removesuffix("\r")
    if not secret:
        raise Refused(f"the file {text(value)} is empty; write the value into it")
    return secret


SecretFile = Annotated[str, BeforeValidator(_secret)]
"""Becomes the text in the file, without the end of its line."""
