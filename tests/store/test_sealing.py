"""Envelopes: what is in them opens with the right key, as what it is, and whole; or not at all."""

import io
from collections.abc import Callable

import pytest

from ivr.errors import ConfigError
from ivr.store.sealing import (
    CHUNK_BYTES,
    HEAD_BYTES,
    TAG_BYTES,
    Keyring,
    Opened,
    Unreadable,
    is_sealed,
    key_id,
    key_of,
    keyring,
    new_key,
    sealed_with,
)
from tests.keys import FOREIGN, NEW, OLD

RING = keyring([NEW, OLD])
SIZES = (0, 1, 500, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 7)


def sound(size: int) -> bytes:
    return bytes(n * 31 % 251 for n in range(size))


def opened(kept: bytes, ring: Keyring = RING, bound: str = "spool") -> Opened:
    return Opened(lambda start, end: kept[start:end], len(kept), ring, bound)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_and_shows_nothing(size: int) -> None:
    """A119"""
    value = sound(size)
    kept = RING.seal(value, "spool")
    assert value == RING.open(kept, "spool")
    assert len(kept) == HEAD_BYTES + size + TAG_BYTES * max(1, -(-size // CHUNK_BYTES))
    assert size < 16 or value[:16] not in kept
    assert kept != RING.seal(value, "spool")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ring", [RING, Keyring()], ids=["sealed", "clear"])
def test_it_is_read_from_anywhere_in_it(ring: Keyring, size: int) -> None:
    """As players do; also what lies in the clear."""
    value = sound(size)
    file, plain = opened(ring.seal(value, "spool"), ring), io.BytesIO(value)
    assert size == file.size
    for at in {0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, size - 1, size, size + 9} - {-1}:
        assert plain.seek(at) == file.seek(at)
        assert plain.read(CHUNK_BYTES + 3) == read(file, CHUNK_BYTES + 3)
    file.seek(0)
    assert (value, b"") == (file.read(), file.read())
    assert (size, max(0, size - 1)) == (file.seek(0, io.SEEK_END), file.seek(-1, io.SEEK_CUR))


def test_a_chunk_at_a_time_is_in_memory() -> None:
    """Nothing is asked for twice, nothing beyond what is wanted."""
    kept = RING.seal(sound(3 * CHUNK_BYTES), "spool")
    asked: list[tuple[int, int]] = []

    def part(start: int, end: int) -> bytes:
        asked.append((start, end))
        return kept[start:end]

    file = Opened(part, len(kept), RING, "spool")
    file.seek(CHUNK_BYTES + 5)
    assert 10 == len(file.read(10))
    assert 10 == len(file.read(10))
    first = HEAD_BYTES + CHUNK_BYTES + TAG_BYTES
    assert [(0, HEAD_BYTES), (first, first + CHUNK_BYTES + TAG_BYTES)] == asked


def read(file: Opened, size: int) -> bytes:
    """So many bytes, however many come at a time."""
    found = b""
    while len(found) < size and (piece := file.read(size - len(found))):
        found += piece
    return found


def cut(kept: bytes) -> bytes:
    return kept[:-1]


def changed(kept: bytes) -> bytes:
    return kept[:-20] + bytes([kept[-20] ^ 1]) + kept[-19:]


def without_its_last_chunk(kept: bytes) -> bytes:
    return kept[: HEAD_BYTES + CHUNK_BYTES + TAG_BYTES]


def swapped(kept: bytes) -> bytes:
    whole = CHUNK_BYTES + TAG_BYTES
    return kept[:HEAD_BYTES] + kept[HEAD_BYTES + whole : HEAD_BYTES + 2 * whole] + kept[HEAD_BYTES:][:whole]


def under_another_head(kept: bytes) -> bytes:
    return RING.seal(b"", "spool")[:HEAD_BYTES] + kept[HEAD_BYTES:]


def head_alone(kept: bytes) -> bytes:
    return kept[:HEAD_BYTES]


def half_a_head(kept: bytes) -> bytes:
    return kept[: HEAD_BYTES - 30]


def another_keys_name(kept: bytes) -> bytes:
    return kept[:4] + bytes.fromhex(key_id(key_of(OLD))) + kept[12:]


@pytest.mark.parametrize(
    "harm",
    [
        cut, changed, without_its_last_chunk, swapped, under_another_head, head_alone, half_a_head, another_keys_name,
    ],
)  # fmt: skip
def test_what_was_tampered_with_does_not_open(harm: Callable[[bytes], bytes]) -> None:
    """A121: not a byte of it is taken for what was kept."""
    kept = harm(RING.seal(sound(2 * CHUNK_BYTES), "spool"))
    with pytest.raises(Unreadable):
        RING.open(kept, "spool")


def test_a_value_passes_for_no_other() -> None:
    """A121: a recording put in another's place, or into the spool."""
    kept = RING.seal(b"RIFF", "recording 7.wav")
    for bound in ("recording 8.wav", "spool"):
        with pytest.raises(Unreadable, match="belongs to something else"):
            RING.open(kept, bound)


def test_the_newest_seals_and_every_key_opens() -> None:
    kept = keyring([OLD]).seal(b"hello", "spool")
    assert b"hello" == RING.open(kept, "spool")
    assert key_id(key_of(NEW)) == RING.newest == sealed_with(RING.seal(b"", "spool"))


def test_another_key_is_another_head() -> None:
    """The sound itself is not written anew with it."""
    kept = keyring([OLD]).seal(b"hello", "spool")
    renewed = RING.renewed(kept, "spool")
    assert (kept[HEAD_BYTES:], RING.newest) == (renewed[HEAD_BYTES:], sealed_with(renewed))
    assert b"hello" == keyring([NEW]).open(renewed, "spool")
    assert renewed == RING.renewed(renewed, "spool")
    assert is_sealed(RING.renewed(b"in the clear", "spool"))


@pytest.mark.parametrize("there", [[], [FOREIGN]], ids=["none", "another"])
def test_a_lost_key_is_named_with_the_remedy(there: list[str]) -> None:
    """A120: by its id; no key is ever said."""
    with pytest.raises(Unreadable) as lost:
        keyring(there).open(RING.seal(b"hello", "spool"), "spool")
    for word in ("HOTLINE_KEYS", RING.newest or "", *keyring(there).ids):
        assert word in str(lost.value)
    assert NEW not in str(lost.value)


def test_without_a_key_everything_is_in_the_clear() -> None:
    ring = Keyring()
    assert b"hello" == ring.seal(b"hello", "spool") == ring.open(b"hello", "spool") == ring.renewed(b"hello", "spool")
    assert (None, ()) == (ring.newest, ring.ids)
    assert sealed_with(b"hello") is None


@pytest.mark.parametrize("text", ["", "short", NEW + "A", NEW[:-1], NEW[:-1] + "!", "密" * 43])
def test_what_is_no_key_is_refused_and_not_said_back(text: str) -> None:
    """A120"""
    with pytest.raises(ConfigError, match="HOTLINE_KEYS") as refused:
        key_of(text)
    assert not text or text not in str(refused.value)


def test_a_key_may_be_hexadecimal() -> None:
    """As ``openssl rand -hex 32`` makes it."""
    assert bytes(range(32)) == key_of(bytes(range(32)).hex())


def test_no_two_keys_are_the_same() -> None:
    assert 100 == len({key_id(key_of(new_key())) for _ in range(100)})
