"""``GET /api/v1/tickets``: what callers need, and how far it is."""

from collections.abc import Mapping
from typing import Annotated, Any

from flask import Response, g
from flask_babel import force_locale
from pydantic import Field

from ivr import words
from ivr.api import schemas
from ivr.api.blueprint import answer, bp, note_read, reads
from ivr.api.calls import heard
from ivr.api.pagination import Absent, PageQuery, Sid, news_cursors, optional
from ivr.api.recordings import recording
from ivr.app import app
from ivr.store.access import rules
from ivr.store.models import CommunityRow, Ticket
from ivr.store.models.ticket import number_of
from ivr.store.reports import export, feed

Code = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,32}$")]


class TicketQuery(PageQuery):
    call_sid: Sid | Absent = optional("Any call of the ticket's")
    status: schemas.Status | Absent = optional("How far it is")
    need: schemas.Need | Absent = optional("What is needed")
    community: Code | Absent = optional("The community's code")


@bp.get("/tickets", responses={200: schemas.Tickets})
def list_tickets(query: TicketQuery) -> Response:
    """Tickets, newest first; with `after` those to which something happened since, oldest news first."""
    filters = query.model_dump(include={"call_sid", "status", "need", "community"})
    visible = rules.token_sees(g.api_token)
    with app.sessions.read() as db:
        if (after := query.news_after) is not None:
            news = feed.tickets(db, visible, after, query.limit, query.since, **filters)
            note_read("tickets", news.rows)
            return answer(schemas.Tickets(items=[ticket(row) for row in news.rows], **news_cursors(news)))
        rows, cursor = query.page(export.tickets(db, visible, query.window, **filters))
        note_read("tickets", rows)
        return answer(schemas.Tickets(items=[ticket(row) for row in rows], next=cursor))


def ticket(row: Ticket) -> schemas.Ticket:
    """A ticket as other systems see it."""
    sids = [call.sid for call in row.calls]
    return schemas.Ticket(
        number=row.number,
        status=row.status,
        need=row.need,
        community=_community(row.community) if row.community else None,
        caller=row.caller.e164 if row.caller and reads("numbers") else None,
        language=row.language,
        urgent=row.urgent,
        flags=row.flags,
        call_sid=sids[0] if sids else None,
        call_sids=sids,
        opened_at=row.opened_at,
        attempts=row.attempts,
        last_attempt_at=row.last_attempt_at,
        on_the_way_at=row.on_the_way_at,
        raised_at=row.raised_at,
        resolved_at=row.resolved_at,
        reopened_at=row.reopened_at,
        closed_at=row.closed_at,
        linked_to=number_of(row.linked_to.id) if row.linked_to and not row.linked_to.confidential else None,
        recordings=[recording(each) for each in row.recordings],
        heard=understood(row),
    )


def _community(row: CommunityRow) -> schemas.Community:
    return schemas.Community(code=row.code, name=row.name, street=row.street)


def understood(row: Ticket) -> dict[str, schemas.Understood]:
    """By question, the last answer that was one; a question nobody answered is not there."""
    return {
        turn.asked: schemas.Understood(understood=_told(turn.understood), **heard(turn).model_dump())
        for call in row.calls
        for turn in call.turns
        if turn.asked and turn.understood
    }


def _told(understood: Mapping[str, Any]) -> dict[str, Any]:
    """What was understood, without the words that said so; the reasons in English sentences, whoever asks."""
    understood = {field: value for field, value in understood.items() if field != "read"}
    match = understood.get("match")
    if not match:
        return understood
    with force_locale("en"):
        candidates = [
            {field: each[field] for field in ("code", "name", "street", "score")} | {"why": words.kept_why(each)}
            for each in match["candidates"]
        ]
        told = {"decision": match["decision"], "reason": words.kept_reason(match), "candidates": candidates}
    return {**understood, "match": told}
