"""Making a recording fit for the telephone: decoded in a process of its own, which may crash, and has no time to waste.

The decoder is FFmpeg, by PyAV (https://pyav.basswood-io.com).
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

CHILD = Path(__file__).with_name("telephone.py")
MAX_S = 30.0  # on the busiest machine; an ordinary clip takes half a second
REFUSED = 3
HEAD_BYTES, BYTES_A_SECOND = 44, 16_000  # of the WAV files that come out
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NotUsable(Exception):
    """``reason``: none (no sound file), damaged, video, silent or long."""

    REASONS: ClassVar = ("none", "damaged", "video", "silent", "long")

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file of 16 bits at 8 kHz, mono, with an ordinary loudness; silence at its ends is cut to a moment."""

    data: bytes

    @property
    def seconds(self) -> float:
        """To a tenth."""
        return round((len(self.data) - HEAD_BYTES) / BYTES_A_SECOND, 1)


def for_telephone(data: bytes, most_s: float) -> Sound:
    """The sound of a WAV, MP3, M4A, Ogg or WebM file. Raises ``NotUsable``."""
    return Sound(_run(data, "wav", str(most_s)))


def as_mp3(sound: bytes) -> bytes:
    """A WAV file of ours as MP3, for machines that take nothing else. Raises ``NotUsable``."""
    return _run(sound, "mp3")


def _run(data: bytes, *wanted: str) -> bytes:
    command = [sys.executable, "-I", str(CHILD), *wanted]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; what it is given goes to its standard input
            command, input=data, capture_output=True, timeout=MAX_S, env=os.environ | ONE_THREAD
        )
    except subprocess.TimeoutExpired:
        raise NotUsable("long") from None
    if done.returncode == 0:
        return done.stdout
    reason = done.stderr.decode(errors="replace")
    raise NotUsable(reason if done.returncode == REFUSED and reason in NotUsable.REASONS else "damaged")
