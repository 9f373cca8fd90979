"""base64url without padding (RFC 7515 section 2)."""

from __future__ import annotations

import pytest

from devidp.oauth import base64url


def test_the_example_of_the_specification_reads_both_ways() -> None:
    """RFC 7515 appendix C."""
    octets = bytes([3, 236, 255, 224, 193])
    assert base64url.encode(octets) == "A-z_4ME"
    assert base64url.decode("A-z_4ME") == octets


@pytest.mark.parametrize("length", range(5))
def test_every_length_reads_both_ways(length: int) -> None:
    octets = bytes(range(250, 250 + length))
    assert base64url.decode(base64url.encode(octets)) == octets


@pytest.mark.parametrize(
    "text", ["A-z_4ME=", "A+z/4ME", "A-z_\n4ME", "A-z_4ME\n", "é", "A", "A-z_4", "A-z_4MF", "A-z_4N"]
)
def test_what_nobody_encodes_is_refused(text: str) -> None:
    """Other characters, impossible lengths, and bits after the last byte (RFC 4648 section 3.5)."""
    with pytest.raises(ValueError, match="is not base64url, expected"):
        base64url.decode(text)
