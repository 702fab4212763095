"""Hosts: which are this machine's own, which keep a secret on their way there, which may be sent to at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LEADING_ELSEWHERE = tuple(
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10", "192.0.0.0/24")
)
"""Taken for public by `is_global`, while their addresses stand for others: NAT64, 6to4, Teredo, and old ones."""


def is_here(name: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_secret(address: str) -> bool:
    """Whether nobody on the way can read along or answer in its place: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname or ""))
    except ValueError:
        return False


def is_reachable(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Whether an address that somebody typed may be sent to: a public one, or one in these networks."""
    if is_within(address, networks):
        return True
    plain = _plain(address)
    public = plain.is_global and not plain.is_multicast
    return public and not any(plain in one for one in _LEADING_ELSEWHERE if one.version == plain.version)


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether it lies in one of these. A link-local one never does: a machine's own cloud gives out tokens there."""
    plain = _plain(address)
    return not plain.is_link_local and any(plain in one for one in networks if one.version == plain.version)


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as one of IPv6 is that IPv4 address."""
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
