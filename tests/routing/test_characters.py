"""What nobody sees is known by its kind, of all of Unicode."""

import sys
import unicodedata

from routing.characters import CONTROL, CONTROL_WITHIN_LINES, HIDDEN

EVERY = "".join(map(chr, range(sys.maxunicode + 1)))


def test_control_characters_and_halves_of_characters_are_all_known():
    expected = {each for each in EVERY if unicodedata.category(each) in ("Cc", "Cs")}

    assert expected == set(CONTROL.findall(EVERY))
    assert expected - {"\t", "\n"} == set(CONTROL_WITHIN_LINES.findall(EVERY))


def test_what_is_hidden_is_no_letter_digit_mark_or_space():
    """Separators of lines, marks of direction, and what has no width; and U+FFFC and U+FFFD, where a character was."""
    hidden = set(HIDDEN.findall(EVERY)) - set(CONTROL.findall(EVERY))

    assert {"Cf", "Zl", "Zp", "Cn", "So"} == {unicodedata.category(each) for each in hidden}
    assert {"\ufffc", "\ufffd"} == {each for each in hidden if each.isprintable()}
