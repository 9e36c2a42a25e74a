"""How a sentence was read, in words for staff: what its words stand for, and what became of that."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ivr.desk.shell.guard import bp
from ivr.desk.words import need_label
from ivr.store.facts.turns import Read

STANDS_FOR = {
    "emergency.medical": _l("emergency: medical"),
    "emergency.medical.despair": _l("emergency: despair"),
    "emergency.fire": _l("emergency: fire"),
    "emergency.rescue": _l("emergency: rescue"),
    "emergency.police": _l("emergency: police"),
    "answer.yes": _l("yes"),
    "answer.no": _l("no"),
    "wish.person": _l("wants a person"),
    "wish.again": _l("wants to hear it again"),
    "wish.slower": _l("wants it slower"),
    "wish.louder": _l("wants it louder"),
    "wish.cancel": _l("no longer needs it"),
    "wish.status": _l("asks what became of it"),
    "wish.hear": _l("wants to hear the message"),
    "wish.redo": _l("wants to say it anew"),
    "unknown": _l("does not know"),
}
FATES = {
    "counts": _l("counts"),
    "mentioned": _l("only mentioned"),
    "denied": _l("denied"),
    "feared": _l("only feared"),
    "supposed": _l("only supposed"),
    "told": _l("told of somebody else"),
    "asked": _l("only asked about"),
    "past": _l("long past"),
    "over": _l("over"),
    "beside": _l("beside the point"),
    "lacking": _l("lacks it"),
    "hinted": _l("only hinted at"),
}


@bp.app_template_filter()
def reading_label(read: Read) -> str:
    """“降压药”: medicine, counts."""
    kind, _dot, name = read["stands_for"].partition(".")
    what = need_label(name) if kind == "need" else STANDS_FOR.get(read["stands_for"], read["stands_for"])
    fate = FATES.get(read["fate"], read["fate"])
    return _("“%(words)s”: %(what)s, %(fate)s", words=read["words"], what=what, fate=fate)
