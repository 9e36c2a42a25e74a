"""The application comes up on each database, and not with a menu in which one key means two things."""

from dataclasses import replace

import pytest

from ivr.app import App
from ivr.errors import ConfigError
from ivr.factory import tell_keys_apart
from ivr.store import hotline
from prompts import shipped
from routing import needs
from routing.needs import Need


def test_a_fresh_database_has_its_settings_row(app: App):
    """The first migration makes the one row every call reads."""
    with app.sessions.read() as db:
        assert hotline.settings(db).directory_version == 0


@pytest.mark.parametrize(
    ("digit", "other"),
    [("8", "prompts/zh.toml"), ("9", "prompts/en.toml"), ("0", "a person"), ("7", "PIN"), ("1", "medicine")],
)
def test_a_need_on_a_key_that_is_taken_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, digit: str, other: str):
    """It would never be asked for: the key would silently keep its other meaning."""
    monkeypatch.setattr(needs, "NEEDS", (*needs.NEEDS, Need("repair", digit=digit, promise_min=240)))

    with pytest.raises(ConfigError, match=f"key {digit} cannot mean both") as refused:
        tell_keys_apart(shipped())

    assert [True, True] == [word in str(refused.value) for word in ("repair", other)]


def test_a_language_on_the_key_of_a_need_is_refused_at_start(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(needs, "NEEDS", (*needs.NEEDS, Need("repair", digit="5", promise_min=240)))
    packs = shipped()

    with pytest.raises(ConfigError, match=r"key 5 .*repair.*zh\.toml"):
        tell_keys_apart({**packs, "zh": replace(packs["zh"], key="5")})
