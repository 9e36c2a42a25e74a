"""Send one notice by its channel."""

import traceback
from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.notify import NotSent
from ivr.notify.errors import Broken, Rejected, Unknowable
from ivr.store.notices import delivery

log = structlog.get_logger()


def send_notice(app: App, notice_id: int, tries: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue, for four hours. ``tries`` only tells the jobs apart."""
    with app.sessions.begin() as db:
        taken = delivery.take(db, notice_id, datetime.now(UTC))
    if taken is None:
        return
    try:
        answer = app.notifier.tell(taken.notice, datetime.now(UTC), in_doubt=taken.in_doubt)
    except NotSent as error:
        _failed(app, notice_id, error)
    except Exception as error:  # a mistake of ours: staff must see it all the same, and the other channel be told
        where = traceback.format_tb(error.__traceback__)  # without its text, which may hold a channel's key
        log.error("sending is broken", notice=notice_id, error=type(error).__name__, where="".join(where))
        _failed(app, notice_id, Broken(type(error).__name__))
    else:
        with app.sessions.begin() as db:
            delivery.sent(db, notice_id, answer, datetime.now(UTC))


def _failed(app: App, notice_id: int, error: NotSent) -> None:
    """Say what is wrong where staff can see it, and try again later or never."""
    log.warning("notice not sent", notice=notice_id, trouble=error.trouble)
    with app.sessions.begin() as db:
        delivery.not_sent(
            db,
            app.later,
            app.settings.zone,
            notice_id,
            datetime.now(UTC),
            trouble=error.trouble,
            answer=error.said,
            in_doubt=error.in_doubt,
            wait_s=error.wait_s,
            hopeless=isinstance(error, Unknowable),
            for_people=isinstance(error, Rejected),
        )
