"""Which script a letter is of: a Mandarin voice says no English word, and an English voice is silent at 银杏社区."""

import unicodedata

LETTERS = 2  # so few Latin letters within another script are spelt (B区, 3A村), which every voice can
SCRIPTS = {"CJK": "Han", "LATIN": "Latin"}  # by the first word of a character's name; others are named by that word


def script(character: str) -> str | None:
    """The script of a letter (``Han``, ``Latin``, ``CYRILLIC`` …); None for what every voice can say: digits, marks."""
    if not character.isalpha():
        return None
    name = unicodedata.name(character, "").partition(" ")[0]
    return SCRIPTS.get(name, name) or None
