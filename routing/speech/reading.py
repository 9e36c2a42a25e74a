"""One reading of a sentence: everything it may mean to the hotline, found once."""

from routing.speech.intents import Vocabulary, spoken_digits, understand
from routing.speech.meaning import Emergency, Meaning, SpokenNumber, Wish


def read(text: str, words: Vocabulary) -> Meaning:
    """What *text* means in the language of *words*; any Unicode, an empty text means nothing."""
    found = understand(text, words)
    digits = spoken_digits(text)
    wishes = {Wish.PERSON: found.person, Wish.AGAIN: found.again, Wish.REDO: found.redo}
    return Meaning(
        text=text,
        needs=found.needs,
        emergency=Emergency("", found.emergency) if found.emergency else None,
        answer=True if found.yes else False if found.no else None,
        wishes=frozenset(wish for wish, wanted in wishes.items() if wanted),
        language=found.language,
        choice=found.ordinal,
        numbers=(SpokenNumber(digits),) if digits else (),
        unknown=found.unknown,
        hello=found.hello,
    )
