"""A recording comes from its carrier's own host, whole, or with the reason why it does not come."""

import base64
import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.carrier.account import Broken, Carrier, NoRecording, NotReady, Refused, carriers
from ivr.carrier.media import may_follow
from ivr.settings import Settings
from tests.fake_carrier import ACCOUNT_SID, SOUND, Answer, FakeCarrier, fake_carrier

PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/RE1.wav"
BASIC = "Basic " + base64.b64encode(b"key:secret").decode()


@pytest.fixture
def fake() -> Iterator[FakeCarrier]:
    with fake_carrier() as fake:
        yield fake


def test_a_recording_is_asked_for_by_its_sid_with_our_credentials(fake: FakeCarrier) -> None:
    """The address is made of the account's and the recording's SID, nothing else."""
    assert fake.carrier.fetch_recording("RE1") == SOUND
    assert [(PATH, BASIC)] == [(request.path, request.authorization) for request in fake.requests]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (NotReady, Answer(404, kind="application/json")),
        (Refused, Answer(401)),
        (Refused, Answer(403)),
        (Broken, Answer(500)),
        (Broken, Answer(429)),
        (Broken, Answer(kind="text/html")),
        (Broken, Answer(kind="image/svg+xml")),
        (Broken, Answer(encoding="gzip")),
        (Broken, Answer(body=b"")),
        (Broken, Answer(length=len(SOUND) + 1)),
        (Broken, Answer(302)),
    ],
)
def test_what_is_no_sound_is_told_by_its_reason(fake: FakeCarrier, error: type[NoRecording], answer: Answer) -> None:
    """Not yet there, not for us, or no good: three reasons, each its own error."""
    fake.answers = [answer]
    with pytest.raises(error):
        fake.carrier.fetch_recording("RE1")


def test_an_operators_proxy_is_no_way_to_this_machine(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator's recordings arrive although the environment names a proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert fake.carrier.fetch_recording("RE1") == SOUND


def test_nobody_answering_is_an_ordinary_reason() -> None:
    """A refused connection is told like every other trouble of the carrier's."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        with pytest.raises(Broken):
            Carrier("twilio", ACCOUNT_SID, url, "key", "secret", ("token",)).fetch_recording("RE1")


def test_an_endless_body_is_cut_by_its_size(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body without end cannot fill our memory."""
    monkeypatch.setattr("ivr.carrier.media.MAX_BYTES", 1000)
    fake.answers = [Answer(endless=True)]
    with pytest.raises(Broken, match="larger"):
        fake.carrier.fetch_recording("RE1")


def test_a_dripping_body_is_cut_by_its_time(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that keeps coming cannot hold the worker."""
    monkeypatch.setattr("ivr.carrier.media.MAX_S", -1.0)
    fake.answers = [Answer(endless=True)]
    with pytest.raises(Broken, match="longer"):
        fake.carrier.fetch_recording("RE1")


@pytest.mark.parametrize("sid", ["", "../../etc/passwd", "RE..%2f", "RE1?x=1", "RE1/..", "R" * 65, "RE1\n", "ＲＥ１"])
def test_a_sid_that_is_none_is_never_sent(fake: FakeCarrier, sid: str) -> None:
    """No path is ever built from something that is not a SID."""
    with pytest.raises(Broken):
        fake.carrier.fetch_recording(sid)
    assert [] == fake.requests


def test_a_redirect_on_the_same_host_keeps_the_credentials(fake: FakeCarrier) -> None:
    """Moving within the carrier's API is an ordinary thing."""
    fake.answers = [Answer(302, location="/elsewhere"), Answer()]
    assert fake.carrier.fetch_recording("RE1") == SOUND
    assert [BASIC, BASIC] == [request.authorization for request in fake.requests]


def test_credentials_stay_behind_when_another_host_has_the_file(
    fake: FakeCarrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another host sees neither ours nor those that lie in the user's home."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    with fake_carrier() as storage:
        fake.answers = [Answer(307, location=storage.url + "/file")]
        assert fake.carrier.fetch_recording("RE1") == SOUND
        assert [None] == [request.authorization for request in storage.requests]


def test_a_third_redirect_is_not_followed(fake: FakeCarrier) -> None:
    """Two hops lead to every storage there is; more is a loop."""
    fake.answers = [Answer(302, location="/again")]
    with pytest.raises(Broken, match="often"):
        fake.carrier.fetch_recording("RE1")
    assert 3 == len(fake.requests)


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("https://media.example/x", "169.254.169.254"),
        ("https://media.example/x", "127.0.0.1"),
        ("https://media.example/x", "10.1.2.3"),
        ("https://media.example/x", "::ffff:10.1.2.3"),
        ("https://media.example/x", "fd00::1"),
        ("http://media.example/x", "93.184.216.34"),
        ("file:///etc/passwd", "93.184.216.34"),
        ("gopher://media.example/x", "93.184.216.34"),
    ],
)
def test_a_public_carrier_cannot_send_us_into_the_private_network(
    location: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only https, and only where every address of the name is a public one."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(None, None, None, "", (address, 443))])
    assert not may_follow("https://api.twilio.example", location)


def test_the_storage_of_a_public_carrier_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket in the open internet is where carriers keep their files."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(None, None, None, "", ("93.184.216.34", 443))])
    assert may_follow("https://api.twilio.example", "https://media.example/x")


def test_the_account_of_a_compatible_carrier_may_have_any_shape(fake: FakeCarrier) -> None:
    """Whatever stands in TWILIO_ACCOUNT_SID becomes one segment of the path."""
    odd = dataclasses.replace(fake.carrier, account_sid="a/b?c")
    odd.fetch_recording("RE1")
    assert "/2010-04-01/Accounts/a%2Fb%3Fc/Recordings/RE1.wav" == fake.requests[0].path


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
