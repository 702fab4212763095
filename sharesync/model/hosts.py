"""Hosts: which names are this machine's own, and which addresses keep a secret on their way there."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


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
