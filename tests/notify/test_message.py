"""What a notice says, in each language, and what it never says."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.notify.message import compose, plain, trial
from ivr.store.models import CommunityRow, Notice
from routing.escalation import OCCASIONS
from tests.builders import CALLER, new_call, new_channel, new_notice, new_recording, new_ticket, new_turn

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
EVENTS = ("new", "urgent", "again", "not_right", *OCCASIONS[1:])


def said(app: App, notice: Notice, language: str = "zh", after_min: float = 8) -> str:
    now = NOON + timedelta(minutes=after_min)
    pack = app.packs[language]
    return compose(notice, pack, app.settings.base_url, app.settings.zone, now, in_doubt=False).text


@pytest.fixture
def writing(app: App):
    with app.sessions.begin() as db:
        yield db


def test_a_notice_in_chinese(app: App, writing: Session):
    ticket = new_ticket(writing, opened_at=NOON, urgent=True, due_at=NOON + timedelta(minutes=15))
    notice = new_notice(writing, ticket, new_channel(writing), "urgent")
    assert (
        "【紧急】【红领热线】有人说了紧急的话，请马上看\n"
        "1001号 买药 银杏社区 新碶街道\n"
        "打来的时间：8分钟前\n"
        "答应12:15前回电\n"
        "http://localhost/desk/tickets/1?n=1"
    ) == said(app, notice)


def test_a_notice_in_english(app: App, writing: Session):
    """Of a ticket of which not much is known, and whose promise is broken since yesterday."""
    ticket = new_ticket(writing, need=None, community=None, opened_at=NOON)
    instead_of = new_channel(writing, "@all the *group*")
    notice = new_notice(writing, ticket, new_channel(writing), "overdue", instead_of_id=instead_of.id)
    assert (
        "[Neighbourhood Hotline] The promised call back is overdue\n"
        "1001: need not known yet, community not known yet\n"
        "Called: 27 hours ago\n"
        "Call back was promised by 03-01 14:00\n"
        "“＠all the ＊group＊” cannot be reached, so it comes here\n"
        "http://localhost/desk/tickets/1?n=1"
    ) == said(app, notice, "en", after_min=27 * 60)


def test_a_notice_names_the_promise_that_holds(app: App, writing: Session):
    """The first one was broken, and the caller was promised another."""
    ticket = new_ticket(writing, opened_at=NOON, due_again_at=NOON + timedelta(hours=4))
    assert "答应16:00前回电" in said(app, new_notice(writing, ticket, new_channel(writing), "overdue"), after_min=180)


def test_of_a_confidential_ticket_a_notice_says_that_it_is_one(app: App, writing: Session):
    """Neither need nor place, to people or programs."""
    ticket = new_ticket(writing, opened_at=NOON, confidential=True)
    notice = new_notice(writing, ticket, new_channel(writing), "overdue")
    text = said(app, notice)
    assert "1001号 保密单子：只有指定的人能看；找不到他们时，由主管打开" in text
    assert not any(word in text for word in ("买药", "银杏", "新碶"))
    message = compose(notice, app.packs["zh"], app.settings.base_url, app.settings.zone, NOON, in_doubt=False)
    assert (None, None) == (message.data["ticket"]["need"], message.data["ticket"]["community"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("step", [1, 2])
def test_no_notice_tells_who_rang_or_what_they_said(app: App, writing: Session, language: str, event: str, step: int):
    """Neither the text nor what other systems get."""
    ticket = new_ticket(writing, opened_at=NOON)
    call = new_call(writing, ticket=ticket)
    new_turn(writing, call, heard={"kind": "speech", "text": "我是王奶奶，要降压药"})
    new_recording(writing, call)
    notice = new_notice(writing, ticket, new_channel(writing), event, step=step)
    pack = app.packs[language]
    message = compose(notice, pack, app.settings.base_url, app.settings.zone, NOON, in_doubt=False)

    told = message.text + str(message.data)
    assert "{" not in message.text
    for secret in (CALLER, CALLER[-11:], CALLER[-4:], "王奶奶", "降压药", call.sid):
        assert secret not in told


@pytest.mark.parametrize(
    "name",
    [
        *("@all", "<@everyone>", '<at user_id="all"></at>', "[here](https://evil.example)"),
        *("a\r\nBcc: b", "\u202egnp", "x" * 500),
    ],
)
def test_a_name_from_a_list_mentions_and_marks_nothing(app: App, writing: Session, name: str):
    """A65"""
    ticket = new_ticket(writing, opened_at=NOON)
    writing.get_one(CommunityRow, ticket.community_code).name = name[:120]
    writing.flush()
    text = said(app, new_notice(writing, ticket, new_channel(writing)))

    assert 5 == len(text.splitlines())
    assert not set("@<>[]*`\r\u202e") & set(text)
    assert len(plain(name)) <= 40


def test_an_sms_takes_three_parts_at_most(app: App, writing: Session):
    """A64: 67 characters a part, in Chinese."""
    notice = new_notice(writing, new_ticket(writing, opened_at=NOON, urgent=True), new_channel(writing), "urgent")
    assert len(said(app, notice)) <= 3 * 67


def test_a_test_message_says_that_there_is_nothing_to_do(app: App):
    message = trial(app.packs["zh"], "http://localhost", "test-1", NOON)
    assert "【红领热线】这是一条测试消息\n收到就说明能用，不用做什么。\nhttp://localhost/desk/" == message.text
    assert message.data["test"]
