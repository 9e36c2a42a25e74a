"""The simulated telephone, when it is switched on: the browser phone, and the carrier that keeps what it records."""

from functools import partial

from flask import Blueprint
from werkzeug.wrappers import Response

from ivr.app import App
from ivr.carrier.account import SIMULATOR, named
from ivr.desk.shell.guard import refuse_unless
from ivr.phone import browser, placing, recordings
from ivr.phone.line import Line
from ivr.phone.transport import over_http


def mount(app: App) -> Blueprint | None:
    """Put the telephone at /phone/; the answer is its carrier, which proves itself by a password and no cookie.

    On a public address only a supervisor may ring; on this machine whoever can reach it.
    """
    carrier = named(SIMULATOR, app.carriers)
    if carrier is None:
        return None
    token = carrier.tokens[0]
    line = Line(app.settings.base_url, carrier.account_sid, token, over_http(), recordings_url=carrier.api_base_url)
    kept = recordings.Recordings(app.settings.data_dir / "carrier")
    calls = placing.Calls(app.settings.data_dir / "carrier")
    app.register_blueprint(browser.blueprint(line, kept, calls, partial(_guard, app)))
    stand_in = recordings.blueprint(carrier.account_sid, token, kept)
    placing.add_to(stand_in, calls)
    app.register_blueprint(stand_in)
    return stand_in


def _guard(app: App) -> Response | None:
    return refuse_unless("use_phone") if app.settings.is_public else None
