"""Other names of communities: what callers seem to say, for a supervisor to teach, and how much it has helped."""

from dataclasses import dataclass
from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell import places
from ivr.desk.shell.guard import ID, allow, bp, me, now
from ivr.store.access import rules
from ivr.store.directory import measures, review
from ivr.store.directory.review import Listed, NotTeachable, Overtaken
from routing.matching import Candidate, Decision, Matcher
from routing.matching.teachable import Doubt, Objection, objection

Page = Response | tuple[str, int]

SHOWN_WEEKS = 8

DOUBTS = {
    Doubt.SHORT: _l("Too short: a name has at least two syllables."),
    Doubt.LONG: _l("Too long for a name. Keep only the name itself."),
    Doubt.GENERIC: _l("Too general: every place has one, or it is a street."),
    Doubt.KNOWN: _l("This community already has this name."),
    Doubt.TAKEN: _l("Another community sounds the same; its callers would be sent here:"),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as a supervisor weighs it: what speaks against it, and whom it could be confused with."""

    heard: Listed
    against: Objection | None
    confusable: tuple[Candidate, ...]


@bp.get("/aliases")
@allow("see_names")
def show_aliases() -> Page:
    return page()


@bp.post(f"/aliases/<{ID}:proposal_id>/accept")
@allow("teach")
def accept_alias(proposal_id: int) -> Page:
    if not {"alias", "shown"} <= request.form.keys():
        abort(400)
    name, shown = request.form["alias"], request.form["shown"]
    with app.sessions.begin() as db:
        matcher = places.matcher(db)
        review.accept(db, me(), proposal_id, name, matcher, now(), shown=shown)
    flash(_("Accepted. The next call will understand it."))
    return redirect(url_for("desk.show_aliases"))


@bp.post(f"/aliases/<{ID}:proposal_id>/decline")
@allow("teach")
def decline_alias(proposal_id: int) -> Page:
    if "shown" not in request.form:
        abort(400)
    with app.sessions.begin() as db:
        review.decline(db, me(), proposal_id, now(), shown=request.form["shown"])
    flash(_("Declined."))
    return redirect(url_for("desk.show_aliases"))


@bp.errorhandler(NotTeachable)
def not_teachable(error: NotTeachable) -> Page:
    return page(422, trouble={(request.view_args or {})["proposal_id"]: _told(error.objection)})


@bp.errorhandler(Overtaken)
def overtaken_alias(error: Overtaken) -> Page:
    return page(409, notice=_("Someone else has already decided this."))


def page(status: int = 200, *, notice: str = "", trouble: dict[int, str] | None = None) -> Page:
    """Figures for whoever may count calls; what was heard, word for word, for those alone who teach."""
    monday = days.today() - timedelta(days=days.today().weekday())
    begins = [days.begin(monday - timedelta(weeks=ago)) for ago in reversed(range(SHOWN_WEEKS))]
    with app.sessions.read() as db:
        teaches = rules.may(me(), "teach")
        matcher = places.matcher(db)
        html = render_template(
            "desk/names/aliases.html",
            weeks=measures.by_week(db, begins)[::-1],
            proposed=[_weigh(each, matcher) for each in review.listed(db, "proposed")] if teaches else [],
            decided=review.listed(db, "accepted", "declined") if teaches else [],
            teaches=teaches,
            told=_told,
            notice=notice,
            trouble=trouble or {},
            typed=request.form.get("alias", ""),
        )
    return html, status


def _weigh(each: Listed, matcher: Matcher) -> Proposed:
    code = each.proposal.community_code
    match = matcher.match(each.proposal.heard, without=(code,))
    confusable = () if match.decision is Decision.REJECT else match.candidates
    return Proposed(each, objection(each.proposal.heard, code, matcher), confusable)


def _told(against: Objection) -> str:
    """An objection as a sentence, with the names of those it protects."""
    others = ", ".join(f"{other.name} ({other.street})" for other in against.others[:3])
    return f"{DOUBTS[against.doubt]} {others}".strip()
