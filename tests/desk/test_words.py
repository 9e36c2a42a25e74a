"""What the desk says of a call, in the language of the page."""

from ivr.app import App
from ivr.store.facts.turns import UNDERSTOOD
from ivr.store.models import Ticket
from routing.matching.explain import Reason
from tests.builders import new_turn
from tests.desk.conftest import Visitor


def test_a_chinese_page_says_no_english_reason(app: App, desk, visitor: Visitor):
    """Neither the ticket's page nor the call log."""
    with app.sessions.begin() as db:
        call = db.get_one(Ticket, desk.here).calls[0]
        for reason in Reason:
            match = UNDERSTOOD["match"] | {"decision": "reject", "because": reason.value, "place": "新碶街道"}
            heard = {"kind": "speech", "text": "嗯"}
            new_turn(db, call, asked="community", heard=heard, understood={"match": match})
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    visitor.log_in("supervisor")

    for path in (f"/desk/tickets/{desk.here}", "/desk/calls?from=2020-01-01"):
        page = visitor.get(path).text
        assert "听着像“银杏”" in page
        assert "新碶街道" in page
        told = ["is empty", "nothing", "was named", "heard", *(reason.value for reason in Reason)]
        assert [] == [text for text in told if text in page.replace('class="heard"', "")]
