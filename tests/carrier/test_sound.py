"""Sound is measured; what only calls itself sound is none."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.carrier.sound import Measured, NotSound, measure
from tests.fake_carrier import wav

FRAME_OF_MPEG_2 = b"\xff\xf3\x44\xc4" + bytes(92)  # 32 kbit/s at 24 kHz, as Twilio's mp3: 96 bytes, 24 ms
MP3 = FRAME_OF_MPEG_2 * 500
TITLES = b"ID3\x04\x00\x00" + bytes([0, 0, 1, 1]) + b"\xff" * 129
STREAMED = wav(3)[:40] + b"\xff\xff\xff\xff" + wav(3)[44:]
MU_LAW = b"RIFF\0\0\0\0WAVE" + struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0)
MU_LAW += struct.pack("<4sII4sI", b"fact", 4, 16000, b"data", 16000) + b"\xff" * 16000


@pytest.mark.parametrize(
    ("data", "seconds", "suffix"),
    [
        (wav(12), 12, ".wav"),
        (wav(0.5, 8000), 0.5, ".wav"),
        (STREAMED, 3, ".wav"),
        (MU_LAW, 2, ".wav"),
        (MP3, 12, ".mp3"),
        (TITLES + MP3, 12, ".mp3"),
        (MP3 + FRAME_OF_MPEG_2[:50], 12, ".mp3"),
    ],
    ids=["wav", "short", "streamed", "mu-law", "mp3", "mp3-with-titles", "mp3-cut"],
)
def test_what_sounds_is_measured(data: bytes, seconds: float, suffix: str):
    """B5: as Twilio makes them, as others do, begun before their length was known."""
    assert Measured(pytest.approx(seconds), suffix) == measure(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        wav(12)[:20],
        wav(12)[:44],
        wav(12)[:100],
        wav(0),
        b"RIFF\0\0\0\0WAVE" + b"LIST\xff\xff\xff\xff" * 9,
        b"<!DOCTYPE html><html>not found</html>",
        b'{"code": 20404}',
        FRAME_OF_MPEG_2 * 2,
        b"\xff" * 9000,
        b"ID3",
        b"OggS" + bytes(500),
    ],
)
def test_what_does_not_is_none(data: bytes):
    """B5, F17: cut short, without a frame, a page, another kind."""
    with pytest.raises(NotSound):
        measure(data)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda rest: wav(1)[:40] + rest)))
def test_no_bytes_break_it(data: bytes):
    """Whatever a carrier sends: measured, or no sound."""
    try:
        seconds = measure(data).seconds
    except NotSound:
        return
    assert seconds > 0
