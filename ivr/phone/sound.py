"""What is recorded when nobody speaks into a microphone: a tone, as the WAV file Twilio would make."""

import io
import math
import struct
import wave

HERTZ = 8000  # 16 bit, mono: what a telephone line carries
TONE_HERTZ, LOUDNESS = 440, 8000
SECOND = struct.pack(
    f"<{HERTZ}h", *(round(LOUDNESS * math.sin(2 * math.pi * TONE_HERTZ * n / HERTZ)) for n in range(HERTZ))
)


class NoSound(Exception):
    """These bytes are no WAV file."""


def tone(seconds: int) -> bytes:
    """A WAV file of *seconds* whole seconds."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, HERTZ, 0, "NONE", ""))
        sound.writeframes(SECOND * seconds)
    return file.getvalue()


def seconds_of(wav: bytes) -> int:
    """How long a WAV file is, in whole seconds, at least 1 when it holds any sound. Raises ``NoSound``."""
    try:
        with wave.open(io.BytesIO(wav)) as sound:
            frames, hertz = sound.getnframes(), sound.getframerate()
    except (wave.Error, EOFError) as error:
        raise NoSound(str(error) or "it ends too early") from None
    if not hertz:
        raise NoSound("it has no sampling rate")
    return max(int(frames / hertz + 0.5), 1 if frames else 0)
