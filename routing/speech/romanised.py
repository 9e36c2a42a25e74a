"""How people type a Chinese name without Chinese characters: 银杏 is yinxing, yin xing, yx; 吕 is lü, lv and lu."""

import re
import unicodedata

from routing.speech.phonetics import HAN, NO_SYLLABLE, SYLLABLES, sounds

RUN = re.compile(f"{HAN.pattern}+")
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f'’-]+")  # a word with its marks, xi'an too
LONGEST = 12  # characters of a name; of a longer run only its beginning is spelt
MAX_LINES = 6  # ways to read one name, each with another reading of one character


def spellings(text: str) -> list[str]:
    """What the Chinese in *text* may be typed as: each syllable, all from each one on, and their first letters."""
    found: dict[str, None] = {}
    for run in RUN.findall(text):
        for line in _lines(run[:LONGEST]):
            found |= dict.fromkeys("".join(line[at:]) for at in range(len(line)))
            found |= dict.fromkeys((*line, "".join(syllable[0] for syllable in line)))
    return list(found | dict.fromkeys(each.replace("v", "u") for each in found if "v" in each))


def typed(text: str) -> str:
    """*text* with its Latin words as ``spellings`` has them: no tones, ü as v, no apostrophe or dash inside."""
    return LATIN.sub(lambda word: _bare(word.group()), text)


def _bare(word: str) -> str:
    apart = unicodedata.normalize("NFD", word).replace("u\u0308", "v").replace("U\u0308", "V")
    return "".join(letter for letter in apart if letter.isalpha())


def _lines(run: str) -> list[list[str]]:
    """The usual reading of a run of characters, and those in which one character is read otherwise."""
    read = [[SYLLABLES[n] for n in sound if n != NO_SYLLABLE] for sound in sounds(run, every_reading=True)]
    read = [readings for readings in read if readings]
    usual = [readings[0] for readings in read]
    others = [[*usual[:at], other, *usual[at + 1 :]] for at, readings in enumerate(read) for other in readings[1:]]
    return [usual, *others][:MAX_LINES] if usual else []
