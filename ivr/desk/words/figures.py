"""How figures are said on a page: their names, what they mean, shares and times."""

from ivr.app import app
from ivr.desk.shell.guard import bp
from ivr.store.models.ticket import number_of
from ivr.words import figures
from ivr.words.figures import Told, minutes, share


def figure_name(key: str) -> str:
    told = figures.EVERY[key]
    return _filled(Told(told.name, told.name))


def figure_meaning(key: str) -> str:
    return _filled(figures.EVERY[key])


def _filled(told: Told) -> str:
    return told.defined(app.settings.hotline_answer_within_s, app.settings.hotline_abandoned_min_s)


@bp.app_context_processor
def figure_words() -> dict[str, object]:
    return {"figure_name": figure_name, "figure_meaning": figure_meaning, "share": share, "minutes": minutes}


@bp.app_template_filter()
def ticket_number(ticket_id: int) -> str:
    return number_of(ticket_id)
