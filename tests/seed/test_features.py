"""docs/seed.md lists every feature with its default."""

from __future__ import annotations

import re

import pytest

from devidp.oauth import names
from devidp.seed import from_mapping
from tests.seed.test_documentation import section

ROWS = dict(re.findall(r"^\| `(\w+)` \| `(true|false)` \|", section("features"), re.MULTILINE))


def test_every_feature_is_in_the_table() -> None:
    assert set(ROWS) == set(names.FEATURES)


@pytest.mark.parametrize("feature", names.FEATURES)
def test_a_feature_is_on_where_its_row_says_so_and_where_the_seed_does(feature: str) -> None:
    (settings,) = from_mapping({"issuers": {"a": {}}}).issuers
    assert (feature in settings.features) == (ROWS[feature] == "true")
    for on in (True, False):
        (settings,) = from_mapping({"issuers": {"a": {"features": {feature: on}}}}).issuers
        assert (feature in settings.features) == on
