"""Whether an IP address is public, of this machine, or of a private network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Literal

_NAT64 = IPv6Network("64:ff9b::/96")

Kind = Literal["public", "loopback", "private"]


def kind_of(text: str) -> Kind:
    """What the IP address ``text`` is to the outside; an IPv4 address inside an IPv6 one counts as itself."""
    address = _innermost(ip_address(text))
    if address.is_loopback:
        return "loopback"
    return "public" if address.is_global and not address.is_multicast else "private"


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
