"""
Signed text that the service hands out and takes back: nothing that was changed in between is accepted.

The key comes from the environment variable SHADOWPRICE_SECRET_KEY, which the server sets for itself and its children; without
one a key is drawn for the life of the process. A text is the payload and its HMAC-SHA256 (RFC 2104), each in base64url.
"""

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Container
from hashlib import sha256

VARIABLE = "SHADOWPRICE_SECRET_KEY"
_OWN_KEY = secrets.token_bytes(32)


def signed(payload: bytes) -> str:
    """Return a payload and its signature as one text."""
    return f"{_written(payload)}.{_written(_signature(payload))}"


def verified(text: str, *, known: Container[str] = ()) -> bytes | None:
    """
    Return the payload of a signed text, or None when it was not signed with this key.

    `known` holds SHA-256 digests of whole texts that are accepted although another server signed them: those of the examples.
    """
    body, _, mark = text.partition(".")
    try:
        payload, given = _read(body), _read(mark)
    except (binascii.Error, ValueError):
        return None
    if hmac.compare_digest(given, _signature(payload)) or sha256(text.encode()).hexdigest() in known:
        return payload
    return None


def _signature(payload: bytes) -> bytes:
    key = os.environ.get(VARIABLE, "").encode() or _OWN_KEY
    return hmac.new(key, payload, sha256).digest()


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
