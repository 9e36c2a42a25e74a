"""A sound file on standard input, what a telephone carries of it on standard output; alone in a process of its own.

Whatever a file does to a decoder, it does to this process: no call notices. So nothing of ours is imported here.

    python -I telephone.py wav SECONDS < recording.m4a > clip.wav    # at most so long, without the silence around it
    python -I telephone.py mp3 < clip.wav > clip.mp3                 # for loudspeakers

Exit status 3 stands for a refusal; its reason is the one word on standard error: none, damaged, video, silent, long.
"""

import io
import resource
import sys
import wave

import av
import numpy as np
from av.error import FFmpegError

REFUSED = 3
HERTZ = 8_000  # 16 bit, mono: what a telephone network carries
LOUD_DB = -20.0  # of full scale, while somebody speaks
PEAK = 0.89  # -1 dB: the highest that is left to a telephone
MOST_GAIN_DB = 30.0  # of a whisper into a far microphone; more would be noise
SILENT_DB = -50.0  # a frame below this holds no voice
QUIETER_DB = 35.0  # than the loudest: the room, not the voice
FRAME = HERTZ // 50  # 20 ms
AROUND = 7  # frames of silence that stay before and after: a word that begins at once sounds cut
MAX_READ_S = 600.0  # of any file: an endless one ends here
MAX_MEMORY, MAX_CPU_S = 2 * 2**30, 20
VIDEO = 1 << 10  # AV_DISPOSITION_ATTACHED_PIC: a cover is no film


class Refused(Exception):
    """The text is the one word."""


def kind(data: bytes) -> str:
    """What the first bytes say it is. A decoder is never left to guess: some kinds name other files to be opened."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "mp4"
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if data[:4] == b"OggS":
        return "ogg"
    if data[:3] == b"ID3" or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0):
        return "mp3"
    raise Refused("none")


def samples(data: bytes, most_s: float) -> np.ndarray:
    """The sound at a telephone's pace, from -1 to 1. Raises ``Refused``."""
    try:
        with av.open(io.BytesIO(data), "r", format=kind(data)) as file:
            if any(not stream.disposition & VIDEO for stream in file.streams.video):
                raise Refused("video")
            if not file.streams.audio:
                raise Refused("none")
            resampler = av.AudioResampler(format="s16", layout="mono", rate=HERTZ)
            parts, count = [], 0
            for frame in file.decode(file.streams.audio[0]):
                for each in resampler.resample(frame):
                    parts.append(each.to_ndarray()[0])
                    count += each.samples
                if count > most_s * HERTZ:
                    raise Refused("long")
            parts += [each.to_ndarray()[0] for each in resampler.resample(None)]
    except (FFmpegError, ValueError, EOFError):  # PyAV raises these for whatever it cannot make sense of
        raise Refused("damaged") from None
    if not parts:
        raise Refused("silent")
    return np.concatenate(parts).astype(np.float64) / 32_768


def spoken(sound: np.ndarray) -> np.ndarray:
    """Without the silence around it, and as loud as every other. Raises ``Refused``."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    if not len(frames):
        raise Refused("silent")
    levels_db = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    loudest_db = float(np.percentile(levels_db, 95))
    voiced = np.flatnonzero(levels_db > max(SILENT_DB, loudest_db - QUIETER_DB))
    if loudest_db < SILENT_DB or not len(voiced):
        raise Refused("silent")
    begin, end = max(0, voiced[0] - AROUND) * FRAME, (voiced[-1] + 1 + AROUND) * FRAME
    level_db = 10 * np.log10(np.mean(frames[voiced] ** 2))
    gain = 10 ** (min(LOUD_DB - level_db, MOST_GAIN_DB) / 20)
    loud: np.ndarray = np.clip(sound[begin:end] * gain, -PEAK, PEAK)
    return loud


def as_wav(sound: np.ndarray) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, HERTZ, 0, "NONE", ""))
        file.writeframes((sound * 32_767).astype("<i2").tobytes())
    return written.getvalue()


def as_mp3(wav: bytes) -> bytes:
    written = io.BytesIO()
    with av.open(io.BytesIO(wav), "r", format="wav") as source, av.open(written, "w", format="mp3") as target:
        stream = target.add_stream("libmp3lame", rate=16_000, layout="mono", bit_rate=48_000)
        for frame in source.decode(source.streams.audio[0]):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return written.getvalue()


def main(wanted: str, most_s: float = MAX_READ_S) -> bytes:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    given = sys.stdin.buffer.read()
    if wanted == "mp3":
        return as_mp3(given)
    sound = spoken(samples(given, MAX_READ_S))
    if len(sound) > most_s * HERTZ:
        raise Refused("long")
    return as_wav(sound)


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(main(sys.argv[1], *map(float, sys.argv[2:])))
    except Refused as refused:
        sys.stderr.write(str(refused))
        sys.exit(REFUSED)
