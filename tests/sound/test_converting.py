"""Any sound file becomes a telephone's; what is none, or says nothing, is refused with its reason."""

import io
import wave

import numpy as np
import pytest

from ivr.sound.converting import NotUsable, as_mp3, for_telephone
from tests.sound.files import endless_wav, file, voice


def loudness_db(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as wav:
        assert (1, 2, 8_000) == wav.getparams()[:3]
        heard = np.frombuffer(wav.readframes(wav.getnframes()), "<i2") / 32_768
    return float(10 * np.log10(np.mean(heard[2_000:-2_000] ** 2)))


@pytest.mark.parametrize("kind", ["wav", "mp3", "mp4", "webm"])
def test_whatever_holds_sound_is_made_for_the_telephone(kind: str):
    """Eight thousand samples a second, as loud as every other; two seconds stay about two."""
    clip = for_telephone(file(kind), most_s=10)
    assert 1.9 < clip.seconds < 2.4
    assert loudness_db(clip.data) == pytest.approx(-20, abs=2)


def test_a_whisper_is_raised_and_the_silence_around_it_is_cut():
    quiet = np.concatenate([np.zeros(32_000), voice(volume=0.01), np.zeros(48_000)])
    clip = for_telephone(file("wav", quiet), most_s=3)
    assert 1.9 < clip.seconds < 2.4
    assert loudness_db(clip.data) == pytest.approx(-20, abs=2)


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("silent", file("wav", np.zeros(32_000))),
        ("silent", file("wav", np.zeros(100))),
        ("video", file("mp4", film=True)),
        ("none", b""),
        ("none", "您好，红领热线。".encode()),
        ("none", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        ("damaged", b"ID3" + b"This is a text that somebody renamed." * 200),
        ("damaged", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        ("damaged", b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 100),
        ("long", file("wav", voice(seconds=6))),
        ("long", endless_wav(seconds=700)),
    ],
)
def test_what_cannot_be_played_is_refused_with_its_reason(reason: str, given: bytes):
    with pytest.raises(NotUsable) as refused:
        for_telephone(given, most_s=5)
    assert reason == refused.value.reason


def test_a_clip_can_be_had_as_mp3():
    """Which is sound again when it is read."""
    clip = for_telephone(file("wav"), most_s=5)
    assert 1.9 < for_telephone(as_mp3(clip.data), most_s=5).seconds < 2.5
