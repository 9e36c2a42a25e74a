"""A sentence recorded by telephone: the line rings who wants to, they speak, hear it, and keep it by a key."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ivr.app import App
from ivr.carrier.account import TWILIO, named
from ivr.jobs.keep_take import keep_take
from ivr.jobs.place_call import place_call
from ivr.phone.rung import Rung
from ivr.store import hotline
from ivr.store.facts import line
from ivr.store.models import Take
from ivr.store.outgoing import takes
from tests.builders import new_helper, new_staff
from tests.fake_carrier import Answer, FakeCarrier, fake_carrier
from tests.sound.files import file
from tests.stories.conftest import Ring, at_the_desk

HELPER = "+8613900000001"
TEXT = "再见"
FORM = {"language": "zh", "part": TEXT, "pace": "ordinary", "press": "0" * 32}
PATH = "/desk/prompts/recording"


@pytest.fixture
def carrier(app: App) -> Iterator[FakeCarrier]:
    """Where the call is placed, and what was spoken lies."""
    with fake_carrier() as fake:
        ours = named(TWILIO, app.carriers)
        assert ours
        app.carriers = {ours.account_sid: replace(ours, api_base_url=fake.url)}
        fake.answers = [Answer(body=file("wav"))]
        yield fake


def the_take(app: App) -> Take:
    with app.sessions.read() as db:
        return db.scalars(select(Take)).one()


def drafted(app: App) -> bool:
    with app.sessions.read() as db:
        drafts = app.line.at(hotline.settings(db).line_version).drafts
    return drafts["zh"].clip(TEXT) is not None


def test_one_says_it_hears_it_says_it_again_and_keeps_it(app: App, ring: Ring, carrier: FakeCarrier):
    """Only to a telephone that was proved to be theirs; a key that is pressed twice rings once."""
    app.settings = app.settings.model_copy(update={"hotline_number": "+8657455500100"})
    desk = at_the_desk(app, "李四", "supervisor")
    refused = desk.post(f"{PATH}/call", **FORM)
    assert (422, True) == (refused.status_code, "no telephone that was proved" in refused.text)
    with app.sessions.begin() as db:
        new_helper(db, new_staff(db, "王五", "supervisor"), HELPER)
    desk.log_in("王五")
    for _ in range(2):
        assert 302 == desk.post(f"{PATH}/call", **FORM).status_code
    place_call(app, the_take(app).outgoing_id)
    assert [HELPER] == [each.to for each in carrier.placed]

    phone = Rung(ring().line, carrier.placed[0]).pick_up()
    assert f"请在嘀声后说：{TEXT}" in phone.said
    phone.leave_message(seconds=2)
    assert "♪" in phone.said
    assert "要保留请按1" in phone.said
    phone.press("2").leave_message(seconds=2).press("1")
    assert "存成草稿了" in phone.said

    assert not drafted(app)
    assert "is being fetched" in desk.get(f"{PATH}?language=zh&part={TEXT}").text
    keep_take(app, the_take(app).outgoing_id)
    assert drafted(app)
    assert the_take(app).done
    assert 1 == len(carrier.deleted)


def test_what_was_kept_and_is_silence_leaves_what_there_was(app: App, ring: Ring, carrier: FakeCarrier):
    """The page tells why."""
    carrier.answers = [Answer()]
    app.settings = app.settings.model_copy(update={"hotline_number": "+8657455500100"})
    desk = at_the_desk(app, "李四", "supervisor")
    with app.sessions.begin() as db:
        staff = new_staff(db, "王五", "supervisor")
        new_helper(db, staff, HELPER)
        wish = takes.Wish(line.recording_key("zh", TEXT), "zh", TEXT)
        outgoing = takes.ring(db, app.later, staff, wish, "press:1", app.terms, datetime.now(UTC)).outgoing_id
    place_call(app, outgoing)
    Rung(ring().line, carrier.placed[0]).pick_up().leave_message(seconds=2).press("1")
    keep_take(app, outgoing)
    assert not drafted(app)
    assert "Nothing is to be heard in it." in desk.get(f"{PATH}?language=zh&part={TEXT}").text
