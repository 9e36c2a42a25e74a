"""Have the carrier take away at once what was erased here; what it keeps is asked for again at night."""

from datetime import UTC, datetime

from ivr.app import App
from ivr.jobs.forget import ask_the_carrier


def erase_at_carrier(app: App, at_s: int) -> None:
    """*at_s*, the second at which it was erased, tells this job from others."""
    ask_the_carrier(app, datetime.now(UTC))
