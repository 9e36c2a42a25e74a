"""``GET /api/v1/calls``: every call, with its way through the questions."""

from flask import Response, g

from ivr.api import schemas
from ivr.api.blueprint import answer, bp, note_read, reads
from ivr.api.pagination import Absent, PageQuery, Sid, news_cursors, optional
from ivr.app import app
from ivr.store.access import rules
from ivr.store.models import Call, Turn
from ivr.store.reports import export, feed


class CallQuery(PageQuery):
    call_sid: Sid | Absent = optional("The carrier's id of the call")
    outcome: schemas.Outcome | Absent = optional("How it ended")


@bp.get("/calls", responses={200: schemas.Calls})
def list_calls(query: CallQuery) -> Response:
    """Calls, newest first, those that left no ticket too; with `after` those that ended since, each once, in order."""
    filters = query.model_dump(include={"call_sid", "outcome"})
    visible = rules.token_sees_call(g.api_token)
    with app.sessions.read() as db:
        if (after := query.news_after) is not None:
            news = feed.calls(db, visible, after, query.limit, query.since, **filters)
            note_read("calls", news.rows)
            return answer(schemas.Calls(items=[call(row) for row in news.rows], **news_cursors(news)))
        rows, cursor = query.page(export.calls(db, visible, query.window, **filters))
        note_read("calls", rows)
        return answer(schemas.Calls(items=[call(row) for row in rows], next=cursor))


def call(row: Call) -> schemas.Call:
    """A call as other systems see it."""
    return schemas.Call(
        call_sid=row.sid,
        caller=row.caller.e164 if row.caller and reads("numbers") else None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        left_at=row.left_at,
        turns=[
            schemas.Turn(n=turn.n, asked=turn.asked, heard=heard(turn), at=turn.at, ms=turn.ms) for turn in row.turns
        ],
        ticket=row.ticket.number if row.ticket else None,
    )


def heard(turn: Turn) -> schemas.Heard:
    return schemas.Heard(kind=turn.heard["kind"], text=turn.heard.get("text"))
