"""What becomes of a request that had to wait in the spool: its call, its ticket and its recording."""

from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.files.spool import Spooled
from ivr.voice.conversation import Conversation
from ivr.voice.hearing import FINAL, call_sid


def salvage(app: App, db: Session, spooled: Spooled) -> None:
    """Bring in what the request told, however often and late: every piece is kept once.

    The turn it was about is taken as it would have been, so that need, community, words and urgency end on the ticket;
    its answer is heard by nobody, for the caller has long heard an apology. Whoever said, chose or recorded something
    has a ticket. Raises ``ValueError`` for a request that is about no call of ours.
    """
    carrier = app.carriers.get(spooled.form.get("AccountSid", ""))
    if carrier is None or call_sid(spooled.form) is None:
        raise ValueError(f"a spooled {spooled.kind} is about no call of ours")
    with Conversation(app, db, spooled.form, carrier, spooled.at) as conversation:
        if spooled.turn is None:
            conversation.attach()
        else:
            conversation.answer(spooled.turn)
        if spooled.form.get("Digits") or spooled.form.get("SpeechResult"):
            conversation.rescue()
        if spooled.form.get("CallStatus") in FINAL:
            conversation.hang_up()
