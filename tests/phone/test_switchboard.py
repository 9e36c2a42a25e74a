"""Two calls that reach one telephone at once are found, and nothing else is."""

import pytest

from ivr.phone.switchboard import Clash, Switchboard
from ivr.phone.transport import Answer

WANG, LI, ZHANG = "+8613900000001", "+8613900000002", "+8613700000001"
SILENCE = "<Pause/>"


def document(*numbers: str) -> Answer:
    rings = "".join(f"<Number>{each}</Number>" for each in numbers)
    inside = f'<Dial action="/turn">{rings}</Dial>' if numbers else SILENCE
    return Answer(200, {"content-type": "text/xml"}, f"<Response>{inside}</Response>".encode())


def asks(board: Switchboard, sid: str, *numbers: str, **fields: str) -> None:
    """One request of a call, and whom its answer rings."""
    form = {"CallSid": sid, "CallStatus": "in-progress", "From": "anonymous", **fields}
    board.before(form)
    board.after("http://hotline.test/voice", form, document(*numbers))


def test_a_telephone_that_two_calls_ring_is_found() -> None:
    """With both calls; rung again by its own call, a repeated request, it is not."""
    board = Switchboard()
    asks(board, "CA1", WANG, LI)
    asks(board, "CA1", WANG, LI)
    asks(board, "CA2", LI)
    assert [Clash(LI, "CA2", "CA1")] == board.clashes


@pytest.mark.parametrize(
    "over",
    [
        {"CallSid": "CA9", "ParentCallSid": "CA1", "To": WANG, "CallStatus": "no-answer"},
        {"CallSid": "CA1", "DialCallStatus": "completed", "CallStatus": "in-progress"},
        {"CallSid": "CA1", "CallStatus": "completed"},
    ],
    ids=["the leg's end is told", "the ringing is over", "the caller has hung up"],
)
def test_a_telephone_whose_leg_is_over_may_ring_again(over: dict[str, str]) -> None:
    board = Switchboard()
    asks(board, "CA1", WANG)
    board.before(over)
    asks(board, "CA2", WANG)
    assert [] == board.clashes


def test_news_of_another_leg_frees_nobody() -> None:
    board = Switchboard()
    asks(board, "CA1", WANG, LI)
    board.before({"CallSid": "CA9", "ParentCallSid": "CA1", "To": LI, "CallStatus": "canceled"})
    asks(board, "CA2", WANG)
    assert [Clash(WANG, "CA2", "CA1")] == board.clashes


def test_a_caller_who_is_called_while_they_are_on_the_line_is_found() -> None:
    """What a placed call rings first, and whom it then puts through, are reached by it, too."""
    board = Switchboard()
    asks(board, "CA1", From=ZHANG)
    asks(board, "CA2", ZHANG, Direction="outbound-api", To=WANG, From="+8657400000001")
    asks(board, "CA3", WANG)
    assert [Clash(ZHANG, "CA2", "CA1"), Clash(WANG, "CA3", "CA2")] == board.clashes


def test_a_caller_is_on_the_line_while_somebody_is_rung_for_them() -> None:
    """The end of the ringing is not the end of their call."""
    board = Switchboard()
    asks(board, "CA1", WANG, From=ZHANG)
    asks(board, "CA1", From=ZHANG, DialCallStatus="no-answer")
    board.reach(ZHANG, "CA2")
    assert [Clash(ZHANG, "CA2", "CA1")] == board.clashes
