"""Models with the keys that an entry has in the seed, so that the seed's model is the only one of users and clients."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import ConfigDict

from devidp.seed.entries import Entry
from devidp.seed.schema import entry_properties


def keys_of(entry: type[Entry], without: Collection[str] = ()) -> ConfigDict:
    """Takes any member: who is handed the keys has the seed check them. The description has those of ``entry``."""

    def describe(schema: dict[str, Any]) -> None:
        keys = {name: key for name, key in entry_properties(entry).items() if name not in without}
        schema["properties"] |= keys
        schema["additionalProperties"] = False

    return ConfigDict(extra="allow", json_schema_extra=describe)
