"""A shift is played: everybody in their own time, and every call ends up under one head."""

import io
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from rich.console import Console

from ivr.phone.acts import Act, Answered, HangUp, Leave, Silent, Unanswered
from ivr.phone.clock import Clock
from ivr.phone.ledger import Api
from ivr.phone.line import Line
from ivr.phone.shift import KEEP_PLACE, LEAVE_MESSAGE, PERSON, WAYS, Caller, Kind, Telephone, callers, volunteers
from ivr.phone.staffed import Staffed, play, report
from ivr.phone.transport import Answer, Body, Transport
from ivr.phone.verbs import Gather, Record
from tests.phone.hotline import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.phone.office import BEEP, TOKEN, Office

WANG = "+8613900000001"
MENU = '<Gather numDigits="1" action="/voice/turn/1"/><Redirect>/voice/turn/1</Redirect>'
WAITS = '<Say>wait</Say><Gather numDigits="1" action="/voice/turn/2" timeout="15"/><Redirect>/voice/turn/1</Redirect>'
RINGS = f'<Dial action="/voice/turn/2"><Number url="/voice/whisper">{WANG}</Number></Dial>'
WHISPER = '<Gather numDigits="1" action="/voice/taken"/><Hangup/>'
NOWHERE = Console(file=io.StringIO())


@dataclass
class Watch:
    """A clock of ours that only sleeping moves."""

    at_s: float = 100.0

    def now(self) -> float:
        return self.at_s

    def sleep(self, seconds: float) -> None:
        self.at_s += seconds


def test_a_clock_goes_so_many_times_as_fast() -> None:
    """A call's own clock begins with it; what is late already waits for nothing."""
    watch = Watch()
    clock = Clock(60, watch.now, watch.sleep)
    clock.wait_until(90)
    assert (101.5, 90) == (watch.at_s, clock.now_s())
    pace = clock.pace()
    pace(30)
    assert 102.0 == watch.at_s
    pace(10)
    clock.wait_until(5)
    assert 102.0 == watch.at_s


def somebody(kind: Kind = "waits", number: str | None = "+8613700000001", patience: int = 0) -> Caller:
    (made,) = callers(1, 1, 1, ["银杏社区"])
    made.kind, made.number, made.patience, made.opening, made.repeats = kind, number, patience, [PERSON], False
    return made


def gather() -> Gather:
    return Gather((), "/turn", "POST", True, False, 5, None, 1, "#", "zh-CN", "", "", False)


def record() -> Record:
    return Record("/turn", "POST", 5, "#", 60, True, True, None, "POST", ())


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        (somebody("waits"), [PERSON, Silent(), Silent()]),
        (somebody("keeps the place"), [PERSON, KEEP_PLACE, Silent()]),
        (somebody("keeps the place", number=None), [PERSON, Silent(), Silent()]),
        (somebody("leaves a message"), [PERSON, LEAVE_MESSAGE]),
        (somebody("gives up", patience=1), [PERSON, Silent(), HangUp()]),
    ],
    ids=lambda it: f"{it.kind} {it.number}" if isinstance(it, Caller) else "",
)
def test_what_somebody_does_who_must_wait(who: Caller, acts: list[Act]) -> None:
    assert acts == [who.act(gather(), 7.0) for _ in acts]
    assert (True, 7.0) == (who.told, who.asked_s)


@pytest.mark.parametrize(
    ("acts", "talked", "fate"),
    [
        ([gather()], True, "person"),
        ([gather(), gather()], True, "person"),
        ([gather(), gather()], False, "kept place"),
        ([gather(), record()], False, "message"),
        ([gather()], False, "nothing"),
    ],
)
def test_a_call_ends_up_under_one_head(acts: list[Gather | Record], talked: bool, fate: str) -> None:
    who = somebody("keeps the place")
    for each in acts:
        who.act(each, 0)
    assert fate == who.fate(talked=talked)


def test_who_hangs_up_has_given_up() -> None:
    who = somebody("gives up")
    assert [PERSON, HangUp()] == [who.act(gather(), 0), who.act(gather(), 0)]
    assert "given up" == who.fate(talked=False)


def test_everybody_leaves_one_message_and_nobody_stays_for_ever() -> None:
    who = somebody("waits")
    assert isinstance(who.act(record(), 0), Leave)
    assert HangUp() == who.act(record(), 0)
    endless = somebody("waits")
    assert HangUp() in [endless.act(gather(), 0) for _ in range(60)]


def test_twenty_telephones_have_all_ways() -> None:
    """As many of each as the table says; the same seed is the same shift."""
    shift = volunteers(20, 1)
    assert Counter(each.ways for each in shift) == WAYS
    assert 20 == len({each.number for each in shift})
    assert [each.rings(60) for each in shift] == [each.rings(60) for each in volunteers(20, 1)]
    does = {each.ways: each.rings(60) for each in volunteers(20, 1)}
    assert (Unanswered("failed"), Unanswered()) == (does["dead"], does["rings out"])
    late, mailbox = does["late"], does["mailbox"]
    assert isinstance(late, Answered)
    assert isinstance(mailbox, Answered)
    assert 15 <= late.after_s < 25
    assert "" == mailbox.keys


def test_the_same_seed_is_the_same_crowd() -> None:
    """Mixed, with a rush; each caller has a number of their own, or withholds it."""
    first, second, other = (callers(100, 3, seed, ["银杏社区"]) for seed in (1, 1, 2))
    assert repr(first) == repr(second) != repr(other)
    assert {"waits", "keeps the place", "leaves a message", "gives up"} == {each.kind for each in first}
    told = [each.number for each in first if each.number]
    assert 100 > len(told) == len(set(told))
    assert 50 <= sum(3600 <= each.at_s <= 3600 + 1080 for each in first)


def as_it_is(transport: Transport) -> Transport:
    return transport


def shift_at(
    office: Office, who: list[Caller], telephone: Telephone, wire: Callable[[Transport], Transport] = as_it_is
) -> Staffed:
    line = office.line()
    sends = wire(line.transport)
    stand_in = Line(BASE_URL, ACCOUNT_SID, AUTH_TOKEN, sends, recordings_url=f"{BASE_URL}/phone/carrier")
    watch, left = Watch(), iter([True])
    api = Api(f"{BASE_URL}/api/v1", TOKEN, line.transport)
    clock = Clock(1, watch.now, watch.sleep)
    return play(stand_in, api, [telephone], who, lambda: clock, lambda: next(left, False), NOWHERE, hours=1)


def picks_up() -> Telephone:
    return Telephone(WANG, "picks up", volunteers(1, 1)[0].chance)


def office(turn: str, forgets: str = "") -> Office:
    after = {"turn/2": BEEP if turn is WAITS else "<Hangup/>"}
    return Office(forgets, incoming=MENU, **{"turn/1": turn, "whisper": WHISPER, "taken": "<Pause/>"}, **after)


def test_how_long_somebody_waited_is_counted_from_their_asking() -> None:
    """The ringing and the whisper are part of it; the talk is not."""
    done = shift_at(office(RINGS), [somebody()], picks_up())
    (call,) = done.calls
    assert ("person", True) == (call.fate, done.sound)
    assert call.answered_s is not None
    assert 3 <= call.answered_s <= 15
    assert (1, 0) == (done.within(15), done.within(1))


@pytest.mark.parametrize(("forgets", "what"), [("talks", "but message in the log"), ("tickets", "no ticket")])
def test_what_the_log_does_not_know_is_lost(forgets: str, what: str) -> None:
    done = shift_at(office(RINGS, forgets), [somebody()], picks_up())
    assert not done.sound
    assert any(what in str(each) for each in done.lost)


def test_the_report_adds_up() -> None:
    """One of each head, and what must be nothing in the last line."""
    waiting = [
        somebody("keeps the place", "+8613700000002"),
        somebody("gives up", "+8613700000003"),
        somebody("leaves a message", "+8613700000004"),
    ]
    done = shift_at(office(WAITS), waiting, picks_up())
    assert {"kept place": 1, "given up": 1, "message": 1} == done.fates
    screen = io.StringIO()
    report(done, Console(file=screen, width=120))
    lines = [" ".join(each.split()) for each in screen.getvalue().splitlines()]
    assert {"asked for a person 3", "answered within 15 s 0 of 3", "messages left 1", "given up 1"} <= set(lines)
    assert "rung twice at once: 0, two at one caller: 0, lost: 0" == lines[-1]


def test_a_telephone_that_rings_for_two_callers_is_told() -> None:
    """Neither of the two goes on before both are rung for; one person rings from two telephones with one number."""
    both, meet = [somebody(), somebody()], threading.Barrier(2, timeout=20)

    def together(transport: Transport) -> Transport:
        def send(method: str, url: str, body: Body, headers: Mapping[str, str]) -> Answer:
            if url.endswith("/whisper"):
                meet.wait()
            return transport(method, url, body, headers)

        return send

    done = shift_at(office(RINGS), both, picks_up(), together)
    assert [WANG] == [each.number for each in done.rung_twice]
    assert ["+8613700000001"] == [each.number for each in done.two_at_one]
    assert not done.sound
    screen = io.StringIO()
    report(done, Console(file=screen, width=120))
    assert "rung twice at once: 1, two at one caller: 1, lost: 0" in screen.getvalue()
