"""A hand-made day of forty calls, Monday 2 March 2026 in Ningbo, looked at on Tuesday at eight; and its right answers.

The answers were counted by hand from the tables here. Around the day lie rows that belong to no figure of it: a test
call, the calls of the seconds before and after, a merged ticket, a test's ticket.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ivr.store.models import Call, HistoryLine, Staff, Ticket
from tests.builders import new_call, new_community, new_staff, new_ticket, new_turn

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # eight in the morning
HERE, THERE = "330206001001", "330206002001"

# When, by whom (None: withheld), how long, how it ended, where it was left; after how many seconds the caller asked for
# a person and one took the call.
CALLS: tuple[tuple[str, str | None, float | None, str | None, str | None, float | None, float | None], ...] = (
    ("00:00:00", "a", 60, "message", None, None, None),
    ("07:10:00", "b", 2, "hung_up", "need", None, None),
    ("07:59:59", "c", 70, "message", None, None, None),
    ("08:00:00", "a", 60, "message", None, 20, None),
    ("08:05:00", "d", 65, "message", None, None, None),
    ("08:09:00", None, 30, "hung_up", "need", None, None),
    ("08:10:00", "e", 120, "person", None, 4, 10),
    ("08:20:00", "f", 80, "message", None, None, None),
    ("08:30:00", "g", 75, "message", None, None, None),
    ("08:40:00", "h", 90, "person", None, 8, 15),
    ("08:45:00", "b", 66, "message", None, None, None),
    ("08:59:00", "i", 5, "hung_up", "need", None, None),
    ("09:00:00", "a", 61, "message", None, None, None),
    ("09:02:00", "j", 150, "person", None, 2, 16),
    ("09:10:00", "k", 62, "message", None, 9, None),
    ("09:15:00", "l", 4.9, "hung_up", "need", None, None),
    ("09:20:00", "m", 40, "goodbye", None, None, None),
    ("09:30:00", "n", 63, "message", None, None, None),
    ("09:40:00", "o", 200, "person", None, 20, 40),
    ("09:50:00", None, 22, "hung_up", "community", None, None),
    ("10:00:00", "p", 64, "message", None, None, None),
    ("10:05:00", "a", 35, "goodbye", None, None, None),
    ("10:10:00", "q", 180, "person", None, 16, 30),
    ("10:20:00", "r", 7200, "lost_track", None, None, None),
    ("10:30:00", "s", 18, "hung_up", "need", None, None),
    ("10:59:59", "c", 68, "message", None, None, None),
    ("14:00:00", "t", 77, "message", None, None, None),
    ("14:10:00", "u", 110, "person", None, None, 15.001),
    ("14:20:00", "b", 29, "hung_up", "community", None, None),
    ("14:30:00", "v", 50, "message", None, None, None),
    ("14:40:00", None, 72, "message", None, None, None),
    ("16:00:00", "w", 55, "message", None, 30, None),
    ("16:10:00", "x", 140, "message", None, 45, 60),  # a message first, then somebody took the call after all
    ("16:20:00", "y", 33, "goodbye", None, None, None),
    ("16:30:00", "z", 7200, "lost_track", None, None, None),
    ("20:00:00", "1", 74, "message", None, None, None),
    ("20:10:00", "2", 12, "hung_up", "message", None, None),
    ("20:20:00", "3", 26, "hung_up", "person", 6, None),
    ("23:30:00", "4", None, None, None, 6, 12),
    ("23:59:59", "5", None, None, None, None, None),
)
OF_CALLS = {
    "calls": 40,
    "by_person": 8,
    "message": 17,
    "completed": 3,
    "abandoned": 7,
    "too_short": 2,
    "lost_track": 2,
    "going_on": 1,
    "wanted_person": 12,
    "within_of_start": 3,
    "within_of_wish": 6,
    "repeat": 7,
}
LEFT_AT = [("need", 3), ("community", 2), ("message", 1), ("person", 1)]
BY_HOUR = {0: 1, 7: 2, 8: 9, 9: 8, 10: 6, 14: 5, 16: 4, 20: 3, 23: 2}
WEEK_BEFORE = 3  # calls
# Which calls named their community, and how that went.
UNDERSTOOD = {"place_first": 3, "place_asked": 1, "place_missed": 1, "place_corrected": 1}


@dataclass(frozen=True, slots=True)
class Made:
    """A ticket by the minutes from its opening: claimed, tries to reach the caller, resolved."""

    name: str
    opened: str
    need: str | None = "medicine"
    community: str | None = HERE
    due: int = 120
    holder: str = "zhang"
    claimed: int | None = None
    tries: tuple[tuple[int, str], ...] = ()
    talked: int | None = None
    resolved: int | None = None
    result: str = "helped"
    reopened: int | None = None
    asked_after: str | None = None
    urgent: bool = False
    typed: bool = False


TICKETS = (
    Made("kept", "08:10", claimed=5, tries=((20, "reached"),), resolved=60, asked_after="confirmed"),
    Made("tried", "08:20", claimed=15, tries=((30, "no_answer"), (150, "reached")), resolved=160),
    Made("late", "08:30", "food", claimed=30, tries=((125, "reached"),)),
    Made("on the line", "08:45", "food", THERE, claimed=10, talked=1, resolved=90),
    Made("forgotten", "09:00", community=THERE),
    Made("just done", "09:10", "transport", None, claimed=60, resolved=100),
    Made("to the minute", "09:30", "other", holder="li", claimed=3, tries=((120, "reached"),), resolved=300),
    Made(
        "never there",
        "10:00",
        holder="li",
        claimed=20,
        tries=((30, "no_answer"), (60, "busy"), (390, "no_answer")),
        resolved=400,
        result="not_reached",
    ),
    Made(
        "at the window",
        "14:00",
        "food",
        THERE,
        holder="li",
        claimed=0,
        tries=((10, "reached"),),
        resolved=45,
        typed=True,
    ),
    Made(
        "again",
        "14:30",
        due=30,
        claimed=2,
        tries=((8, "reached"),),
        resolved=20,
        reopened=40,
        asked_after="not_right",
        urgent=True,
    ),
    Made("tomorrow", "16:00", None, None, due=17 * 60),
    Made("early", "20:00", community=THERE, due=13 * 60 + 30, holder="li", claimed=600, tries=((610, "reached"),)),
)
OF_TICKETS = {
    "tickets": 12,
    "urgent": 1,
    "by_hand": 1,
    "claimed": 10,
    "contacted": 9,
    "resolved": 7,
    "kept": 7,
    "tried": 2,
    "broken": 2,
    "pending": 1,
    "confirmed": 1,
    "not_right": 1,
    "rated_good": 0,
    "rated_bad": 0,
}
STANDING = {"waiting": 6, "unclaimed": 2, "overdue": 4}  # with an old one of the evening before
TIMES_MIN = {"claimed": (10, 10, 60), "contacted": (9, 100, 610), "resolved": (7, 100, 400)}  # how many, median, 90 %
BY_NEED = {  # tickets, broken promises, overdue now
    "medicine": (6, 1, 2),
    "food": (3, 1, 2),
    "transport": (1, 0, 0),
    "other": (1, 0, 0),
    None: (1, 0, 0),
}
BY_COMMUNITY = {HERE: (6, 1, 3), THERE: (4, 1, 1), None: (2, 0, 0)}
QUALITY = {"no_community": 2, "doubled": 0, "no_sound": 0, "impossible_number": 0, "never_spoken": 1}
# Held now, settled on the day, the longest stretch in minutes: Zhang from 08:15 to a note at 20:30.
WORK = {"zhang": (2, 5, 12 * 60 + 15), "li": (2, 3, 7 * 60 + 7)}


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.combine(day, datetime.strptime(clock.ljust(8, "x").replace("xxx", ":00"), "%H:%M:%S").time(), ZONE)


def make(db: Session) -> None:
    """The day, and what lies around it."""
    new_community(db, HERE)
    new_community(db, THERE, "高塘社区", "小港街道")
    people = {name: new_staff(db, name) for name in ("zhang", "li")}
    calls = [_call(db, at(row[0]), row) for row in CALLS]
    _call(db, at("08:00:00"), CALLS[4], test=True)
    for moment in (at("00:00") - timedelta(seconds=1), at("00:00", DAY + timedelta(days=1))):
        _call(db, moment, CALLS[4])
    for clock in ("08:00", "08:01", "22:00"):
        _call(db, at(clock, DAY - timedelta(days=7)), CALLS[4])
    made = {each.name: _ticket(db, each, people) for each in TICKETS}
    for name in ("kept", "just done"):
        _note(db, made[name], at("18:00" if name == "kept" else "20:30"), people["zhang"], "note", {"text": "…"})
    new_ticket(db, community=HERE, caller=None, opened_at=at("08:12"), merged_into_id=made["kept"].id)
    new_ticket(db, community=HERE, caller=None, opened_at=at("08:12"), test=True)
    evening = at("20:00", DAY - timedelta(days=1))
    old = new_ticket(db, need="food", community=HERE, caller=None, opened_at=evening, claimed_by=people["li"])
    _note(db, old, evening, people["li"], "claimed", {})
    _understood(db, calls, made, people["zhang"])


def _call(db: Session, started: datetime, row: tuple, test: bool = False) -> Call:
    _, caller, seconds, outcome, left_at, wish, taken = row
    number = f"+86138000000{ord(caller):02d}" if caller else None
    call = new_call(
        db, caller=number, started_at=started, seconds=None, outcome=outcome, left_at=left_at, test=test
    )  # fmt: skip
    call.ended_at = None if seconds is None else started + timedelta(seconds=seconds)
    call.wants_person_at = None if wish is None else started + timedelta(seconds=wish)
    call.taken_at = None if taken is None else started + timedelta(seconds=taken)
    return call


def _ticket(db: Session, made: Made, people: dict[str, Staff]) -> Ticket:
    opened, holder = at(made.opened), people[made.holder]

    def later(minutes: int) -> datetime:
        return opened + timedelta(minutes=minutes)

    done = made.resolved is not None and made.reopened is None
    ticket = new_ticket(
        db,
        need=made.need,
        community=made.community,
        caller=None,
        opened_at=opened,
        due_at=later(made.due),
        urgent=made.urgent,
        typed_by_id=holder.id if made.typed else None,
        status="resolved" if done else "new" if made.claimed is None else "claimed",
        claimed_by=None if made.claimed is None else holder,
        resolved_at=later(made.resolved) if done and made.resolved else None,
        talked_at=None if made.talked is None else later(made.talked),
    )
    if made.claimed is not None:
        _note(db, ticket, later(made.claimed), holder, "claimed", {})
    for minutes, outcome in made.tries:
        _note(db, ticket, later(minutes), holder, "attempt", {"outcome": outcome})
    if made.talked is not None:
        _note(db, ticket, later(made.talked), None, "talked", {"call": "CA1"})
    if made.resolved is not None:
        detail = {} if made.result == "helped" else {"result": made.result}
        _note(db, ticket, later(made.resolved), holder, "resolved", detail)
    if made.asked_after is not None:
        _note(db, ticket, later((made.resolved or 0) + 10), None, made.asked_after, {})
    if made.reopened is not None:
        _note(db, ticket, later(made.reopened), holder, "reopened", {"why": "…"})
    return ticket


def _note(db: Session, ticket: Ticket, moment: datetime, staff: Staff | None, kind: str, detail: dict) -> None:
    db.add(HistoryLine(ticket_id=ticket.id, staff_id=staff and staff.id, at=moment, kind=kind, detail=detail))
    db.flush()


def _understood(db: Session, calls: list[Call], made: dict[str, Ticket], corrector: Staff) -> None:
    """Six of the calls named a community: three at once, one after two questions, one in vain; one was put right."""
    said = {"kind": "speech", "text": "银杏社区"}
    for n, questions in ((3, 1), (4, 1), (7, 1), (8, 2), (10, 1), (12, 1)):
        for _ in range(questions):
            new_turn(db, calls[n], "community", said, {"match": {"decision": "accept", "candidates": []}})
        calls[n].community_code = None if n == 10 else HERE
    calls[12].ticket_id = made["forgotten"].id
    _note(db, made["forgotten"], at("12:00"), corrector, "community", {"from": HERE, "to": THERE})
    new_turn(db, calls[2])  # who pressed a key named nothing
