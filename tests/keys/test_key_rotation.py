"""Rotation with overlap, as seen by the ring itself, by another process on the same folder, and after a restart."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp.keys import KeyProblem, KeyRing
from devidp.keys.material import generate
from tests.engines import Engine
from tests.rings import Rings, rings_at

pytestmark = pytest.mark.contract


def kids(ring: KeyRing) -> list[str]:
    return [key.kid for key in ring.public_keys()]


@pytest.fixture
def rings(tmp_path: Path, engine: Engine) -> Iterator[Rings]:
    with rings_at(engine.place(tmp_path / "devidp.db")) as found:
        yield found


@pytest.fixture(params=["on disk", "in memory", "PostgreSQL"])
def ring(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyRing]:
    place: Path | str | None = tmp_path / "devidp.db" if request.param == "on disk" else None
    if request.param == "PostgreSQL":
        place = request.getfixturevalue("postgres_url")
    with rings_at(place) as rings:
        yield rings.ring()


def test_the_new_key_signs_and_the_old_one_stays_published(ring: KeyRing) -> None:
    old, document = ring.active, ring.document()
    fresh = ring.rotate()
    assert ring.active.kid == fresh.kid != old.kid
    assert kids(ring) == [fresh.kid, old.kid]
    assert ring.document() != document
    assert {key.kid for key in ring.key_set().keys} == set(kids(ring))


def test_without_overlap_the_old_key_is_gone(ring: KeyRing) -> None:
    old = ring.active
    fresh = ring.rotate(overlap=False)
    assert kids(ring) == [fresh.kid]
    assert old.kid.encode() not in ring.document()


def test_a_ring_that_nobody_used_can_be_rotated(ring: KeyRing) -> None:
    fresh = ring.rotate()
    assert kids(ring) == [fresh.kid]


def test_rotations_add_up(ring: KeyRing) -> None:
    names = [ring.active.kid, *(ring.rotate().kid for _ in range(3))]
    assert kids(ring) == names[::-1]


def test_the_key_that_signs_cannot_be_retired(ring: KeyRing) -> None:
    with pytest.raises(KeyProblem, match="signs; rotate first"):
        ring.change(ring.active.kid, state="retired")
    assert kids(ring) == [ring.active.kid]


def test_an_unknown_key_cannot_be_changed(ring: KeyRing) -> None:
    with pytest.raises(KeyProblem, match=f"there is no key 'nobody'; there are: {ring.active.kid}"):
        ring.change("nobody", hidden=True)


def test_hiding_a_key_leaves_the_imported_one_signing(rings: Rings) -> None:
    generated, imported = rings.ring().active, generate("ES256")
    ring = rings.ring(imported=imported)
    ring.change(generated.kid, hidden=True)
    assert ring.active.kid == imported.kid
    assert generated.kid.encode() not in ring.document()
    ring.change(imported.kid, hidden=True)
    assert ring.active.kid == imported.kid
    assert imported.kid.encode() not in ring.document()


def test_a_key_of_the_seed_signs_whatever_is_activated(rings: Rings) -> None:
    generated, imported = rings.ring().active, generate("ES256")
    ring = rings.ring(imported=imported)
    with pytest.raises(KeyProblem, match="comes from the seed: set another signing_key there"):
        ring.activate(generated.kid)
    ring.delete(generated.kid)
    assert kids(ring) == [imported.kid]


def test_each_algorithm_has_its_own_key_that_signs(ring: KeyRing) -> None:
    own, other = ring.active, ring.signing_with("EdDSA")
    ring.rotate()
    ring.activate(own.kid)
    assert (ring.active.kid, ring.signing_with("EdDSA").kid) == (own.kid, other.kid)


def test_another_process_sees_it_with_its_next_request(rings: Rings) -> None:
    here, there = rings.keys(), rings.keys()
    ring, other = KeyRing("ES256", here), KeyRing("ES256", there)
    assert other.active.kid == ring.active.kid
    fresh = ring.rotate()
    there.generation.look()
    assert other.active.kid == fresh.kid
    assert other.document() == ring.document()
    second = other.rotate(overlap=False)
    here.generation.look()
    assert ring.active.kid == second.kid
    assert fresh.kid not in kids(ring)


def test_it_outlives_a_restart(rings: Rings) -> None:
    ring = rings.ring()
    old = ring.active.kid
    fresh = ring.rotate().kid
    assert kids(rings.ring()) == [fresh, old]


def test_a_retired_key_does_not_come_back_with_another_algorithm(rings: Rings) -> None:
    ring = rings.ring()
    retired = ring.active.kid
    ring.rotate(overlap=False)
    assert retired not in kids(rings.ring("EdDSA"))


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns 50 times as often: they meet in more places, and none waits long for the others."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_no_thread_sees_half_of_a_rotation(ring: KeyRing) -> None:
    wrong: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            signing = ring.active.kid
            if signing.encode() not in ring.document():
                wrong.append(signing)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        ring.rotate()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_rings_that_start_at_once_agree_on_one_key(rings: Rings) -> None:
    """Each is a process; of each, several threads need a key at once."""
    own = [rings.ring() for _ in range(4)]
    barrier = threading.Barrier(8)
    found: list[str] = []

    def begin(ring: KeyRing) -> None:
        barrier.wait()
        found.append(ring.active.kid)

    threads = [threading.Thread(target=begin, args=(ring,)) for ring in own * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert len(rings.keys().find()) == 1


def test_an_algorithm_needed_by_several_threads_at_once_gets_one_key(rings: Rings) -> None:
    own = [rings.ring() for _ in range(4)]
    barrier = threading.Barrier(8)
    found: list[str] = []

    def sign(ring: KeyRing) -> None:
        barrier.wait()
        found.append(ring.signing_with("EdDSA").kid)

    threads = [threading.Thread(target=sign, args=(ring,)) for ring in own * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert sorted(key.algorithm for key in rings.keys().find()) == ["ES256", "EdDSA"]
