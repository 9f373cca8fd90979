"""Rotation with overlap, as seen by the ring itself, by another process on the same folder, and after a restart."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from devidp.keys import KeyProblem, KeyRing
from devidp.keys.material import generate


def kids(ring: KeyRing) -> list[str]:
    return [key.kid for key in ring.public_keys()]


@pytest.fixture(params=["on disk", "in memory"])
def ring(request: pytest.FixtureRequest, tmp_path: Path) -> KeyRing:
    return KeyRing("default", "ES256", tmp_path if request.param == "on disk" else None)


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


def test_a_key_that_is_not_there_cannot_be_changed(ring: KeyRing) -> None:
    with pytest.raises(KeyProblem, match=f"there is no key 'nobody'; there are: {ring.active.kid}"):
        ring.change("nobody", hidden=True)


def test_hiding_a_key_leaves_the_imported_one_signing(tmp_path: Path) -> None:
    generated, imported = KeyRing("default", "ES256", tmp_path).active, generate("ES256")
    ring = KeyRing("default", "ES256", tmp_path, imported)
    ring.change(generated.kid, hidden=True)
    assert ring.active.kid == imported.kid
    assert generated.kid.encode() not in ring.document()
    ring.change(imported.kid, hidden=True)
    assert ring.active.kid == imported.kid
    assert imported.kid.encode() not in ring.document()


def test_another_process_sees_it_at_once(tmp_path: Path) -> None:
    here, there = KeyRing("default", "ES256", tmp_path), KeyRing("default", "ES256", tmp_path)
    assert there.active.kid == here.active.kid
    fresh = here.rotate()
    assert there.active.kid == fresh.kid
    assert there.document() == here.document()
    second = there.rotate(overlap=False)
    assert here.active.kid == second.kid
    assert fresh.kid not in kids(here)


def test_it_outlives_a_restart(tmp_path: Path) -> None:
    ring = KeyRing("default", "ES256", tmp_path)
    old = ring.active.kid
    fresh = ring.rotate().kid
    assert kids(KeyRing("default", "ES256", tmp_path)) == [fresh, old]


def test_a_retired_key_does_not_come_back_with_another_algorithm(tmp_path: Path) -> None:
    ring = KeyRing("default", "ES256", tmp_path)
    retired = ring.active.kid
    ring.rotate(overlap=False)
    assert retired not in kids(KeyRing("default", "EdDSA", tmp_path))


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


def test_rings_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    barrier = threading.Barrier(8)
    found: list[str] = []

    def begin() -> None:
        own = KeyRing("default", "ES256", tmp_path)
        barrier.wait()
        found.append(own.active.kid)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
