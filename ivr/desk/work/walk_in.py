"""A ticket by hand, as quick as the paper log: one page, sent with Enter, ready for the next one."""

from dataclasses import dataclass, field

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import places
from ivr.desk.shell.guard import allow, bp, id_in, me, now
from ivr.desk.shell.line import due_at, the_line
from ivr.desk.shell.numbers import why_not
from ivr.store.access import rules
from ivr.store.directory import lookup
from ivr.store.line import partners
from ivr.store.models import CommunityRow, Ticket
from ivr.store.notices import due
from ivr.store.tickets import passing, verbs, walk_in
from ivr.store.tickets.walk_in import Slip
from routing.characters import CONTROL_WITHIN_LINES
from routing.phone_numbers import dictated

Page = Response | tuple[str, int]

FIELDS = ("phone", "community", "need", "words", "partner", "reference", "language", "urgent", "mine", "place",
          "place_for", "join", "join_for", "echoed")  # fmt: skip
NOWHERE = "none"  # none of the communities we asked about


@dataclass
class Reading:
    """The form, read: the slip when all is clear, else what is wrong and what is still to be asked."""

    slip: Slip | None = None
    trouble: dict[str, str] = field(default_factory=dict)
    perhaps: tuple[CommunityRow, ...] = ()
    unknown: bool = False  # no community sounds like what was typed
    echo: CommunityRow | None = None  # the one that is meant by something else than its name, still to be shown
    matter: Ticket | None = None  # the caller's open ticket about the same need


@bp.get("/tickets/new")
@allow("type_ticket")
def type_ticket() -> Page:
    """An empty form; above it, what became of the slip that was typed before."""
    return page(Reading())


@bp.get("/communities/meant")
@allow("type_ticket")
def echo_community() -> Response:
    """The one community that is meant by what stands in the field, while somebody types; null when it is none."""
    typed = request.args.get("q", "").strip()
    with app.sessions.read() as db:
        row = lookup.meant(db, places.matcher(db), typed).row if 0 < len(typed) <= lookup.LONGEST else None
    return jsonify({"code": row.code, "echo": echo(row)} if row else None)


def echo(row: CommunityRow) -> str:
    """A community as it is read out to whoever typed its number: 银杏社区，新碶街道."""
    return _("%(name)s, %(street)s", name=row.name, street=row.street)


@bp.post("/tickets/new")
@allow("type_ticket")
def take_down() -> Page:
    """Open a ticket or add to one; ask back only when what was typed can be meant two ways."""
    with app.sessions.begin() as db:
        reading = _read(db)
        ticket = _write(db, reading.slip, reading.matter) if reading.slip else None
    if ticket is None:
        return page(reading, 422 if reading.trouble else 200)
    return redirect(url_for("desk.type_ticket", done=ticket.id))


def page(reading: Reading, status: int = 200) -> Page:
    with app.sessions.read() as db:
        before = id_in(request.args.get("done"))
        done = walk_in.taken_down_by(db, me(), before) if before else None
        html = render_template(
            "desk/work/walk_in.html",
            here=url_for("desk.type_ticket"),
            done=done if request.method == "GET" else None,
            sees=done is not None and rules.sees(me(), done),
            reading=reading,
            typed={name: _typed(name) for name in FIELDS},
            needs=the_line().needs.rows,
            partners=partners.offered(the_line().decided),
            packs=app.packs,
            language=_typed("language") or app.settings.hotline_language,
            NOWHERE=NOWHERE,
            echo=echo,
        )
    return html, status


def _write(db: Session, slip: Slip, matter: Ticket | None) -> Ticket:
    """Put the slip onto the caller's open ticket, or onto a new one; claimed at once where somebody wants it."""
    by = due_at(db, slip.need, urgent=slip.urgent)
    if matter:
        ticket = walk_in.join(db, me(), matter, slip, by, now())
    else:
        ticket = walk_in.open_ticket(db, me(), slip, by, now())
    if _typed("mine") and rules.sees(me(), ticket) and (holder := walk_in.take(db, me(), ticket, now())):
        flash(_("%(name)s already has it.", name=holder))
    due.write_due(db, app.later, app.settings.zone, now(), ticket.id)
    return ticket


def _read(db: Session) -> Reading:
    """What the form says. A question that was asked back is answered only for what it was asked about."""
    reading = Reading()
    number = dictated(_typed("phone"), app.home())
    if _typed("phone") and number is None:
        reading.trouble["phone"] = why_not(_typed("phone"))
    if _typed("need") not in the_line().needs.by_key:
        reading.trouble["need"] = _("Choose what it is about.")
    if _typed("language") not in app.packs:
        reading.trouble["language"] = _("Choose the caller's language.")
    words = CONTROL_WITHIN_LINES.sub("", _typed("words"))
    if len(words) > verbs.MAX_TEXT_CHARS:
        reading.trouble["words"] = _("At most %(number)s characters.", number=verbs.MAX_TEXT_CHARS)
    reference = _taken_from(reading)
    place = _typed("community")
    if len(place) > lookup.LONGEST:
        reading.trouble["community"] = _("At most %(number)s characters.", number=lookup.LONGEST)
        return reading
    community = _community(db, place, reading)
    if number and not reading.trouble:
        reading.matter = walk_in.open_matter(db, me(), number, now(), _typed("need"))
    decided = _typed("join") if reading.matter and _typed("join_for") == str(reading.matter.id) else ""
    undecided = reading.matter is not None and not decided
    if decided == "no":
        reading.matter = None
    if not (reading.trouble or reading.perhaps or reading.unknown or reading.echo or undecided):
        reading.slip = Slip(
            phone=number,
            community=community,
            place="" if community else CONTROL_WITHIN_LINES.sub("", place),
            need=_typed("need"),
            urgent=bool(_typed("urgent")) or the_line().needs.is_urgent(_typed("need")),
            words=words,
            language=_typed("language"),
            partner=_typed("partner"),
            reference=reference,
        )
    return reading


def _taken_from(reading: Reading) -> str:
    """By which reference the partner knows it that it is taken from; a partner may know it by none."""
    partner = _typed("partner")
    if (partner or _typed("reference")) and partner not in partners.offered(the_line().decided):
        reading.trouble["partner"] = _("Choose the partner.")
    try:
        return passing.reference_of(_typed("reference"))
    except verbs.BadValue:
        most = passing.MAX_REFERENCE_CHARS
        reading.trouble["reference"] = _("A reference of at most %(number)s characters.", number=most)
        return ""


def _community(db: Session, place: str, reading: Reading) -> CommunityRow | None:
    """The community that was typed, or chosen among those it could mean; None, and the hotline's own queue has it."""
    if not place:
        return None
    meant = lookup.meant(db, places.matcher(db), place)
    reading.perhaps = tuple(meant.perhaps)
    answered = _typed("place") if _typed("place_for") == place else ""
    for row in meant.perhaps:
        if row.code == answered:
            reading.perhaps = ()
            return row
    if answered == NOWHERE:
        reading.perhaps = ()
    else:
        reading.unknown = meant.row is None and not meant.perhaps
    if meant.row and not lookup.says(place, meant.row) and _typed("echoed") != meant.row.code:
        reading.echo = meant.row
    return meant.row


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()
