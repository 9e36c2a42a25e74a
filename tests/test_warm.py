"""A process is warm before it serves: its first caller waits for nothing that later ones do not wait for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import exc

from ivr import warm
from ivr.app import App
from ivr.line import own_reader, shipped_reader
from ivr.store.directory import importing
from tests.stories.conftest import TOWN


def test_what_a_call_needs_is_there_before_it_comes(app: App):
    """The matcher of today's directory, and whoever understands each language."""
    with app.sessions.begin() as db:
        importing.put(db, TOWN, datetime.now(UTC), replace=False)
    own_reader.cache_clear()
    shipped_reader.cache_clear()

    warm.warm(app)

    assert len(TOWN) == len(app.matcher.matcher.directory)
    assert len(app.packs) == shipped_reader.cache_info().currsize
    app.line.now().reader("zh", app.settings.hotline_region)
    assert len(app.packs) == shipped_reader.cache_info().misses, "a call asks for the same"


def test_pages_are_compiled(app: App):
    warm.warm(app)
    assert app.jinja_env.cache is not None
    loaded = {name for _, name in app.jinja_env.cache}
    assert {"desk/shell/login.html", "desk/work/inbox.html"} <= loaded


def test_a_process_whose_database_is_away_starts_all_the_same(app: App, monkeypatch: pytest.MonkeyPatch):
    """It has apologies to say."""

    def away() -> None:
        raise exc.OperationalError("BEGIN", None, Exception("away"))

    monkeypatch.setattr(app.sessions, "read", away)
    warm.warm(app)
    assert 0 == len(app.matcher.matcher.directory)
