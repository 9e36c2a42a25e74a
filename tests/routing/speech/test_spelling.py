"""How a sentence is written before anything in it is looked up."""

import pytest

from routing.speech.lexicon import Lexicon
from routing.speech.spelling import Spelling


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("i can't, cannot, cant", "i can not, can not, can not"), ("she's not", "she is not"), ("don't", "do not"),
        ("wouldn't've", "would not have"), ("really no", "no"), ("'s", "'s"), ("cantor", "cantor"), ("不's", "不 is"),
    ],
)  # fmt: skip
def test_one_spelling(heard: str, written: str):
    table = {"can not": ["can't|cannot|cant"], "is": ["-'s"], "not": ["-n't"], "have": ["-'ve"], "": ["really"]}
    assert written == Spelling.of(table).one(heard)


def test_tables_are_spelt_as_the_sentence_is():
    lexicon = Lexicon.of({"spelling": {"can not": ["can't|cannot"]}, "alarm": ["can't breathe", "cannot see"]})
    for sentence in ("can not breathe", "can not see"):
        assert [(len(sentence), ["alarm"])] == [
            (end, [sense.tag for sense in senses]) for end, senses in lexicon.words.words(sentence, 0)
        ]
