"""Send one notice by its channel."""

from datetime import UTC, datetime

import structlog

from ivr.app import App
from ivr.notify import NotSent
from ivr.notify.errors import Rejected, Unknowable
from ivr.store import notices

log = structlog.get_logger()


def send_notice(app: App, notice_id: int, tries: int = 0) -> None:
    """One attempt; a failed one puts the next into the queue, for four hours. ``tries`` only tells the jobs apart."""
    with app.sessions.begin() as db:
        taken = notices.take(db, notice_id, datetime.now(UTC))
    if taken is None:
        return
    try:
        answer = app.notifier.tell(taken.notice, datetime.now(UTC), in_doubt=taken.in_doubt)
    except NotSent as error:
        log.warning("notice not sent", notice=notice_id, channel=taken.notice.channel_id, trouble=error.trouble)
        with app.sessions.begin() as db:
            notices.not_sent(
                db,
                app.later,
                notice_id,
                datetime.now(UTC),
                trouble=error.trouble,
                answer=error.said,
                in_doubt=error.in_doubt,
                wait_s=error.wait_s,
                hopeless=isinstance(error, Unknowable),
                for_people=isinstance(error, Rejected),
            )
    else:
        with app.sessions.begin() as db:
            notices.sent(db, notice_id, answer, datetime.now(UTC))
