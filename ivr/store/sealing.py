"""Sealing what is kept of callers: who copies the disk, the bucket or a backup has nothing without the keys.

An envelope is a head of 72 bytes and a body. The head: four bytes that say so, eight of the id of the key that it was
sealed with, and a data key made for this value alone, wrapped by that key (nonce, key and tag: 12, 32, 16 bytes). The
body is the value in chunks of 256 KiB, each encrypted with the data key and 16 bytes longer than it was. All of it is
AES-256-GCM. A chunk's nonce is its number, and whether it is the last: what was cut short, swapped or repeated does not
open (the STREAM of https://eprint.iacr.org/2015/189). What it is *bound* to (``spool``, ``recording 2026/11/7.wav``) is
authenticated with every part, so that no value passes for another.

Another key is a new head: the body stays as it is.
"""

import base64
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ivr.errors import ConfigError

SEALED = b"\x8aHL1"  # no sound file begins so, and no text
KEY_BYTES, ID_BYTES, NONCE_BYTES, TAG_BYTES = 32, 8, 12, 16
HEAD_BYTES = len(SEALED) + ID_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES
CHUNK_BYTES = 256 * 2**10  # what is in memory at a time, and one question to a bucket


class Unreadable(Exception):
    """A sealed value that cannot be opened; the text names the reason and the remedy."""


def new_key() -> str:
    """A key, as ``HOTLINE_KEYS`` takes it."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode().rstrip("=")


def keyring(texts: Iterable[str]) -> "Keyring":
    """The keys that were written so, newest first. Raises ``ConfigError``."""
    return Keyring([key_of(text) for text in texts])


def key_of(text: str) -> bytes:
    """The key that was written so, or in 64 hexadecimal digits. Raises ``ConfigError``, which says no text back."""
    padding = "=" * (-len(text) % 4)
    try:
        is_hex = len(text) == 2 * KEY_BYTES
        key = bytes.fromhex(text) if is_hex else base64.b64decode(text + padding, altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigError("HOTLINE_KEYS: this holds something that is no key; flask keys new makes one.")
    return key


def key_id(key: bytes) -> str:
    """What a key is called, in envelopes and by people; says nothing of the key."""
    return hashlib.sha256(b"hotline key id" + key).digest()[:ID_BYTES].hex()


def is_sealed(kept: bytes) -> bool:
    """Whether this is, or begins, an envelope; what was kept before there was a key is in the clear."""
    return kept.startswith(SEALED)


def sealed_with(kept: bytes) -> str | None:
    """The id of the key that it was sealed with; None: it is in the clear."""
    return kept[len(SEALED) :][:ID_BYTES].hex() if is_sealed(kept) else None


class Keyring:
    """Seals with the first of its keys and opens with any of them; without one, everything stays in the clear."""

    def __init__(self, keys: Sequence[bytes] = ()) -> None:
        """``keys``: 32 bytes each, the newest first."""
        self._keys = {key_id(key): AESGCM(key) for key in keys}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

    @property
    def newest(self) -> str | None:
        return next(iter(self._keys), None)

    def seal(self, value: bytes, bound: str) -> bytes:
        """The value in an envelope of the newest key; as it is when there is no key."""
        if self.newest is None:
            return value
        data_key = os.urandom(KEY_BYTES)
        return self._head(data_key, bound) + b"".join(_sealed_chunks(AESGCM(data_key), value, bound))

    def open(self, kept: bytes, bound: str) -> bytes:
        """The value, wherever it was kept in the clear or sealed. Raises ``Unreadable``."""
        if not is_sealed(kept):
            return kept
        return Opened(lambda start, end: kept[start:end], len(kept), self, bound).readall()

    def renewed(self, kept: bytes, bound: str) -> bytes:
        """What is to be kept from now on: sealed, with the newest key. Raises ``Unreadable``."""
        if not is_sealed(kept):
            return self.seal(kept, bound)
        if sealed_with(kept) == self.newest:
            return kept
        return self._head(self.data_key(kept[:HEAD_BYTES], bound), bound) + kept[HEAD_BYTES:]

    def data_key(self, head: bytes, bound: str) -> bytes:
        """The key of one value, from its envelope's head. Raises ``Unreadable``."""
        name = sealed_with(head) or ""
        key = self._keys.get(name)
        if key is None:
            there = f"has {', '.join(self.ids)}" if self._keys else "is not set"
            raise Unreadable(
                f"it is sealed with key {name}, and HOTLINE_KEYS {there}: add that key behind what is there"
            )
        wrapped = head[len(SEALED) + ID_BYTES : HEAD_BYTES]
        try:
            return key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound(bound, head))
        except (InvalidTag, ValueError):
            raise Unreadable("its envelope is damaged, or belongs to something else") from None

    def _head(self, data_key: bytes, bound: str) -> bytes:
        name, nonce = self.newest or "", os.urandom(NONCE_BYTES)
        begin = SEALED + bytes.fromhex(name)
        return begin + nonce + self._keys[name].encrypt(nonce, data_key, _bound(bound, begin))


class Opened(io.RawIOBase):
    """A value as a file in which one may seek; no more than a chunk of it is in memory.

    ``part(start, end)`` reads what is kept, of which there are *kept_bytes*. Raises ``Unreadable``, when it is made for
    want of the key, and while it is read for what is damaged.
    """

    def __init__(self, part: Callable[[int, int], bytes], kept_bytes: int, keys: Keyring, bound: str) -> None:
        super().__init__()
        self._part, self._bound = part, bound
        head = part(0, min(HEAD_BYTES, kept_bytes))
        self._cipher = AESGCM(keys.data_key(head, bound)) if is_sealed(head) else None
        self._head_bytes, self._tag_bytes = (HEAD_BYTES, TAG_BYTES) if self._cipher else (0, 0)
        self._body_bytes = kept_bytes - self._head_bytes
        if self._body_bytes < self._tag_bytes:
            raise Unreadable("it was cut short")
        self._chunks = -(-self._body_bytes // (CHUNK_BYTES + self._tag_bytes))
        self.size = self._body_bytes - self._chunks * self._tag_bytes
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # a narrower Buffer than typeshed's
        if self._at >= self.size:
            return 0
        number, skipped = divmod(self._at, CHUNK_BYTES)
        piece = self._chunk(number)[skipped : skipped + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def readall(self) -> bytes:
        """The rest. Every chunk is looked at, also that of an empty value."""
        rest = b"".join(self._chunk(number) for number in range(self._chunks))[self._at :]
        self._at = self.size
        return rest

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._held = (number, self._opened(number))
        return self._held[1]

    def _opened(self, number: int) -> bytes:
        whole = CHUNK_BYTES + self._tag_bytes
        begin, end = number * whole, min((number + 1) * whole, self._body_bytes)
        kept = self._part(self._head_bytes + begin, self._head_bytes + end)
        if self._cipher is None:
            return kept
        try:
            return self._cipher.decrypt(_nonce(number, last=number == self._chunks - 1), kept, self._bound.encode())
        except (InvalidTag, ValueError):
            raise Unreadable("it is damaged") from None


def _sealed_chunks(cipher: AESGCM, value: bytes, bound: str) -> Iterator[bytes]:
    """One at least, so that an empty value is authentic, too."""
    starts = range(0, max(1, len(value)), CHUNK_BYTES)
    for number, start in enumerate(starts):
        nonce = _nonce(number, last=number == len(starts) - 1)
        yield cipher.encrypt(nonce, value[start : start + CHUNK_BYTES], bound.encode())


def _nonce(number: int, *, last: bool) -> bytes:
    """Of a chunk; a data key is used for one value, so a number is never used twice."""
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])


def _bound(bound: str, head: bytes) -> bytes:
    """What a wrapped key is bound to: the envelope's kind, the key's id, and what the value is."""
    return head[: len(SEALED) + ID_BYTES] + bound.encode()
