"""Sealing what must be kept but never be read by who copies the database: the keys and addresses of channels."""

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(Exception):
    """It was sealed with a key that this installation does not have (any more)."""


class Seal:
    """Encrypts with the first of its keys, and opens with any of them.

    ``keys``: long random texts with commas or line breaks between them, the newest first. Rotating is putting a new
    one in front; what is saved from then on is sealed with it.
    """

    def __init__(self, keys: str) -> None:
        self._fernet = MultiFernet([Fernet(_fit(key)) for key in keys.replace(",", " ").split()])

    def close(self, values: Mapping[str, str]) -> str:
        """The values as one text that says nothing."""
        return self._fernet.encrypt(json.dumps(dict(values), ensure_ascii=False).encode()).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """The values. Raises ``Unreadable``."""
        try:
            opened: dict[str, str] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise Unreadable from None
        return opened


def _fit(key: str) -> bytes:
    """A key as Fernet wants it: 32 bytes. Ours are random texts, so one round of hashing is enough."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
