"""A ticket's row in the inbox, kept as it was written for as long as nothing in it changes.

Fifty open inboxes mostly show the same tickets, and to write a row costs more than to find it. A row is one person's
only by what their role may see and whether the ticket is theirs; whatever happens to a ticket is a history line.
"""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy.orm import Session

from ivr.desk.shell.guard import me, now
from ivr.desk.words import said_of_need
from ivr.recent import Recent
from ivr.store.inbox import rows as row_data
from ivr.store.inbox.contents import Row
from ivr.store.tickets import passing

MAX_KEPT = 4000  # some kilobytes each
STALE_AFTER_S = 60  # how long ago something was is told in minutes; and the directory may have been renamed

Key = tuple[Row, str, bool, str, int, frozenset[str]]


def written(db: Session, rows: Sequence[Row], columns: frozenset[str] = frozenset()) -> list[Markup]:
    """These rows for the reader, in their order; only those that are not kept are read from the database.

    A line of a table where there are *columns* to show, else a card.
    """
    kept: Recent[Key, Markup] = current_app.extensions.setdefault("hotline-rows", Recent(MAX_KEPT))
    reader, role, locale, minute = me().id, me().role, str(get_locale()), int(now().timestamp() // STALE_AFTER_S)
    keys: dict[int, Key] = {row.id: (row, role, row.claimed_by_id == reader, locale, minute, columns) for row in rows}
    known = {each: kept.get(key) for each, key in keys.items()}
    missing = [each for each, row in known.items() if row is None]
    if missing:
        tickets = row_data.tickets(db, missing)
        cards = row_data.cards(db, [ticket.caller_id for ticket in tickets])
        turns = row_data.turns(db, [ticket.id for ticket in tickets if ticket.urgent])
        passed = passing.with_partners(db, tickets)
        # its macros, which a template's module has as attributes that no type knows of
        template: Any = current_app.jinja_env.get_template("desk/work/_row.html").module
        for ticket in tickets:
            words = " · ".join(said_of_need(turns.get(ticket.id, ())))  # which of two urgent ones comes first
            of_it = ticket, cards.get(ticket.caller_id or 0), passed.get(ticket.id), words
            known[ticket.id] = html = template.line(*of_it, columns) if columns else template.row(*of_it)
            kept.put(keys[ticket.id], html)
    return [html for row in rows if (html := known[row.id])]
