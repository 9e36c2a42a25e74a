"""The page of notices: channels with their test, rules with their reasons, and what could not be sent."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, event, select

from ivr.app import App
from ivr.store.facts.audit import ChannelSet
from ivr.store.models import AuditLine, Channel, Notice, NoticeRule, Ticket
from ivr.store.seal import Seal
from tests.builders import new_channel, new_notice, new_rule
from tests.desk.conftest import HERE, Visitor
from tests.notify.standins import service

PATH = "/desk/notices"
MAIL = {
    "kind": "email",
    "name": "街道邮箱",
    "language": "zh",
    "host": "mail.example.org",
    "security": "starttls",
    "port": "",
    "user": "hotline",
    "password": "very-secret-password",
    "sender": "hotline@example.org",
    "to": "duty@example.org; street@example.org",
}
RULE = {
    "occasion": "unclaimed",
    "minutes": "10",
    "where": "",
    "need": "",
    "from": "",
    "to": "",
    "first": "1",
    "second": "",
    "second_after_min": "10",
}


@pytest.fixture
def supervisor(visitor: Visitor) -> Visitor:
    visitor.log_in("supervisor")
    return visitor


def rows(app: App, model: type) -> list:
    with app.sessions.read() as db:
        return list(db.scalars(select(model).order_by(model.id)))


def test_the_first_channel_brings_the_first_rules(app: App, supervisor: Visitor):
    """A fresh installation needs nothing else."""
    with app.sessions.begin() as db:
        db.execute(delete(NoticeRule))
        db.execute(delete(Channel))
    assert "Nobody is notified yet." in supervisor.get(PATH).text
    supervisor.post(f"{PATH}/channels", **MAIL)

    (channel,) = rows(app, Channel)
    rules = {rule.occasion: (rule.first_id, rule.minutes, rule.urgent_only) for rule in rows(app, NoticeRule)}
    assert {
        "new": (channel.id, 0, False),
        "unclaimed": (channel.id, 10, True),
        "due_soon": (channel.id, 30, False),
        "overdue": (channel.id, 0, False),
        "raised": (channel.id, 0, False),
    } == rules


def test_a_channel_is_kept_sealed_and_its_secrets_are_never_shown(app: App, supervisor: Visitor):
    """Addresses are shown to who changes them; keys and passwords to nobody, not even in the database."""
    supervisor.post(f"{PATH}/channels", **MAIL)
    channel = rows(app, Channel)[-1]
    page = supervisor.get(f"{PATH}/channels/{channel.id}").text

    assert 'value="duty@example.org, street@example.org"' in page
    assert "very-secret" not in page + supervisor.get(PATH).text
    assert "example.org" not in channel.sealed
    assert "very-secret-password" == app.seal.open(channel.sealed)["password"]
    with app.sessions.read() as db:
        line = db.scalars(select(AuditLine).where(AuditLine.kind == ChannelSet.kind)).one()
        assert ChannelSet(channel.id) == line.deed
    assert "set up a channel" in supervisor.get("/desk/audit").text


def test_a_secret_left_empty_stays_and_one_that_is_typed_is_changed(app: App, supervisor: Visitor):
    supervisor.post(f"{PATH}/channels", **MAIL)
    channel = rows(app, Channel)[-1]
    supervisor.post(f"{PATH}/channels/{channel.id}", **MAIL | {"password": "", "name": "新名字"})
    changed = rows(app, Channel)[-1]
    assert ("新名字", "very-secret-password") == (changed.name, app.seal.open(changed.sealed)["password"])

    supervisor.post(f"{PATH}/channels/{channel.id}", **MAIL | {"password": "another"})
    assert "another" == app.seal.open(rows(app, Channel)[-1].sealed)["password"]


def test_another_channel_like_one_takes_its_secrets_along(app: App, supervisor: Visitor):
    """The same mail server for two hundred communities is typed once."""
    supervisor.post(f"{PATH}/channels", **MAIL)
    first = rows(app, Channel)[-1]
    form = supervisor.get(f"{PATH}/channels/new?like={first.id}").text
    assert 'value="mail.example.org"' in form
    assert "very-secret" not in form

    supervisor.post(f"{PATH}/channels", **MAIL | {"password": "", "like": str(first.id), "to": "other@example.org"})
    values = app.seal.open(rows(app, Channel)[-1].sealed)
    assert ("other@example.org", "very-secret-password") == (values["to"], values["password"])


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Required."),
        ("name", "a\nb", "on one line"),
        ("host", "", "Required."),
        ("host", "mail server", "Not a server name"),
        ("host", "-mail", "Not a server name"),
        ("security", "rot13", "Choose from the list."),
        ("port", "99999", "from 1 to 65535"),
        ("port", "x", "from 1 to 65535"),
        ("sender", "nobody", "such as duty@example.org"),
        ("sender", "a@example.org\nBcc: all@example.org", "on one line"),
        ("to", "duty@example.org, nobody", "such as duty@example.org"),
        ("to", ", ".join(f"a{n}@example.org" for n in range(21)), "at most 20"),
        ("user", "x" * 501, "Too long"),
        ("language", "tlh", "Choose from the list."),
    ],
)
def test_a_wrong_value_gives_the_form_back_with_what_was_typed(
    app: App, supervisor: Visitor, field: str, typed: str, reason: str
):
    answer = supervisor.post(f"{PATH}/channels", **MAIL | {field: typed})

    assert 422 == answer.status_code
    assert reason in answer.text.split(f'id="{field}-trouble"')[1].split("</p>")[0]
    assert 'value="街道邮箱"' in answer.text or field == "name"
    assert "very-secret" not in answer.text
    assert 2 == len(rows(app, Channel))


@pytest.mark.parametrize(
    "url",
    [
        *("", "robot", "javascript:alert(1)", "ftp://example.org", "http://robots.example.org/send"),
        *("https://10.0.0.1/", "https://169.254.169.254/latest/meta-data", "https://[::1]:8000@example.org/"),
        *("https://[::ffff:10.0.0.1]/", "https://user:pass@example.org/", "https://intranet/", "https://a:b/"),
    ],
)
def test_a_robots_address_leads_into_the_public_network(app: App, supervisor: Visitor, url: str):
    form = {"kind": "wecom", "name": "群", "language": "zh", "url": url}

    assert 422 == supervisor.post(f"{PATH}/channels", **form).status_code
    assert 2 == len(rows(app, Channel))


def test_the_test_button_sends_a_harmless_message_and_says_what_was_answered(app: App, supervisor: Visitor):
    with service("wecom") as robot:
        supervisor.post(f"{PATH}/channels", kind="wecom", name="群", language="zh", **robot.values)
        channel = rows(app, Channel)[-1]
        answer = supervisor.post(f"{PATH}/channels/{channel.id}/test")

    assert f"{PATH}#channel-{channel.id}" == answer.location
    page = supervisor.get(PATH).text
    assert "accepted the test message" in page
    assert "<code>0 ok</code>" in page
    assert "这是一条测试消息" in robot.accepted[0].json["text"]["content"]
    assert [] == rows(app, Notice)


def test_a_test_that_fails_says_why(app: App, supervisor: Visitor):
    """HTTP 200 with an error code is no success."""
    with service("dingtalk", "coded") as robot:
        supervisor.post(f"{PATH}/channels", kind="dingtalk", name="群", language="zh", **robot.values)
        supervisor.post(f"{PATH}/channels/{rows(app, Channel)[-1].id}/test")

    page = supervisor.get(PATH).text
    assert "Test: refused by the service; check the key and address" in page
    assert "<code>310000 sign not match</code>" in page
    assert "accepted the test message" not in page


def test_a_channel_whose_key_is_lost_asks_for_its_values_again(app: App, supervisor: Visitor):
    """A backup without channels.key: the page works, the test says what is wrong."""
    app.seal = app.notifier.seal = Seal("another-key")
    supervisor.post(f"{PATH}/channels/1/test")

    assert "<code>channels.key</code>" in supervisor.get(PATH).text
    assert 422 == supervisor.post(f"{PATH}/channels/1", name="群", language="zh").status_code


def test_a_channel_that_rules_tell_by_is_not_removed(app: App, supervisor: Visitor):
    answer = supervisor.post(f"{PATH}/channels/2/remove")
    assert 409 == answer.status_code
    assert "Rules still use this channel." in answer.text

    supervisor.post(f"{PATH}/channels/1/remove")
    gone, still = rows(app, Channel)
    assert (True, "", None) == (gone.removed_at is not None, gone.sealed, still.removed_at)
    for verb in ("", "/test", "/remove"):
        assert 404 == supervisor.post(f"{PATH}/channels/1{verb}").status_code


def test_a_rule_says_who_is_told_of_what(app: App, supervisor: Visitor):
    form = RULE | {"where": "银杏社区 · 新碶街道", "need": "food", "urgent_only": "1", "from": "20:00", "to": "08:00"}
    supervisor.post(f"{PATH}/rules", **form | {"second": "2", "second_after_min": "15"})

    rule = rows(app, NoticeRule)[-1]
    assert ("unclaimed", 10, HERE, None, "food", True) == (
        rule.occasion, rule.minutes, rule.community_code, rule.street, rule.need, rule.urgent_only
    )  # fmt: skip
    assert ({"from": "20:00", "to": "08:00"}, 1, 2, 15) == (
        rule.hours, rule.first_id, rule.second_id, rule.second_after_min
    )  # fmt: skip
    page = supervisor.get(PATH).text
    for told in ("urgent tickets only", "银杏社区", "20:00–08:00", "if still true 15 minutes later:"):
        assert told in page
    form = supervisor.get(f"{PATH}/rules/{rule.id}").text
    assert 'value="银杏社区 · 新碶街道"' in form


def test_a_rule_for_a_street_and_its_change(app: App, supervisor: Visitor):
    """What is changed holds from now on."""
    before = rows(app, NoticeRule)[0].since
    supervisor.post(f"{PATH}/rules/1", **RULE | {"where": "新碶街道", "occasion": "overdue", "minutes": "-5"})

    (rule,) = rows(app, NoticeRule)
    assert ("overdue", 0, "新碶街道", None) == (rule.occasion, rule.minutes, rule.street, rule.community_code)
    assert rule.since > before
    supervisor.post(f"{PATH}/rules/1/remove")
    assert [] == rows(app, NoticeRule)


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("occasion", "doomsday", "Choose from the list."),
        ("minutes", "0", "from 1 to 1440"),
        ("minutes", "１０", "from 1 to 1440"),
        ("minutes", "9999", "from 1 to 1440"),
        ("where", "<script>alert(1)</script>", "No community or street"),
        ("need", "money", "Choose from the list."),
        ("from", "08:00", "or neither"),
        ("to", "25:00", "or neither"),
        ("first", "999", "Choose a channel."),
        ("first", "", "Choose a channel."),
        ("second", "x", "Choose from the list."),
    ],
)
def test_a_wrong_rule_gives_the_form_back(app: App, supervisor: Visitor, field: str, typed: str, reason: str):
    answer = supervisor.post(f"{PATH}/rules", **RULE | {field: typed})

    assert 422 == answer.status_code
    assert reason in answer.text
    assert "<script>alert" not in answer.text
    assert 1 == len(rows(app, NoticeRule))


def test_an_admin_sets_channels_up_and_reads_no_rules_form(app: App, visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.get(PATH).text

    assert "Add a channel" in page
    assert "Add a rule" not in page
    assert 403 == visitor.get(f"{PATH}/rules/1").status_code


def test_what_could_not_be_sent_stands_on_top_and_on_the_tickets_page(app: App, desk, supervisor: Visitor):
    with app.sessions.begin() as db:
        ticket, group = db.get_one(Ticket, desk.here), db.get_one(Channel, 2)
        new_notice(db, ticket, group, state="failed", trouble="silent")
        new_notice(db, ticket, new_channel(db, "好用的"), state="sent")
    page = supervisor.get(PATH).text
    assert "Some notices were not delivered" in page
    assert "timed out" in page.split("Channels")[0]
    told = supervisor.get(f"/desk/tickets/{desk.here}").text.split("Notices sent")[1]
    for words in ("值班群", "failed", "timed out", "好用的"):
        assert words in told
    assert "Some notices could not be sent." in supervisor.get("/desk/").text

    supervisor.post(f"/desk/tickets/{desk.here}/resolve", done="d")
    assert "Some notices were not delivered" not in supervisor.get(PATH).text
    assert "Some notices could not be sent." not in supervisor.get("/desk/").text


def test_the_pages_ask_the_database_as_often_for_many_as_for_one(app: App, desk, supervisor: Visitor):
    asked: list[str] = []
    event.listen(app.sessions.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def queries(path: str) -> int:
        asked.clear()
        supervisor.get(path)
        return len(asked)

    def add(number: int) -> None:
        with app.sessions.begin() as db:
            ticket = db.get_one(Ticket, desk.here)
            for n in range(number):
                channel = new_channel(db, f"群{n}")
                new_rule(db, channel, second_id=channel.id, community_code=HERE)
                new_notice(db, ticket, channel, state="failed", trouble="down")

    paths = (PATH, f"/desk/tickets/{desk.here}")
    add(1)
    supervisor.get(paths[1])  # a reading is kept in the audit, and again within minutes is once
    few = [queries(path) for path in paths]
    add(10)
    assert few == [queries(path) for path in paths]


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_names_and_answers_are_shown_as_text(app: App, desk, supervisor: Visitor, payload: str):
    with app.sessions.begin() as db:
        channel = new_channel(db, payload, answer=payload, tried_at=datetime.now(UTC))
        new_notice(db, db.get_one(Ticket, desk.here), channel, state="failed", trouble="down")

    for path in (PATH, f"{PATH}/channels/{channel.id}", f"/desk/tickets/{desk.here}"):
        assert payload not in supervisor.get(path).text


def test_a_rule_may_ask_for_the_mornings_report(app: App, supervisor: Visitor):
    """It is about no ticket; its hours say when the letter goes."""
    supervisor.post(f"{PATH}/rules", **RULE | {"occasion": "report", "from": "06:30", "to": "09:00"})
    rule = rows(app, NoticeRule)[-1]

    assert ("report", 0, "06:30") == (rule.occasion, rule.minutes, rule.hours["from"])
    page = supervisor.get(PATH).text
    assert "Every morning: yesterday" in page
    assert "06:30–09:00" in page
