"""The application comes up on each database."""

from ivr.app import App
from ivr.store import hotline


def test_a_fresh_database_has_its_settings_row(app: App):
    """The first migration makes the one row every call reads."""
    with app.sessions.read() as db:
        assert hotline.settings(db).directory_version == 0
