"""Events of several processes: each is read once, in the order of its process, while all of them write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from devidp.event_ring import RING_BYTES, EventRing

WRITER = """
import sys
from pathlib import Path
from devidp.event_ring import EventRing
ring = EventRing(Path(sys.argv[1]), "events-run")
for number in range(int(sys.argv[3])):
    ring.append((sys.argv[2], number))
"""
EACH = 20_000


def test_each_event_of_each_process_is_read_once(tmp_path: Path) -> None:
    reader = EventRing(tmp_path, "events-run")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name, str(EACH)]) for name in ("a", "b")]
    seen: dict[str, list[int]] = {"a": [], "b": []}
    cursor, ended = 0, False
    while not ended:
        ended = all(writer.poll() is not None for writer in writers)
        found, cursor = reader.read(cursor)
        for name, number in found:
            seen[name].append(number)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen == {"a": list(range(EACH)), "b": list(range(EACH))}


def test_what_is_forgotten_is_forgotten_by_all(tmp_path: Path) -> None:
    first, second = EventRing(tmp_path, "events-run"), EventRing(tmp_path, "events-run")
    first.append(("before",))
    second.append(("before",))
    second.clear()
    assert first.read(0)[0] == []
    first.append(("after",))
    assert second.read(0)[0] == [["after"]]


def test_a_ring_that_is_full_begins_anew(tmp_path: Path) -> None:
    ring = EventRing(tmp_path, "events-run")
    text = "x" * 1000
    for number in range(RING_BYTES // 1000):
        ring.append((number, text))
    found, _ = ring.read(0)
    assert found[-1][0] == RING_BYTES // 1000 - 1
    assert 0 < len(found) < RING_BYTES // 1000
    assert [path.stat().st_size for path in tmp_path.glob("events-*")] == [RING_BYTES]


def test_another_run_has_other_events(tmp_path: Path) -> None:
    EventRing(tmp_path, "events-one").append(("one",))
    assert EventRing(tmp_path, "events-two").read(0)[0] == []


def test_a_cursor_of_the_future_is_none(tmp_path: Path) -> None:
    """The clock of a machine that was started again begins anew."""
    ring = EventRing(tmp_path, "events-run")
    ring.append(("seen",))
    assert ring.read(10**18)[0] == [["seen"]]
