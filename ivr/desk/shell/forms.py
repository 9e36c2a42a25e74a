"""Which forms a ticket's page has for its reader now, and what stands in them."""

from collections.abc import Mapping
from datetime import datetime

from flask import abort, request
from werkzeug.datastructures import MultiDict

from ivr.store.access import rules
from ivr.store.models import Staff, Ticket

# What can be typed, and the form it is typed in.
FORM_OF = {
    "note": "note",
    "confirmed": "close",
    "why": "reopen",
    "hand_why": "hand",
    "return_why": "give_back",
    "lift_why": "confidential",
    "hold_why": "hold",
    "pass_note": "pass_on",
    "partner_said": "say_outcome",
}
OF_THE_BOX = ("done", "tried")  # what was done and how a call went are written into the box of the notes


def said(*names: str) -> tuple[str, str]:
    """Which field of the one box was sent, and its words: by a name of its own, or as a note; 400 when none was."""
    name = next((each for each in (*names, "note") if each in request.form), None)
    if name is None:
        abort(400)
    return name, request.form[name]


def offered(staff: Staff, ticket: Ticket, now: datetime, *, passed: bool = False) -> frozenset[str]:
    """The names of the forms that *staff* can use on this ticket as it is; *passed*: a partner has it."""
    claimed = ticket.status == "claimed"
    contact, gather = rules.may(staff, "contact", ticket), rules.may(staff, "gather", ticket)
    may_return = claimed and ticket.claimed_by_id == staff.id and ticket.handed_by_id is not None
    forms = {
        "claim": ticket.status == "new" and rules.may(staff, "claim", ticket),
        "note": rules.may(staff, "note", ticket),
        "attempt": ticket.is_open and contact,
        "call": ticket.is_open and contact and ticket.caller_id is not None,
        "on_the_way": claimed and contact and ticket.on_the_way_at is None,
        "not_on_the_way": claimed and contact and ticket.on_the_way_at is not None,
        "resolve": ticket.is_open and rules.may(staff, "resolve", ticket),
        "close": ticket.status == "resolved" and rules.may(staff, "close", ticket),
        "reopen": not ticket.is_open and rules.may(staff, "reopen", ticket),
        "correct": rules.may(staff, "correct", ticket),
        "hand": ticket.is_open and rules.may(staff, "hand", ticket),
        "give_back": may_return and ticket.hand_due_at is not None and now <= ticket.hand_due_at,
        "pass_on": claimed and rules.may(staff, "pass_on", ticket) and not passed,
        "say_outcome": ticket.is_open and rules.may(staff, "pass_on", ticket) and passed,
        "confidential": rules.may(staff, "keep_confidential", ticket),
        "hold": rules.may(staff, "hold", ticket),
        "merge": ticket.is_open and gather,
        "split": ticket.is_open and gather and len(ticket.calls) > (0 if ticket.typed_by_id else 1),
    }
    return frozenset(name for name, there in forms.items() if there)


def filled(forms: frozenset[str], typed: Mapping[str, str], drafts: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """What stands in each field, and the words for which no field is left.

    Words whose own form has gone, because the ticket went on meanwhile, can still be kept as a note.
    """
    words = {field: typed.get(field) or drafts.get(field, "") for field in FORM_OF}
    own = [typed.get(field) or drafts.get(field, "") for field in OF_THE_BOX]
    words["note"] = "\n".join(filter(None, (words["note"], *own)))
    left = "\n".join(words.pop(field) for field, form in FORM_OF.items() if form not in forms and words[field])
    if left and "note" in forms:
        words["note"] = "\n".join(filter(None, (words["note"], left)))
        left = ""
    return words, left


def given(*names: str) -> tuple[str, ...]:
    """These fields of the form that was sent; 400 when it is none of our forms."""
    if not set(names) <= request.form.keys():
        abort(400)
    return tuple(request.form[name] for name in names)


def last_given(values: MultiDict[str, str], name: str) -> str:
    """What was given last under this name: a button's value comes after that of the field it belongs to."""
    return (values.getlist(name) or [""])[-1]


def seen() -> int | None:
    """The newest history line that was on the page the form was sent from; None: the form does not say."""
    text = request.form.get("seen")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        abort(400)
    return int(text)
