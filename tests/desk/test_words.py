"""What routing says of a match, in the language of the page."""

import pytest
from flask_babel import force_locale

from ivr.app import App
from ivr.desk.words import REASONS, reason_label, why_label
from ivr.store.models import Ticket
from routing.matching.explain import Reason
from tests.builders import new_turn
from tests.desk.conftest import HERE, Visitor


def test_every_reason_has_its_words():
    assert set(Reason) == set(REASONS)


@pytest.mark.parametrize("reason", Reason)
def test_in_english_a_reason_is_as_it_was_kept(app: App, reason: Reason):
    with app.test_request_context(), force_locale("en"):
        assert reason.format(place="新碶街道") == reason_label(reason.format(place="新碶街道"))


@pytest.mark.parametrize(
    "why",
    [
        "银杏 as written; in 新碶街道",
        "sounds like 银杏: 迎→银 ying/yin, 新→杏 xin/xing",
        "sounds like 周隘陈: 隘 not heard; in 大碶街道",
    ],
)
def test_in_english_a_why_is_as_it_was_kept(app: App, why: str):
    with app.test_request_context(), force_locale("en"):
        assert why == why_label(why)


def test_what_cannot_be_read_is_shown_as_it_was_kept(app: App):
    """Matches of years ago stay in the database, whatever routing says today."""
    with app.test_request_context():
        assert ("100 % sure", "迎→银 ying/yin") == (reason_label("100 % sure"), why_label("迎→银 ying/yin"))


def test_a_chinese_page_says_no_english_reason(app: App, desk, visitor: Visitor):
    """Neither the ticket's page nor the call log."""
    why = "sounds like 银杏: 杏 not heard; in 新碶街道"
    candidate = {"code": HERE, "name": "银杏社区", "street": "新碶街道", "score": 40, "why": why}
    with app.sessions.begin() as db:
        call = db.get_one(Ticket, desk.here).calls[0]
        for reason in Reason:
            match = {"decision": "reject", "reason": reason.format(place="新碶街道"), "candidates": [candidate]}
            heard = {"kind": "speech", "text": "嗯"}
            new_turn(db, call, asked="community", heard=heard, understood={"match": match})
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    visitor.log_in("supervisor")

    for path in (f"/desk/tickets/{desk.here}", "/desk/calls?from=2020-01-01"):
        page = visitor.get(path).text
        assert "新碶街道" in page
        told = [*(part for reason in Reason for part in reason.split("{place}")), "sounds like", "not heard"]
        assert [] == [text for text in told if text.strip() and text in page]
