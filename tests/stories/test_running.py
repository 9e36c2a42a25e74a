"""What its people change about the line, the next caller hears; without a restart, in every process."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.facts import line
from ivr.store.line import changes, hearings
from ivr.store.line.changes import About
from ivr.store.models import Call
from tests.stories.conftest import GINKGO_ONLY, Ring

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LONG = ("2020-01-01T00:00+00:00", "2999-01-01T00:00+00:00")
NEWS = "+8657455500109"


def publish(app: App, bulletin: line.Bulletin, key: str = "water") -> None:
    with app.sessions.begin() as writing:
        changes.make(writing, None, About(line.Bulletin, key), bulletin, NOW)


def test_a_sentence_that_is_published_is_heard_on_the_next_call(app: App, ring: Ring, db: Session):
    """And no longer once it is put back."""
    assert "请讲" not in ring().dial().said
    with app.sessions.begin() as writing:
        about = About(line.Sentence, "zh/greet")
        change = changes.make(writing, None, about, line.Sentence("{hotline}，请讲。"), NOW)
    assert "请讲" in ring().dial().said

    with app.sessions.begin() as writing:
        changes.make(writing, None, about, change.was, NOW)
    assert "请讲" not in ring().dial().said


def test_a_draft_is_heard_by_no_caller(app: App, ring: Ring):
    with app.sessions.begin() as writing:
        changes.make(writing, None, About(line.Draft, "zh/greet"), line.Draft("{hotline}，请讲。"), NOW)
    assert "请讲" not in ring().dial().said


def test_how_a_community_is_just_now_is_told_to_its_callers_alone(app: App, ring: Ring):
    """S22"""
    with app.sessions.begin() as writing:
        about = About(line.Status, "330206001001")
        changes.make(writing, None, about, line.Status("closed", "北门交接"), NOW)
    for caller, keypad, told in (("+8613800000001", "101", True), ("+8613800000002", "102", False)):
        phone = ring(caller=caller).dial().press("1").press(keypad).leave_message(key="#").silent()
        assert told is ("银杏社区现在封闭" in phone.said)


def test_a_bulletin_is_heard_after_the_greeting_by_those_whom_it_is_for(app: App, ring: Ring):
    """S13, S15: in its language, in its time, in its area; never in an emergency."""
    begins, ends = (str(datetime.now(UTC) + timedelta(hours=hours)) for hours in (-1, 1))
    for key, text, areas in (("all", "明天停水。", []), ("here", "诊所搬家。", ["330206001001"])):
        with app.sessions.begin() as writing:
            bulletin = line.Bulletin(text, "zh", begins, ends, areas)
            changes.make(writing, None, About(line.Bulletin, key), bulletin, NOW)
    phone = ring().dial()
    assert "明天停水" in phone.said
    assert "诊所搬家" not in phone.said
    assert "停水" not in phone.speak("救命，着火了").said
    assert "诊所搬家" in ring(caller="+8613800000009", called=GINKGO_ONLY).dial().said
    with app.sessions.read() as reading:
        assert {"all": 2, "here": 1} == hearings.counts(reading)


def test_a_bulletin_on_a_key_is_heard_by_who_wants_it(app: App, ring: Ring):
    """Offered at the first question, which is asked again afterwards; never in an emergency."""
    publish(app, line.Bulletin("明天停水。", "zh", *LONG, [], asked=True))
    phone = ring().dial()
    assert "听通知请按6" in phone.said
    assert "停水" not in phone.said
    phone.press("6")
    assert "明天停水" in phone.said
    assert "您有什么需要" in phone.said
    assert "停水" not in phone.speak("救命，着火了").press("6").said


def test_the_number_for_bulletins_alone(app: App, ring: Ring):
    """All of them, again on the star, on to the line on 1; otherwise it is over, and no call is missing in the log."""
    app.settings = app.settings.model_copy(update={"hotline_news_number": NEWS})
    assert "现在没有通知" in ring(called=NEWS).dial().said
    for text, asked in (("明天停水。", False), ("诊所搬家。", True)):
        publish(app, line.Bulletin(text, "zh", *LONG, [], asked=asked), key=str(asked))
    phone = ring(called=NEWS).dial()
    assert "明天停水" in phone.said
    assert "诊所搬家" in phone.said
    assert "诊所搬家" in phone.press("*").said
    assert "您有什么需要" in phone.press("1").said
    assert "再见" in ring(called=NEWS).dial().silent().said
    with app.sessions.read() as reading:
        assert {"goodbye"} == set(reading.scalars(select(Call.outcome).where(Call.outcome != "hung_up")))


def test_a_dialect_is_offered_and_chosen_by_key_or_by_its_name(app: App, ring: Ring):
    """Once it is offered; what it has no words for is heard in Mandarin, and its callers are understood as there."""
    about = About(line.Dialect, "zh-ningbo")
    with app.sessions.begin() as writing:
        changes.make(writing, None, about, line.Dialect("宁波话", "zh", "7"), NOW)
        changes.make(writing, None, About(line.Sentence, "zh-ningbo/need.ask"), line.Sentence("侬要啥？"), NOW)
    phone = ring().dial()
    assert "宁波话" not in phone.said
    assert "侬要啥" not in phone.press("7").said
    with app.sessions.begin() as writing:
        changes.make(writing, None, about, line.Dialect("宁波话", "zh", "7", offered=True), NOW)
    phone = ring(caller="+8613800000002").dial()
    assert "宁波话请按7" in phone.said
    assert "侬要啥" in phone.press("7").said
    phone = ring(caller="+8613800000003").dial().speak("讲宁波话")
    assert "侬要啥" in phone.said
    assert "您住在哪个社区" in phone.speak("我想买药").said
    with app.sessions.begin() as writing:
        changes.make(writing, None, about, None, NOW)  # in the middle of the call
    assert "银杏社区" in phone.speak("银杏社区").said
