"""``/metrics``: what is counted and looked up, for this machine or a token, and for nobody else."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, exc

from ivr.app import App
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store import whole, workers
from ivr.store.calls import reconciling
from tests.builders import new_call, new_channel, new_notice, new_recording, new_ticket
from tests.voice.sender import CALL, CALL_SID, ENDED, Sender

ROOT = Path(__file__).parents[2]
ALERTS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))
DASHBOARD = (ROOT / "deploy" / "grafana" / "hotline.json").read_text("utf-8")
NAMES = re.compile(r"\bhotline_[a-z_]+")


def numbers(app: App) -> dict[tuple[str, ...], float]:
    """Name and label values -> number."""
    text = app.test_client().get("/metrics").text
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(sample.name, *map(str, sample.labels.values())): sample.value for sample in samples}


def test_a_call_is_counted_once(app: App):
    """Its requests by outcome and time, its end however often it is told."""
    before = numbers(app)
    sender = Sender(app.test_client())
    sender.post("/voice/incoming", CALL)
    sender.post("/voice/turn/1", CALL | {"Digits": "1"})
    sender.post("/voice/turn/2", CALL | {"SpeechResult": "银杏社区"})
    sender.post("/voice/incoming", CALL, signature="forged")
    for _ in range(2):
        sender.post("/voice/status", ENDED)
    after = numbers(app)

    def more(*name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert 1 == more("hotline_calls_total") == more("hotline_calls_ended_total", "hung_up")
    assert (
        1
        == more("hotline_webhooks_total", "incoming", "answered")
        == more("hotline_webhooks_total", "incoming", "refused")
    )
    assert (
        2 == more("hotline_webhooks_total", "turn", "answered") == more("hotline_webhooks_total", "status", "answered")
    )
    assert 2 == more("hotline_webhook_seconds_count", "turn")
    assert 1 == sum(more(*name) for name in after if name[0] == "hotline_matches_total")


def test_what_was_spooled_is_no_answer(app: App):
    """The caller heard an apology."""
    before = numbers(app).get(("hotline_webhooks_total", "incoming", "spooled"), 0)

    @event.listens_for(app.sessions.engine, "checkout")
    def away(*_: object) -> None:
        raise exc.OperationalError("BEGIN", None, Exception("away"))

    Sender(app.test_client()).post("/voice/incoming", CALL)
    found = numbers(app)
    assert (before + 1, 1, 0) == (
        found["hotline_webhooks_total", "incoming", "spooled"],
        found["hotline_spool_requests", "waiting"],
        found["hotline_database_up",],
    )


def test_what_waits_and_what_failed_is_looked_up(app: App):
    now = datetime.now(UTC)
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", now - timedelta(seconds=30))
        ticket = new_ticket(db, urgent=True)
        call = new_call(db, seconds=None, ticket=ticket)
        new_recording(db, call, state="expected", announced_at=now - timedelta(hours=1), trouble="refused")
        new_recording(db, call, state="fetched")
        new_notice(db, ticket, new_channel(db), state="failed", ended_at=now)
        reconciling.keep_check(db, "twilio", now, read_until=None, trouble="refused")
        app.later.enqueue(db, "fetch_recording", 1)
    found = numbers(app)
    assert {
        ("hotline_database_up",): 1,
        ("hotline_calls_open",): 1,
        ("hotline_tickets_waiting", "true"): 1,
        ("hotline_tickets_waiting", "false"): 0,
        ("hotline_recordings_expected", "refused"): 1,
        ("hotline_notices_failed",): 1,
        ("hotline_carrier_trouble", "twilio", "refused"): 1,
        ("hotline_jobs", "fetch_recording", "waiting"): 1,
        ("hotline_resealing",): 0,
        ("hotline_sealed_unopened",): 0,
    }.items() <= found.items()
    assert 3600 <= found["hotline_recordings_oldest_seconds",] < 3700
    assert 30 <= found["hotline_worker_heartbeat_seconds",] < 130


def test_without_a_worker_the_heartbeat_is_endless_ago(app: App):
    assert float("inf") == numbers(app)["hotline_worker_heartbeat_seconds",]


def test_nothing_of_a_caller_is_told(app: App):
    with app.sessions.begin() as db:
        new_ticket(db)
    Sender(app.test_client()).post("/voice/incoming", CALL)
    text = app.test_client().get("/metrics").text
    for private in ("+86", "13800000001", CALL_SID, "银杏"):
        assert private not in text


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 200),
        ({"headers": {"X-Forwarded-For": "203.0.113.9"}}, 404),
        ({"headers": {"Via": "1.1 proxy"}}, 404),
        ({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}, 404),
        ({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "headers": {"Authorization": "Bearer a-token"}}, 200),
        ({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "headers": {"Authorization": "Bearer another"}}, 404),
        ({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "headers": {"Authorization": "Bearer "}}, 404),
        ({"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "query_string": {"token": "a-token"}}, 404),
    ],
)
def test_who_may_read_them(settings: Settings, given: dict[str, object], status: int):
    """A95: this machine, or who has the token; for everybody else there is nothing."""
    app = create_app(settings.model_copy(update={"hotline_metrics_token": settings.secret_key.__class__("a-token")}))
    assert status == app.test_client().get("/metrics", **given).status_code


def test_without_a_token_none_is_accepted(app: App):
    """An empty one opens nothing."""
    given = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "headers": {"Authorization": "Bearer "}}
    assert 404 == app.test_client().get("/metrics", **given).status_code


def test_every_name_of_the_alerts_and_the_dashboard_is_a_metric(app: App):
    """Of a hotline in which everything that is told at all is told."""
    if not app.settings.sqlite:
        pytest.skip("of PostgreSQL less is told: its pages are not looked at")
    (app.settings.data_dir / "last-backup").touch()
    whole.look(app.sessions.engine, app.settings.data_dir)
    text = app.test_client().get("/metrics").text
    there = set(re.findall(r"^# TYPE (hotline_[a-z_]+)", text, re.MULTILINE))
    there |= {f"{name}{ending}" for name in there for ending in ("_bucket", "_count", "_total")}
    asked = {name for rule in rules() for name in NAMES.findall(rule["expr"])} | set(NAMES.findall(DASHBOARD))
    assert len(asked) > 15
    assert set() == asked - there


def rules() -> list[dict[str, object]]:
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def test_every_alert_says_how_urgent_it_is_and_what_is_wrong():
    assert {"page", "ticket"} == {rule["labels"]["severity"] for rule in rules()}
    assert all(rule["annotations"]["summary"] for rule in rules())
    assert len(rules()) == len({rule["alert"] for rule in rules()})


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alerts_expression_is_well_formed(rule: dict[str, object]):
    """Brackets close, and it compares with something: Prometheus refuses the whole file otherwise."""
    expression = str(rule["expr"])
    for opening, closing in ("()", "[]", "{}"):
        assert expression.count(opening) == expression.count(closing)
    assert re.search(r"(==|>|<) [0-9.e]+$", expression)
