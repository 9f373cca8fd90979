"""Whether a seed can be served: what it has to go with beyond itself."""

from __future__ import annotations

from pkgutil import resolve_name

from devidp.issuer.overrides import with_changes
from devidp.models import Seed
from devidp.models.addresses import contested
from devidp.seed import SeedError
from devidp.store.overrides import OverrideSet


class StartError(Exception):
    """devidp cannot start like this; the message says what to change."""


def check_automatic_user(seed: Seed, username: str | None) -> None:
    """The user of the configuration must be there at the start; one who is disabled later has to log in."""
    if username is None:
        return
    for settings in seed.issuers:
        user = settings.users.get(username)
        if user is None or user.disabled:
            state = "is disabled" if user else f"is unknown; there are: {' '.join(settings.users) or 'none'}"
            raise StartError(f"The user '{username}', who is to be approved at once, {state} (issuer {settings.name})")


def check_addresses(seed: Seed, public_url: str) -> None:
    """An issuer that names the host of ``public_url`` must not be where another one is below that."""
    if found := contested(seed, public_url):
        raise StartError(found)


def check_overrides(seed: Seed, overrides: OverrideSet) -> None:
    """What was changed at run time must go with ``seed``."""
    try:
        resolve_name("devidp.issuer.entries:check")(with_changes(seed, overrides))
    except SeedError as error:
        raise StartError(f"It does not go with what was changed at run time ({error}); a reset forgets that") from error
