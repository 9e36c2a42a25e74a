"""What fills the sentences' blanks: numbers, times, needs, names; which of it is recorded, and what still is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.app import app
from ivr.desk.running.saying import line_now
from ivr.desk.shell.guard import allow, bp
from ivr.store.models import CommunityRow
from prompts import Pack
from prompts.parts import NUMBERED
from prompts.recordable import fillings

MOST_NAMES = 200  # of one search
MAX_SEARCH_CHARS = 100
GROUPS = {
    "numbers": _l("Digits of numbers that are read out"),
    "keys": _l("Keys"),
    "needs": _l("Needs"),
    "who": _l("Who has a matter"),
    "counted": _l("Minutes, hours, callers"),
    "days": _l("Days"),
    "times": _l("Times of day"),
    "places": _l("Communities"),
    "streets": _l("Streets"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """``shown``: the text without what only tells it apart."""

    text: str
    shown: str
    recorded: bool
    slow: bool
    draft: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    parts: Sequence[Part]

    @property
    def recorded(self) -> int:
        return sum(each.recorded for each in self.parts)


@bp.get("/prompts/parts")
@allow("run_line")
def show_parts() -> str:
    """The blanks' fillings of one language; names are found by words."""
    wanted = request.args.get("q", "").strip()[:MAX_SEARCH_CHARS]
    with app.sessions.read() as db:
        made = line_now(db)
        language = request.args.get("language", "")
        pack = made.packs.get(language) or made.packs[app.settings.hotline_language]
        tried = made.drafts[pack.language]
        named = {"places": _names(db, CommunityRow.name, wanted), "streets": _names(db, CommunityRow.street, wanted)}
        groups = [
            Group(str(GROUPS[name]), [_part(text, pack, tried) for text in texts if wanted in text])
            for name, texts in {**fillings(pack), **named}.items()
        ]
    return render_template(
        "desk/running/parts.html",
        packs=made.packs,
        pack=pack,
        groups=[group for group in groups if group.parts],
        q=wanted,
        most=MOST_NAMES,
    )


def _part(text: str, pack: Pack, tried: Pack) -> Part:
    recorded, slow = pack.clip(text), pack.slowly.clip(text)
    return Part(text, text.removeprefix(NUMBERED), bool(recorded), bool(slow), tried.clip(text) != recorded)


def _names(db: Session, column: InstrumentedAttribute[str], wanted: str) -> Sequence[str]:
    """Names of the directory that callers are told, the first two hundred of them."""
    found = select(column).where(CommunityRow.retired_at.is_(None), column.contains(wanted, autoescape=True))
    return db.scalars(found.distinct().order_by(column).limit(MOST_NAMES)).all()
