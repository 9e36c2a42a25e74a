"""Searching tickets: by number, telephone, community, the caller's name or somebody's words. Done ones are found too.

What is searched for is answered in every way that it can be meant; each way has a list of its own, the newest first,
and looks at so many rows at most, however many there are.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.derived import words as word_index
from ivr.store.directory import lookup
from ivr.store.models import CommunityRow, HistoryLine, Phone, Staff, Ticket, phone
from ivr.store.models.phone import TAIL_DIGITS
from ivr.store.models.ticket import ids_of
from routing.phone_numbers import Home, dictated
from routing.speech import romanised
from routing.speech.normalise import normal

MAX_CHARS = 100  # of a search; the rest is left out
FEW_TICKETS, PAGE_TICKETS = 5, 30
MAX_CALLERS = 200  # of one name or number
LINES_PER_TICKET = 8  # with the words, looked at for each ticket of a page: the newest, whoever may see them
MAX_PLACES = 100  # communities of a street, or that one word may mean
BETWEEN_DIGITS = re.compile(r"[\s().+·/-]")
# What people write around a number: #101, No. 101, 工单101号, 电话：138…
BEFORE = re.compile(r"(?:#|№|no\.?|ticket|tel\.?|phone|工单|编号|电话|手机|来电|尾号|号码?|单号|第|[\s:：])+")
AFTER = re.compile(r"[\s。.,，#]*(?:号|號)?(?:工单|单)?[\s。.,，]*$")
NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that was found; ``words`` are those in its history that were searched for, if it was for them."""

    ticket_id: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one way of searching brought. ``more``: where to go on in this way, None at the end."""

    way: str
    hits: Sequence[Hit]
    more: int | None
    communities: Sequence[CommunityRow] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Who searches for what, whence and for how many. ``home``: of numbers without country or area.

    ``text`` is in its one spelling, ``typed`` as it was typed: what was written in it once is found by it too.
    """

    staff: Staff
    text: str
    typed: str
    home: Home
    before: int | None
    limit: int


def search(
    db: Session, staff: Staff, text: str, home: Home, way: str | None = None, before: int | None = None
) -> list[Found]:
    """The beginning of what every way finds, each ticket once; with a *way* a page of that one's, from *before* on."""
    text = " ".join(text[:MAX_CHARS].replace("\0", " ").encode(errors="ignore").decode().split())
    question = Question(staff, normal(text), text, home, before, PAGE_TICKETS if way else FEW_TICKETS)
    if way:
        return [WAYS[way](db, question)] if text else []
    found, seen = [], set[int]()
    for each in (find(db, question) for find in WAYS.values() if text):
        hits = tuple(hit for hit in each.hits if hit.ticket_id not in seen)
        seen |= {hit.ticket_id for hit in hits}
        if hits or each.more:
            found.append(replace(each, hits=hits))
    return found


def number_in(text: str) -> str:
    """The ASCII digits of a text that is one number and what people write around it; else nothing."""
    bare = BETWEEN_DIGITS.sub("", AFTER.sub("", BEFORE.sub("", text, count=1) if BEFORE.match(text) else text))
    digits = "".join(str(unicodedata.decimal(each, "x")) for each in bare.translate(NUMERALS))
    return digits if digits.isdigit() else ""


def by_number(db: Session, question: Question) -> Found:
    """The ticket of this number. Numbers begin anew after the last, so several may have had it."""
    digits = number_in(question.text)
    ids = ids_of(digits, db.scalar(select(func.max(Ticket.id))) or 0) if digits else ()
    if not ids:
        return Found("number", (), None)
    return _page(db, question, "number", Ticket.id.in_(ids))


def by_phone(db: Session, question: Question) -> Found:
    """Tickets of a caller's whole number, or of its last digits.

    A number that the reader sees masked is compared by the digits they see, and by no more: else they could find out
    the others by trying.
    """
    digits = number_in(question.text)
    if len(digits) < TAIL_DIGITS:
        return Found("phone", (), None)
    number = dictated(("+" if "+" in question.text else "") + digits, question.home)
    alike = db.scalars(select(Phone).where(phone.ends_with(digits[-TAIL_DIGITS:]))).all()
    whole = [each.id for each in alike if each.e164.endswith(digits) or each.e164 == number]
    meant = or_(rules.masked_for(question.staff), Ticket.caller_id.in_(whole))
    return _page(db, question, "phone", and_(Ticket.caller_id.in_([each.id for each in alike]), meant))


def by_community(db: Session, question: Question) -> Found:
    """Tickets of the communities whose name, other name, street or keypad number contains the words."""
    rows = lookup.search(db, question.text, MAX_PLACES)
    if not rows:
        return Found("community", (), None)
    newest = [
        select(_tickets(question, Ticket.community_code == row.code).subquery()) for row in rows
    ]  # each from its own index: together they could be most tickets there are
    every = union_all(*newest).subquery()
    ids = db.scalars(select(every.c.id).order_by(every.c.id.desc()).limit(question.limit + 1)).all()
    return _found("community", ids, question.limit, rows)


def by_name(db: Session, question: Question) -> Found:
    """Tickets of callers on whose card this name stands, as far as the reader may read the card."""
    typed = romanised.typed(question.text)
    named = word_index.matching(db, word_index.CARDS, typed, limit=MAX_CALLERS, beginnings=True)
    if named is None:
        return Found("name", (), None)
    callers = select(named.subquery().c.id)
    readable = rules.granted(question.staff, "see_number")
    return _page(db, question, "name", and_(Ticket.caller_id.in_(callers), readable))


def by_words(db: Session, question: Question) -> Found:
    """Tickets in whose history somebody wrote the words, the newest words first.

    A ticket in whose history they stand several times may come again on a later page.
    """
    most = question.limit * LINES_PER_TICKET
    lines = word_index.matching(db, word_index.LINES, question.text, question.before, most)
    if lines is None:
        return Found("words", (), None)
    newest = lines.subquery()
    seen = and_(Ticket.id == HistoryLine.ticket_id, *_visible(question.staff))
    read = (
        select(newest.c.id, Ticket.id.label("ticket_id"), HistoryLine.kind, HistoryLine.detail)
        .join(HistoryLine, HistoryLine.id == newest.c.id)
        .outerjoin(Ticket, seen)
        .order_by(newest.c.id.desc())
    )
    rows = db.execute(read).all()
    hits: dict[int, Hit] = {}
    last = None
    for row in rows:
        if len(hits) == question.limit and row.ticket_id not in hits:
            return Found("words", tuple(hits.values()), last)
        if row.ticket_id is not None:
            hits.setdefault(row.ticket_id, Hit(row.ticket_id, word_index.words_of(row.kind, row.detail)))
        last = row.id
    return Found("words", tuple(hits.values()), rows[-1].id if len(rows) == most else None)


WAYS = {"number": by_number, "phone": by_phone, "community": by_community, "name": by_name, "words": by_words}


def _visible(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    return rules.visible_to(staff), Ticket.merged_into_id.is_(None)


def _tickets(question: Question, condition: ColumnElement[bool]) -> Any:
    query = select(Ticket.id).where(condition, *_visible(question.staff)).order_by(Ticket.id.desc())
    if question.before is not None:
        query = query.where(Ticket.id < question.before)
    return query.limit(question.limit + 1)


def _page(db: Session, question: Question, way: str, condition: ColumnElement[bool]) -> Found:
    return _found(way, db.scalars(_tickets(question, condition)).all(), question.limit)


def _found(way: str, ids: Sequence[int], limit: int, communities: Sequence[CommunityRow] = ()) -> Found:
    hits = tuple(Hit(each) for each in ids[:limit])
    return Found(way, hits, ids[limit - 1] if len(ids) > limit else None, communities)
