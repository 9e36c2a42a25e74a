"""What a signed request may not do: ring numbers that are not ours, go on with a call that is over."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.settings import Settings
from ivr.store.access.audit import AuditLine
from ivr.store.facts.audit import Refused
from ivr.store.models import Call, Ticket
from tests.builders import HOTLINE
from tests.voice.sender import CALL, Sender

LATER = timedelta(minutes=3)


class TestNumbers:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hotline_numbers": f"{HOTLINE}, 0574-5550 0199"})

    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({"To": HOTLINE}, 200),
            ({"To": "+8657455500199"}, 200),
            ({"To": "+8657455500188"}, 403),
            ({"To": "sip:another@example.com"}, 403),
            ({"To": "+8613800000099", "Direction": "outbound-dial"}, 200),
        ],
    )
    def test_a_call_to_a_number_that_is_not_ours_is_refused(
        self, carrier: Sender, db: Session, form: dict[str, str], status: int
    ):
        """A27: and kept in the audit; the leg to a person's own telephone is our doing."""
        assert status == carrier.post("/voice/incoming", CALL | form).status_code
        assert (status == 200) is bool(db.scalars(select(Call)).all())
        kept = [line.deed for line in db.scalars(select(AuditLine))]
        assert ([] if status == 200 else [Refused("number")]) == kept


def test_a_call_that_is_over_takes_messages_and_nothing_else(carrier: Sender, db: Session):
    """A20: its last words may be overtaken by the news of its end, by so much and no more."""
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", CALL | {"Digits": "1"})
    carrier.post("/voice/status", CALL | {"CallStatus": "completed"})
    with time_machine.travel(db.scalars(select(Call.ended_at)).one() + LATER):
        answer = carrier.post("/voice/turn/2", CALL | {"SpeechResult": "救命"})
        assert 200 == answer.status_code
        db.rollback()
        assert (False, 2) == (db.scalars(select(Ticket.urgent)).one(), db.scalars(select(Call.turn)).one())
        carrier.post("/voice/recording", CALL | {"RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed"})
        db.rollback()
        assert 1 == len(db.scalars(select(Ticket)).one().recordings)
