"""What any page says of the line as it is now: that it is not ready yet; that calls are short; that a caller is on the
nuisance list."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ivr.app import app
from ivr.desk.shell.guard import bp, now
from ivr.desk.shell.line import the_line


@bp.app_context_processor
def banners() -> dict[str, Callable[..., Any]]:
    return {"surge_until": surge_until, "is_nuisance": is_nuisance, "is_live": is_live}


def is_live() -> bool:
    """Whether every step to going live is taken: at most one statement, once a minute."""
    return app.golive.is_complete(now())


def surge_until() -> datetime | None:
    """The end of the surge of this moment."""
    surge = the_line().surge(now())
    return surge.ends_at if surge else None


def is_nuisance(phone_id: int | None) -> bool:
    return the_line().is_nuisance(phone_id, now())
