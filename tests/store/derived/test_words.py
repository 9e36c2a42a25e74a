"""The index of words: how text is cut, and that whatever is written is found, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.store.derived import words as word_index
from ivr.store.derived.words import CARDS, LINES
from ivr.store.models import CallerCard, HistoryLine, IndexedUpTo
from ivr.store.session import Sessions
from ivr.store.tickets import work
from tests.builders import new_phone, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def found(db: Session, index: str, words: str) -> set[int]:
    query = word_index.matching(db, index, words)
    return set() if query is None else set(db.scalars(query))


@pytest.mark.parametrize(
    ("words", "tokens"),
    [
        ("降压药", ["降压", "压药", "药"]),
        ("药", ["药"]),
        ("３号楼 Wheel-Chair", ["3", "号楼", "楼", "wheel", "chair"]),
        ("老王，老王", ["老王", "王"]),
        ("a_b %'\"*:&|!()<>\\ 🚑", ["a", "b"]),
        ("", []),
        ("—…！", []),
    ],
)
def test_text_is_cut_into_words_and_pairs_of_characters(words: str, tokens: list[str]):
    assert tokens == word_index.tokens(words)


def test_a_word_without_end_is_cut_off():
    assert ["a" * 32] == word_index.tokens("a" * 65_000)
    assert 16 == len(word_index.asked(" ".join(map(str, range(1000)))))


def test_a_note_is_found_from_the_moment_it_is_written(writing: Session):
    """By a part, by one character, by the beginning of a word; not by what only looks alike."""
    staff = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=staff)
    work.note(writing, staff, ticket.id, "送降压药到3号楼，带 Wheelchair 去", NOON)
    line = ticket.history[-1].id

    for words in ("降压药", "药", "压", "3号楼", "降压药 wheelchair", "wheelch", "３号楼", "楼，药！"):
        assert {line} == found(writing, LINES, words), words
    for words in ("降药", "药压", "wheelchairs", "降压药 轮椅", "eelchair", "银杏"):
        assert set() == found(writing, LINES, words), words


@pytest.mark.parametrize(
    "words", ["", " ", "%", "*", '"', "'", "AND OR NOT NEAR(", "🚑", "\\", ":*", "a" * 65_000, "药" * 9]
)
def test_any_text_can_be_searched_for(writing: Session, words: str):
    new_ticket(writing)

    assert set() == found(writing, LINES, words)


def test_codes_and_ids_are_nobodys_words(writing: Session):
    ticket = new_ticket(writing)
    writing.add(HistoryLine(ticket_id=ticket.id, at=NOON, kind="need", detail={"from": "food", "to": "medicine"}))
    writing.flush()

    assert set() == found(writing, LINES, "medicine")


def test_a_name_on_a_card_is_found_until_it_changes_or_goes(writing: Session):
    card = CallerCard(phone_id=new_phone(writing).id, name="王奶奶", updated_at=NOON, consent_at=NOON)
    writing.add(card)
    writing.flush()
    assert {card.phone_id} == found(writing, CARDS, "王奶奶")

    card.name = "陈奶奶"
    writing.flush()
    assert set() == found(writing, CARDS, "王")
    assert {card.phone_id} == found(writing, CARDS, "陈")

    card.name = None
    writing.flush()
    assert set() == found(writing, CARDS, "陈")
    card.name = "陈奶奶"
    writing.flush()
    writing.delete(card)
    writing.flush()
    assert set() == found(writing, CARDS, "陈")


def test_a_line_that_is_taken_back_is_not_indexed(sessions: Sessions):
    """The index is part of the ticket's transaction."""
    with sessions.begin() as db:
        staff = new_staff(db)
        ticket = new_ticket(db, claimed_by=staff)
    with sessions.begin() as db:
        work.note(db, staff, ticket.id, "轮椅", NOON)
        db.rollback()

    with sessions.read() as db:
        assert set() == found(db, LINES, "轮椅")


def test_lines_of_before_the_index_are_found_step_by_step(sessions: Sessions, monkeypatch: pytest.MonkeyPatch):
    """Each step goes on where the last one stopped; what is young may still be followed by lower ids, and waits."""
    monkeypatch.setattr(word_index, "BATCH_LINES", 2)
    with sessions.begin() as db:
        ticket = new_ticket(db, opened_at=NOON)
        ids = []
        for minutes, words in ((1, "轮椅"), (2, "降压药"), (3, "大米"), (60, "牛奶")):
            line = HistoryLine(
                ticket_id=ticket.id, at=NOON + timedelta(minutes=minutes), kind="note", detail={"text": words}
            )
            db.add(line)
            db.flush()
            ids.append(line.id)
        db.execute(text("DELETE FROM history_words"))

    steps = []
    for _ in range(3):
        with sessions.begin() as db:
            steps.append(word_index.catch_up(db, NOON + timedelta(minutes=61)))
    assert [True, True, False] == steps
    with sessions.begin() as db:
        assert [{ids[0]}, {ids[1]}, {ids[2]}, set()] == [
            found(db, LINES, w) for w in ("轮椅", "降压药", "大米", "牛奶")
        ]
        assert ids[2] == db.get_one(IndexedUpTo, 1).line_id
        word_index.catch_up(db, NOON + timedelta(hours=2))
        assert {ids[3]} == found(db, LINES, "牛奶")
