"""Sound files of every kind, made for a test."""

import io
import struct

import av
import numpy as np

HERTZ = 16_000
CODECS = {"mp3": "libmp3lame", "mp4": "aac", "webm": "libopus", "wav": "pcm_s16le"}


def voice(seconds: float = 2.0, volume: float = 0.1) -> np.ndarray:
    """A tone that swells like syllables."""
    at = np.arange(int(seconds * HERTZ)) / HERTZ
    return volume * np.sin(2 * np.pi * 300 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))


def file(kind: str, sound: np.ndarray | None = None, *, film: bool = False) -> bytes:
    """A file of that container (mp3, mp4: an M4A, webm, wav); ``film``: with a picture that moves."""
    sound = voice() if sound is None else sound
    written = io.BytesIO()
    with av.open(written, "w", format=kind) as target:
        stream = target.add_stream(CODECS[kind], rate=48_000 if kind == "webm" else HERTZ, layout="mono")
        pictures = target.add_stream("mpeg4", rate=5, width=32, height=32, pix_fmt="yuv420p") if film else None
        frame = av.AudioFrame.from_ndarray((sound * 32_767).astype("<i2")[None], format="s16", layout="mono")
        frame.sample_rate = HERTZ
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=stream.rate, frame_size=1024)
        for each in (*resampler.resample(frame), *resampler.resample(None)):
            target.mux(stream.encode(each))
        target.mux(stream.encode(None))
        if pictures:
            target.mux(pictures.encode(av.VideoFrame(32, 32, "yuv420p")))
            target.mux(pictures.encode(None))
    return written.getvalue()


def endless_wav(seconds: int) -> bytes:
    """One whose head promises no length, and that goes on."""
    sound = (voice(1) * 32_767).astype("<i2").tobytes() * seconds
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, 1, HERTZ, 2 * HERTZ, 2, 16)
    return head + struct.pack("<4sI", b"data", 0xFFFFFFFF) + sound
