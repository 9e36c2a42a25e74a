"""Which carriers there are, and how their API is asked."""

from pathlib import Path

from ivr.carrier.account import carriers
from ivr.settings import Settings


def test_every_carrier_is_known_by_its_account(tmp_path: Path) -> None:
    """Twilio's is the configured account, the simulator's follows from the token it made for itself."""
    settings = Settings.load(
        hotline_data_dir=tmp_path,
        port=8123,
        hotline_simulator=True,
        twilio_account_sid="ACtwilio",
        twilio_auth_token="new, old",
        twilio_api_base_url="http://127.0.0.1:1/",
    )
    twilio, simulator = carriers(settings).values()
    assert ("twilio", "ACtwilio", "ACtwilio", "new") == (twilio.name, twilio.account_sid, twilio.user, twilio.secret)
    assert (("new", "old"), "http://127.0.0.1:1") == (twilio.tokens, twilio.api_base_url)
    assert ("simulator", "http://127.0.0.1:8123/phone/carrier") == (simulator.name, simulator.api_base_url)
    assert (settings.own_secret("simulator.token"),) == simulator.tokens
    assert simulator.account_sid == next(sid for sid in carriers(settings) if sid != "ACtwilio")
    assert "new" not in repr(twilio)


def test_an_api_key_is_used_where_there_is_one(tmp_path: Path) -> None:
    """A revocable key opens the API; the auth token then only verifies signatures."""
    settings = Settings.load(
        hotline_data_dir=tmp_path,
        twilio_account_sid="ACtwilio",
        twilio_auth_token="token",
        twilio_api_key="SKkey",
        twilio_api_secret="hidden",
    )
    (twilio,) = carriers(settings).values()
    assert ("SKkey", "hidden") == (twilio.user, twilio.secret)
