"""What the issuers have under a name, replaced in every worker at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Literal

from devidp.issuer.entries import check
from devidp.issuer.overrides import with_changes
from devidp.models import Client, User
from devidp.store.overrides import OverrideSet
from devidp.system import passwords
from devidp.web.runtime import Runtime

RecordKind = Literal["users", "clients"]
Edit = Callable[[str, Any], User | Client | None]
"""From an issuer's name and its record, or ``None``, to the new record, or ``None`` to delete it."""


def override(runtime: Runtime, kind: RecordKind, name: str, records: Mapping[str, Any], edit: Edit) -> None:
    """Replace what the issuers have under ``name``; a password is stored as its hash alone.

    ``records`` is what they have as far as this worker knows, and ``edit`` gets what they have in truth: another
    worker may have changed it meanwhile. Raises SeedError where the result does not go with the others.
    """

    def change(overrides: OverrideSet) -> OverrideSet:
        by_issuer = dict(getattr(overrides, kind))
        for issuer, known in records.items():
            others = by_issuer.get(issuer, {})
            record = edit(issuer, others.get(name, known))
            if isinstance(record, User):
                record = replace(record, unlisted=False)
                record = passwords.with_hash(record) if runtime.config.is_durable else record
            by_issuer[issuer] = {**others, name: record}
        return _checked(runtime, overrides, kind, by_issuer, name)

    runtime.control(change)


def take_back(runtime: Runtime, kind: RecordKind, name: str, issuers: Collection[str]) -> None:
    """What the ``issuers`` have under ``name`` is that of the seed again; raises SeedError as ``override`` does."""

    def change(overrides: OverrideSet) -> OverrideSet:
        by_issuer = {
            issuer: {key: record for key, record in records.items() if key != name or issuer not in issuers}
            for issuer, records in getattr(overrides, kind).items()
        }
        return _checked(runtime, overrides, kind, by_issuer, name)

    runtime.control(change)


def _checked(runtime: Runtime, overrides: OverrideSet, kind: RecordKind, by_issuer: Any, name: str) -> OverrideSet:
    changes: dict[str, Any] = {kind: by_issuer}
    changed = replace(overrides, **changes)
    if kind == "users":
        check(with_changes(runtime.seed, changed), name)
    return changed
