"""Every page with anything in the place of what it is asked: a page, a refusal in words, never an error of ours."""

import logging
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ivr.app import App
from tests.builders import new_call, new_community, new_ticket, new_turn
from tests.desk.conftest import Visitor

NAMES = [
    "after",
    "before",
    "bulletin",
    "code",
    "col",
    "community",
    "day",
    "done",
    "figure",
    "first",
    "format",
    "from",
    "hour",
    "key",
    "kind",
    "language",
    "like",
    "need",
    "next",
    "only",
    "order",
    "outcome",
    "part",
    "person",
    "q",
    "sentence",
    "test",
    "ticket",
    "to",
    "view",
    "way",
    "week",
]
USUAL = (
    "0 -1 1 2147483648 1e9 NaN ９ % _ ' * 2026-02-30 2026-03-02 0001-01-01 9999-12-31 10000-01-01 zh zh/greet medicine"
)
WORDS = st.sampled_from(["", "9" * 25, "\x00", "\ud7ff", "x" * 400, "waiting", "most", "least", *USUAL.split()])
QUESTIONS = st.dictionaries(st.sampled_from(NAMES), WORDS | st.text(max_size=20), max_size=8)
SOME = examples(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_any_question_is_answered(app: App, visitor: Visitor, caplog: pytest.LogCaptureFixture, role: str):
    with app.sessions.begin() as db:
        new_community(db)
        new_turn(db, new_call(db, ticket=new_ticket(db)))
    visitor.log_in(role)
    pages = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and "GET" in (rule.methods or ()) and not rule.arguments
    )

    @SOME
    @given(asked=QUESTIONS)
    def ask(asked: dict[str, str]) -> None:
        for page in pages:
            if page != "/desk/logout":
                answer = visitor.get(f"{page}?{urlencode(asked)}")
                assert answer.status_code < 500, (page, asked)

    ask()
    assert [] == [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
