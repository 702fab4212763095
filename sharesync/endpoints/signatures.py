"""Signing messages to webhooks, as Standard Webhooks 1.0.0 says: HMAC-SHA-256 over id, moment and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

PREFIX = "whsec_"
LENGTH = 32
"""Bytes of a secret; the standard wants 24 to 64."""


def new_secret() -> str:
    """A secret as it is shown to whoever sets up the receiver."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def headers(ident: str, now: datetime, body: bytes, by: Iterable[str]) -> Mapping[str, str]:
    """What goes with a message. `ident` holds no dot and is the same at every try; `by`: the secrets that sign."""
    at = str(int(now.timestamp()))
    signed = f"{ident}.{at}.".encode() + body
    signatures = (f"v1,{_signature(secret, signed)}" for secret in by)
    return {"webhook-id": ident, "webhook-timestamp": at, "webhook-signature": " ".join(signatures)}


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
