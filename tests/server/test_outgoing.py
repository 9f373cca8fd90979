"""Nothing that is put into a header begins another one."""

from __future__ import annotations

import pytest

from devidp.server.outgoing import UnsafeHeaderError, head


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "\u010d\u010a"])
@pytest.mark.parametrize("place", ["name", "value"])
def test_a_header_that_is_more_than_a_line_of_ascii_is_not_sent(place: str, value: str) -> None:
    with pytest.raises(UnsafeHeaderError):
        head(200, [(value, "1") if place == "name" else ("X-One", value)], "Date: now")


def test_what_is_one_line_each_is_sent_as_it_is() -> None:
    assert head(404, [("X-One", "1")], "Content-Length: 0") == (
        b"HTTP/1.1 404 Not Found\r\nX-One: 1\r\nContent-Length: 0\r\n\r\n"
    )
