"""PostgreSQL fails over to a standby: the replicas follow by themselves, and what was acknowledged is there."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import postgres
from tests.replicas.replicas import replicas
from tests.replicas.test_outages import Patient, expect_well_again, tokens

pytestmark = pytest.mark.slow


def test_replicas_follow_the_primary(tmp_path: Path, seed: Path) -> None:
    """The first is fenced off, the second dies; each has a standby that has all that it acknowledged."""
    with postgres.running() as first, postgres.running(first) as second, postgres.running(second) as third:
        name = urlsplit(first.new_database()).path.strip("/")
        with (
            replicas(tmp_path, first.url(name, second, third), seed) as three,
            closing(Patient(f"{three.base}/default", *three.ports)) as client,
        ):
            told, spent = tokens(client)
            status, body = client.refresh(told, spent)
            assert status == 200, body

            first.set("default_transaction_read_only", "on")
            second.promote()
            expect_well_again(three)
            status, body = client.refresh(told, body["refresh_token"])
            assert status == 200, body

            second.crash()
            third.promote()
            expect_well_again(three)
            status, body = client.refresh(told, body["refresh_token"])
            assert status == 200, body
            assert client.refresh(told, spent)[0] == 400, "what was used under the first is used"
