"""Is it sound, and how long? WAV and MP3 are read frame by frame; what only calls itself sound is none.

Sources: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html and, for MP3, ISO/IEC 11172-3 and 13818-3.
"""

import struct
from dataclasses import dataclass

UNTOLD = (0, 0xFFFFFFFF)  # what stands for a length that was not known when the file was begun
FRAME = 4  # bytes of an MP3 frame's head
MIN_FRAMES = 3  # one after the other; fewer may be chance

# Bits a second, in thousands, by the index in the head: MPEG 1 Layer III, and 2 and 2.5.
KILOBITS = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the version's two bits
LAYER_3 = 1


class NotSound(Exception):
    """The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """``suffix``: what the file is to be called, with its dot."""

    seconds: float
    suffix: str


def measure(data: bytes) -> Measured:
    """How long *data* sounds. Raises ``NotSound`` when it does not."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Measured(_wav(data), ".wav")
    return Measured(_mp3(data), ".mp3")


def _wav(data: bytes) -> float:
    """The chunks up to the sound itself; all of it that the head promises must be there."""
    at, bytes_a_second = 12, 0
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if name == b"fmt " and at + 12 <= len(data):
            (bytes_a_second,) = struct.unpack_from("<8xI", data, at)
        if name == b"data":
            there = len(data) - at
            if not bytes_a_second or not there:
                raise NotSound("a WAV file without a single frame")
            if size not in UNTOLD and size > there:
                raise NotSound("a WAV file that was cut short")
            return (there if size in UNTOLD else size) / bytes_a_second
        at += size + size % 2
    raise NotSound("a WAV file without sound")


def _mp3(data: bytes) -> float:
    """The frames one after the other, behind what players keep of titles."""
    at, seconds, frames = _behind_tags(data), 0.0, 0
    while frame := _frame(data[at : at + FRAME]):
        size, lasts = frame
        if at + size > len(data):
            break
        at, seconds, frames = at + size, seconds + lasts, frames + 1
    if frames < MIN_FRAMES:
        raise NotSound("neither WAV nor MP3")
    return seconds


def _behind_tags(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))


def _frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of the Layer III frame with this head; None when it is none."""
    if len(head) < FRAME or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, hertz = head[2] >> 4, head[2] >> 2 & 3
    if version not in HERTZ or layer != LAYER_3 or rate in (0, 15) or hertz == 3:
        return None
    first = version == 3
    samples, per_second = 1152 if first else 576, HERTZ[version][hertz]
    size = samples // 8 * 1000 * KILOBITS[not first][rate] // per_second + (head[2] >> 1 & 1)
    return size, samples / per_second
