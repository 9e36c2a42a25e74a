"""What most callers live through: a need, a community, a message, a promise."""

import pytest
from sqlalchemy.orm import Session

from ivr.phone.handset import Handset
from tests.stories.conftest import Ring, only_call, only_ticket

GINKGO = "330206001001"


@pytest.mark.parametrize(("key", "need"), [("1", "medicine"), ("2", "food"), ("3", "transport"), ("4", "other")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_need_by_key(phone: Handset, db: Session, key: str, need: str, language: str) -> None:
    """One key, one name, twelve seconds of message: one new ticket, in the caller's language."""
    phone.dial()
    if language == "en":
        phone.press("9")
    phone.press(key).press("101").leave_message(seconds=12)

    ticket = only_ticket(db)
    assert (need, GINKGO, "new", language) == (ticket.need, ticket.community_code, ticket.status, ticket.language)
    assert ([12], []) == ([recording.seconds for recording in ticket.recordings], ticket.flags)


@pytest.mark.parametrize(
    ("said", "need"),
    [("我想买点药", "medicine"), ("家里没吃的了", "food"), ("我要用车去医院", "transport"), ("别的事情", "other")],
)
def test_each_need_in_words(phone: Handset, db: Session, said: str, need: str) -> None:
    """Whoever talks needs no keys."""
    phone.dial().speak(said).speak("我住在银杏社区").leave_message()

    ticket = only_ticket(db)
    assert (need, GINKGO) == (ticket.need, ticket.community_code)


@pytest.mark.parametrize(
    ("said", "need"),
    [
        ("I need some medicine", "medicine"),
        ("we have nothing to eat", "food"),
        ("I need a ride to the hospital", "transport"),
        ("it is something else", "other"),
    ],
)
def test_each_need_in_english_words(phone: Handset, db: Session, said: str, need: str) -> None:
    """English is one key away, and is understood in the same way."""
    phone.dial().press("9").speak(said).speak("Yinxing community").leave_message()

    ticket = only_ticket(db)
    assert (need, GINKGO, "en") == (ticket.need, ticket.community_code, ticket.language)


def test_one_sentence_answers_both_questions(phone: Handset, db: Session) -> None:
    """Need and community in one breath: straight to the beep, the community said back on the way."""
    phone.dial().speak("我在银杏社区，想买点降压药")
    assert "银杏社区" in phone.said

    phone.leave_message(seconds=20)
    ticket = only_ticket(db)
    assert ("medicine", GINKGO) == (ticket.need, ticket.community_code)
    assert 3 == len(only_call(db).turns)  # the arrival, the sentence, the message


def test_the_goodbye_promises_then_names_the_number_twice(phone: Handset, db: Session) -> None:
    """The promise comes first; who stays on hears the ticket's number twice and the community's office once."""
    phone.dial().press("1").press("101").leave_message(key="#").silent()

    number = only_ticket(db).number
    words = phone.said.replace(" ", "")
    assert words.index("两小时内给您回电") < words.index("陌生号码") < words.index(number)
    assert (2, 1) == (words.count(number), words.count("057455500111"))
    assert "再见。" == phone.silent().said


def test_a_message_is_said_again(phone: Handset, db: Session) -> None:
    """2 after the message records once more; both recordings are kept."""
    phone.dial().press("1").press("101").leave_message(seconds=5, key="#").press("2").leave_message(seconds=9, key="#")
    phone.silent().silent()

    assert [5, 9] == [recording.seconds for recording in only_ticket(db).recordings]
    assert phone.ended


def test_every_request_repeated_changes_nothing(ring: Ring, db: Session) -> None:
    """A carrier that sends everything twice gets the same answers, and one ticket comes of it."""
    phone = ring(repeats=True)
    phone.dial().speak("我想买药").speak("银杏社区").leave_message(key="#").silent()

    assert [] == phone.differing
    ticket, call = only_ticket(db), only_call(db)
    assert (1, 1, "message") == (len(ticket.recordings), len(ticket.calls), call.outcome)
    assert [0, 1, 2, 3, 4] == [turn.n for turn in call.turns]


def test_the_menu_can_be_heard_again(phone: Handset, db: Session) -> None:
    """The star says the question again."""
    phone.dial().press("*")
    assert "买药请按1" in phone.said.replace(" ", "")


def test_english_in_a_chinese_call(phone: Handset, db: Session) -> None:
    """Who tells what they need in another language is understood in it, and goes on in it: nobody must press a key."""
    phone.dial().speak("I need some food please")
    assert "community" in phone.said

    phone.speak("Yinxing community").leave_message()
    ticket = only_ticket(db)
    assert ("food", GINKGO, "en") == (ticket.need, ticket.community_code, ticket.language)


def test_danger_in_another_language(phone: Handset, db: Session) -> None:
    phone.dial().speak("my husband has collapsed and he is not breathing")
    assert "1 2 0" in phone.said
    phone.leave_message()
    assert (True, "en") == (only_ticket(db).urgent, only_ticket(db).language)


def test_chinese_in_an_english_call(phone: Handset, db: Session) -> None:
    phone.dial().press("9").speak("我的药吃完了，帮我配点药").speak("银杏社区").leave_message()
    ticket = only_ticket(db)
    assert ("medicine", GINKGO, "zh") == (ticket.need, ticket.community_code, ticket.language)


def test_a_foreign_word_changes_no_language(phone: Handset, db: Session) -> None:
    """Chinese mixes in an OK, and recognisers write one where nobody spoke."""
    phone.dial().speak("OK bread").speak("我要买菜").press("101").leave_message()
    assert ("food", "zh") == (only_ticket(db).need, only_ticket(db).language)


def test_a_language_and_a_need_in_one_breath(phone: Handset, db: Session) -> None:
    phone.dial().speak("English please, I need my pills")
    phone.press("101").leave_message()
    assert ("medicine", "en") == (only_ticket(db).need, only_ticket(db).language)
