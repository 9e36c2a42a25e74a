"""Every service against every fault: a notice is tried again or given up, and in the end it is sent exactly once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.jobs.escalate import escalate
from ivr.jobs.send_notice import send_notice
from ivr.notify import discover
from ivr.store.models import Channel, Notice
from ivr.store.notices.delivery import LEASE, TRIES, WAITS_S
from tests.builders import new_notice, new_ticket
from tests.notify.conftest import Opens, kept, lead, mend
from tests.notify.standins import RETRY_AFTER_S, Service, text_of

KINDS = sorted(kind.name for kind in discover())
ROBOTS = ("wecom", "dingtalk", "feishu")
TROUBLES = {
    "refuses": "unreachable",
    "hangs": "silent",
    "500": "down",
    "429": "busy",
    "coded": "rejected",
    "cuts": "silent",
}
Clock = Callable[[float], None]


def arisen(app: App, channel: Channel, other: Channel | None = None) -> Notice:
    """A notice of a new ticket that waits to be sent."""
    with app.sessions.begin() as db:
        return new_notice(db, new_ticket(db), channel, other_id=other and other.id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_that_works_is_told_once(app: App, open_channel: Opens, kind: str):
    """However often the job is done."""
    stand_in, channel = open_channel(kind)
    notice = arisen(app, channel)
    for _ in range(3):
        send_notice(app, notice.id)

    assert ("sent", 1, None) == (kept(app, notice).state, kept(app, notice).tries, kept(app, notice).trouble)
    assert 1 == len(stand_in.accepted)
    assert f"/desk/tickets/{notice.ticket_id}?n={notice.id}" in text_of(kind, stand_in.accepted[0])


@pytest.mark.parametrize("fault", TROUBLES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_tried_again_and_ends_with_one_message(
    app: App, open_channel: Opens, clock: Clock, kind: str, fault: str
):
    """F23: Staff see at once what is wrong; the next job is queued; when the service is well again, it has it once."""
    stand_in, channel = open_channel(kind, fault)
    notice = arisen(app, channel)
    send_notice(app, notice.id)

    failed = kept(app, notice)
    assert ("waiting", TROUBLES[fault], 1) == (failed.state, failed.trouble, failed.tries)
    assert (notice.id, 1) in app.later.unfinished("send_notice")
    assert [] == stand_in.accepted

    mend(app, channel, stand_in)
    clock(RETRY_AFTER_S + 1)
    send_notice(app, notice.id, 1)
    assert ("sent", None) == (kept(app, notice).state, kept(app, notice).trouble)
    assert 1 == len(stand_in.accepted)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "email"])
def test_a_service_that_says_when_to_come_again_is_left_alone_until_then(
    app: App, open_channel: Opens, clock: Clock, kind: str
):
    """F15: Retry-After; SMTP knows no such thing."""
    stand_in, channel = open_channel(kind, "429")
    notice = arisen(app, channel)
    send_notice(app, notice.id)
    mend(app, channel, stand_in)
    clock(RETRY_AFTER_S - 10)
    send_notice(app, notice.id, 1)
    assert ("waiting", []) == (kept(app, notice).state, stand_in.accepted)

    clock(11)
    send_notice(app, notice.id, 1)
    assert ("sent", 1) == (kept(app, notice).state, len(stand_in.accepted))


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_that_is_down_for_four_hours_is_given_up_and_the_other_channel_told(
    app: App, open_channel: Opens, clock: Clock, kind: str
):
    """F23: The other one does not wait for the end of it: it is told after the third failure, and once."""
    broken, channel = open_channel(kind, "refuses")
    works, other = open_channel("webhook" if kind != "webhook" else "wecom")
    notice = arisen(app, channel, other)
    began = kept(app, notice).arisen_at
    for tries in range(TRIES):
        send_notice(app, notice.id, tries)
        now = kept(app, notice)
        told = [
            each.id
            for each in read(
                app, select(Notice).where(Notice.channel_id == other.id, Notice.instead_of_id == channel.id)
            )
        ]
        assert (1 if now.tries >= 3 else 0) == len(told)
        clock(WAITS_S[min(tries, len(WAITS_S) - 1)] + 1)

    given_up = kept(app, notice)
    assert ("failed", "unreachable", TRIES) == (given_up.state, given_up.trouble, given_up.tries)
    assert timedelta(hours=4) < given_up.ended_at - began < timedelta(hours=4.5)
    send_notice(app, told[0])
    assert 1 == len(works.accepted)
    assert f"“{channel.name}”发不出去" in text_of(works.kind, works.accepted[0])
    assert [] == broken.accepted


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_people_can_mend_is_told_to_the_other_channel_at_once(app: App, open_channel: Opens, kind: str):
    """A key that is wrong will still be wrong in five seconds."""
    _, channel = open_channel(kind, "coded")
    _, other = open_channel("webhook", name="other")
    notice = arisen(app, channel, other)
    send_notice(app, notice.id)

    (instead,) = read(app, select(Notice).where(Notice.channel_id == other.id))
    assert (notice.ticket_id, channel.id, "waiting") == (instead.ticket_id, instead.instead_of_id, instead.state)
    assert (instead.id, 0) in app.later.unfinished("send_notice")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_service_said_is_kept_without_our_secrets(app: App, open_channel: Opens, kind: str):
    _, channel = open_channel(kind, "coded")
    notice = arisen(app, channel)
    send_notice(app, notice.id)

    answer = kept(app, notice).answer
    assert re.search(r"93000|310000|19021|403|21610|550", answer)
    assert not re.search(r"very-secret|rest-api-secret", answer)


def test_a_mistake_of_ours_is_seen_tried_again_and_told_by_the_other_channel(
    app: App, open_channel: Opens, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Not a notice that is lost in silence; and the log does not tell the robot's address."""

    def stumble(url: str, *_args: object, **_options: object) -> None:
        raise ValueError(url)

    monkeypatch.setattr("ivr.notify.wecom.post", stumble)
    _, channel = open_channel("wecom")
    _, other = open_channel("webhook")
    notice = arisen(app, channel, other)
    send_notice(app, notice.id)

    assert ("waiting", "broken", "ValueError") == (
        kept(app, notice).state, kept(app, notice).trouble, kept(app, notice).answer
    )  # fmt: skip
    assert (notice.id, 1) in app.later.unfinished("send_notice")
    assert 1 == len(read(app, select(Notice).where(Notice.channel_id == other.id)))
    assert "very-secret" not in caplog.text


# --- a try that got there though we never heard of it


def died_in_between(app: App, notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker was killed when the service had just taken the message."""

    class Killed(BaseException):
        pass

    def dying(*args: object, **options: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("ivr.store.notices.delivery.sent", dying)
        with pytest.raises(Killed):
            send_notice(app, notice.id)


def told_again(stand_in: Service) -> int:
    """How many different messages the service's reader sees, as far as the service can tell them apart."""
    match stand_in.kind:
        case "email":
            return len({letter["Message-ID"] for letter in stand_in.accepted})
        case "webhook":
            return len({request.headers["X-Hotline-Id"] for request in stand_in.accepted})
    return len(stand_in.accepted)


@pytest.mark.parametrize("how", ["acts", "killed"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_got_there_without_a_word_to_us(
    app: App, open_channel: Opens, clock: Clock, monkeypatch: pytest.MonkeyPatch, kind: str, how: str
):
    """F16: SMS: the carrier is asked, not told again. E-mail and webhook: again, with the same mark, by which the
    other side knows it. A group robot can neither be asked nor told apart: there it is said twice rather than never."""
    stand_in, channel = open_channel(kind, "acts" if how == "acts" else "")
    notice = arisen(app, channel)
    if how == "killed":
        died_in_between(app, notice, monkeypatch)
    else:
        send_notice(app, notice.id)
    assert (1, True) == (len(stand_in.accepted), kept(app, notice).in_doubt)
    send_notice(app, notice.id, 1)  # too early, or while somebody may be at it
    assert 1 == len(stand_in.accepted)

    mend(app, channel, stand_in)
    clock(LEASE.total_seconds() + 61)
    escalate(app)
    send_notice(app, notice.id, 2)
    assert ("sent", False) == (kept(app, notice).state, kept(app, notice).in_doubt)
    assert (2 if kind in ROBOTS else 1) == told_again(stand_in)
    assert (1 if kind == "sms" else 2) == len(stand_in.accepted)


def test_a_carrier_that_cannot_say_what_it_sent_is_not_made_to_send_twice(
    app: App, open_channel: Opens, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    """F16: At most once, then: the notice is given up as perhaps sent, and the other channel is told."""
    monkeypatch.setattr("tests.notify.standins.HttpHandler.do_GET", lambda handler: handler.say(404, {}))
    stand_in, channel = open_channel("sms", "acts")
    _, other = open_channel("webhook", name="other")
    notice = arisen(app, channel, other)
    send_notice(app, notice.id)
    mend(app, channel, stand_in)
    clock(6)
    send_notice(app, notice.id, 1)

    assert ("failed", "unknowable") == (kept(app, notice).state, kept(app, notice).trouble)
    assert 1 == len(stand_in.accepted)
    assert 1 == len(read(app, select(Notice).where(Notice.channel_id == other.id)))


def test_as_long_as_the_carrier_cannot_be_asked_nothing_is_sent_again(app: App, open_channel: Opens, clock: Clock):
    """In doubt it stays in doubt."""
    stand_in, channel = open_channel("sms", "acts")
    notice = arisen(app, channel)
    send_notice(app, notice.id)
    for tries, fault in enumerate(("500", "refuses", "500"), 1):
        stand_in.fault = fault
        lead(app, channel, stand_in)
        clock(61)
        send_notice(app, notice.id, tries)
        assert ("waiting", True, 1) == (kept(app, notice).state, kept(app, notice).in_doubt, len(stand_in.accepted))

    mend(app, channel, stand_in)
    clock(121)
    send_notice(app, notice.id, 4)
    assert ("sent", 1) == (kept(app, notice).state, len(stand_in.accepted))


def read(app: App, query) -> list[Notice]:
    with app.sessions.read() as db:
        return list(db.scalars(query))
