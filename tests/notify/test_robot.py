"""A robot that is busy, or was asked too often, is asked again: its code says so, whatever the status."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.jobs.send_notice import send_notice
from ivr.notify.errors import Busy, Down, Rejected
from ivr.notify.robot import accepted
from ivr.outbound.http import Answer
from ivr.store.models import Notice
from tests.builders import new_notice, new_ticket
from tests.notify.conftest import Opens, kept, mend

# Kind, status, what it says, and for how long it takes nothing: what was met on the line in November (O7), and the
# other limits that the makers' lists name.
BUSY = [
    ("wecom", 200, {"errcode": -1, "errmsg": "system busy"}, 5),
    ("wecom", 200, {"errcode": 45009, "errmsg": "api freq out of limit"}, 60),
    ("wecom", 200, {"errcode": 45033, "errmsg": "api concurrent out of limit"}, 5),
    ("dingtalk", 200, {"errcode": -1, "errmsg": "系统繁忙"}, 5),
    ("dingtalk", 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, 600),
    ("dingtalk", 200, {"errcode": 410100, "errmsg": "发送速度太快而限流"}, 600),
    ("dingtalk", 200, {"errcode": 450101, "errmsg": "send too fast"}, 600),
    ("dingtalk", 200, {"errcode": 90018, "errmsg": "api freq out of limit"}, 600),
    ("dingtalk", 200, {"errcode": 90030, "errmsg": "webhook over limit"}, 600),
    ("feishu", 400, {"code": 9499, "msg": "too many request"}, 60),
    ("feishu", 200, {"code": 9499, "msg": "too many request"}, 60),
    ("feishu", 400, {"code": 99991400, "msg": "request trigger frequency limit"}, 60),
    ("feishu", 200, {"code": 99991400, "msg": "request trigger frequency limit"}, 60),
    ("feishu", 200, {"code": 11232, "msg": "create message service trigger rate limit"}, 60),
    ("feishu", 200, {"code": 11233, "msg": "create message chat trigger rate limit"}, 60),
    ("feishu", 200, {"code": 11247, "msg": "internal send message trigger rate limit"}, 60),
    ("feishu", 400, {"code": 230020, "msg": "ext=chat rate limit"}, 60),
]


@pytest.mark.parametrize(("kind", "status", "said", "seconds"), BUSY)
def test_busy_and_too_often_are_later(
    app: App,
    open_channel: Opens,
    clock: Callable[[float], None],
    kind: str,
    status: int,
    said: dict[str, object],
    seconds: float,
):
    """It is no matter for people to mend: the robot is left alone for a while, and then it has the message."""
    robot, channel = open_channel(kind, "says")
    robot.answer = (status, said)
    with app.sessions.begin() as db:
        notice = new_notice(db, new_ticket(db), channel)
    send_notice(app, notice.id)
    assert ("waiting", "busy", False) == (
        kept(app, notice).state, kept(app, notice).trouble, kept(app, notice).in_doubt
    )  # fmt: skip

    mend(app, channel, robot)
    clock(seconds - 3)
    send_notice(app, notice.id, 1)
    assert [] == robot.accepted

    clock(4)
    send_notice(app, notice.id, 1)
    assert ("sent", 1) == (kept(app, notice).state, len(robot.accepted))


@pytest.mark.parametrize("urgent", [True, False])
def test_the_other_channel_does_not_wait_until_a_robot_has_time(app: App, open_channel: Opens, urgent: bool):
    """DingTalk takes nothing for ten minutes: that is too long for any notice, so the other channel is told at once."""
    robot, channel = open_channel("dingtalk", "says")
    _, other = open_channel("webhook")
    robot.answer = (200, {"errcode": 130101, "errmsg": "send too fast"})
    with app.sessions.begin() as db:
        notice = new_notice(
            db, new_ticket(db, urgent=urgent), channel, "urgent" if urgent else "new", other_id=other.id
        )
    send_notice(app, notice.id)
    assert 1 == told_instead(app, other.id)


@pytest.mark.parametrize(("urgent", "told"), [(True, 1), (False, 0)])
def test_an_urgent_notice_does_not_wait_a_minute(app: App, open_channel: Opens, urgent: bool, told: int):
    """An ordinary one does: the robot may have time by then."""
    robot, channel = open_channel("wecom", "says")
    _, other = open_channel("webhook")
    robot.answer = (200, {"errcode": 45009, "errmsg": "api freq out of limit"})
    with app.sessions.begin() as db:
        notice = new_notice(
            db, new_ticket(db, urgent=urgent), channel, "urgent" if urgent else "new", other_id=other.id
        )
    send_notice(app, notice.id)
    assert told == told_instead(app, other.id)


def told_instead(app: App, channel_id: int) -> int:
    with app.sessions.read() as db:
        return len(db.scalars(select(Notice).where(Notice.channel_id == channel_id)).all())


def test_whoever_says_when_to_come_again_is_believed_when_it_is_later():
    answer = Answer(400, b"", {"retry-after": "120"})
    with pytest.raises(Busy) as busy:
        accepted(answer, 9499, "too many request", {9499: 60})
    assert (120, "9499 too many request") == (busy.value.wait_s, busy.value.said)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [(200, 93000, Rejected), (400, 19021, Rejected), (200, None, Rejected), (200, "9499", Rejected), (502, None, Down)],
)
def test_every_other_code_is_for_people_to_mend_and_a_status_speaks_where_there_is_none(
    status: int, code: object, error: type[Exception]
):
    with pytest.raises(error):
        accepted(Answer(status, b""), code, "", {9499: 60})


def test_a_robot_that_took_it():
    assert "0 ok" == accepted(Answer(200, b""), 0, "ok", {9499: 60})
