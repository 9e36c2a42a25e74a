"""Words that a recogniser wrote with other characters of the same sound."""

from hypothesis import given
from hypothesis import strategies as st

from routing.speech.alike import Alike

WORDS = {
    "needs": {"medicine": {"alike": ["降压药", "买药"], "things": ["药"]}},
    "emergencies": {"fire": {"alike": ["着火了"]}},
}
HEARD = Alike.of(WORDS)


def meanings(text: str) -> list[tuple[str, str]]:
    return [(each.words, each.stands_for) for each in HEARD.found(text)]


def test_other_characters_of_the_same_sound_are_the_same_word():
    assert [("降鸭要", "need.medicine")] == meanings("家里降鸭要没了")
    assert [("找火了", "emergency.fire"), ("埋要", "need.medicine")] == meanings("找火了还要埋要")


def test_what_accents_confuse_is_the_same():
    assert [("早火了", "emergency.fire")] == meanings("早火了")


def test_only_listed_words_are_known_by_their_sound():
    """One syllable sounds like too many words."""
    assert [] == meanings("要")
    assert [] == Alike.of({}).found("降压药")


@given(text=st.text())
def test_any_text_sounds_like_something_or_nothing(text: str):
    assert all(each.words in text for each in HEARD.found(text))
