"""How figures are said on a page: their names, what they mean, shares and times."""

from flask_babel import format_percent
from flask_babel import gettext as _

from ivr.app import app
from ivr.desk.shell.guard import bp
from ivr.words import figures
from ivr.words.figures import Told

HOUR_MIN = 60


def figure_name(key: str) -> str:
    told = figures.EVERY[key]
    return _filled(Told(told.name, told.name))


def figure_meaning(key: str) -> str:
    return _filled(figures.EVERY[key])


def share(part: int, whole: int) -> str:
    """``37%``; nothing of nothing."""
    return str(format_percent(part / whole)) if whole else ""


def minutes(time_min: float | None) -> str:
    """``3 min``, ``2 h 5 min``; less than a minute is said to be that."""
    if time_min is None:
        return "–"
    if time_min < 1:
        return _("under 1 min")
    hours, rest = divmod(round(time_min), HOUR_MIN)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def _filled(told: Told) -> str:
    return told.defined(app.settings.hotline_answer_within_s, app.settings.hotline_abandoned_min_s)


@bp.app_context_processor
def figure_words() -> dict[str, object]:
    return {"figure_name": figure_name, "figure_meaning": figure_meaning, "share": share, "minutes": minutes}
