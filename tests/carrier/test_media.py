"""A recording comes from its carrier's own host, whole, or with the reason why it does not come."""

import base64
import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.carrier.account import Carrier
from ivr.carrier.errors import Broken, Damaged, NotGiven, NotReady, Refused
from ivr.carrier.media import fetch
from tests.fake_carrier import ACCOUNT_SID, SOUND, Answer, FakeCarrier, fake_carrier

PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/RE1.wav"
BASIC = "Basic " + base64.b64encode(b"key:secret").decode()


@pytest.fixture
def fake() -> Iterator[FakeCarrier]:
    with fake_carrier() as fake:
        yield fake


def test_a_recording_is_asked_for_by_its_sid_with_our_credentials(fake: FakeCarrier) -> None:
    """A44, A45: The address is made of the account's and the recording's SID, nothing else."""
    assert SOUND == fetch(fake.carrier, "RE1").data
    assert [(PATH, BASIC)] == [(request.path, request.authorization) for request in fake.requests]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (NotReady, Answer(404, kind="application/json")),
        (Refused, Answer(401)),
        (Refused, Answer(403)),
        (Broken, Answer(500)),
        (Broken, Answer(429)),
        (Damaged, Answer(kind="text/html")),
        (Damaged, Answer(kind="image/svg+xml")),
        (Damaged, Answer(encoding="gzip")),
        (Damaged, Answer(body=b"")),
        (Damaged, Answer(body=b"<html>not found</html>")),
        (Damaged, Answer(body=SOUND[:20])),
        (Broken, Answer(length=len(SOUND) + 1)),
        (Broken, Answer(302)),
    ],
)
def test_what_is_no_sound_is_told_by_its_reason(fake: FakeCarrier, error: type[NotGiven], answer: Answer) -> None:
    """Not yet there, not for us, or no good: three reasons, each its own error."""
    fake.answers = [answer]
    with pytest.raises(error):
        fetch(fake.carrier, "RE1")


def test_nobody_answering_is_an_ordinary_reason() -> None:
    """A refused connection is told like every other trouble of the carrier's."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        with pytest.raises(Broken):
            fetch(Carrier("twilio", ACCOUNT_SID, url, "key", "secret", ("token",)), "RE1")


def test_an_endless_body_is_cut_by_its_size(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A48: A body without end cannot fill our memory."""
    monkeypatch.setattr("ivr.carrier.media.MAX_BYTES", 1000)
    fake.answers = [Answer(endless=True)]
    with pytest.raises(Broken, match="larger"):
        fetch(fake.carrier, "RE1")


def test_a_dripping_body_is_cut_by_its_time(fake: FakeCarrier) -> None:
    """A48: A body that keeps coming cannot hold the worker."""
    fake.answers = [Answer(body=b"a byte, and again", endless=True)]
    with pytest.raises(Broken, match=r"too long|Silent time"):  # on a busy machine before the body has begun
        fetch(fake.carrier, "RE1", max_s=0.3)


@pytest.mark.parametrize("sid", ["", "../../etc/passwd", "RE..%2f", "RE1?x=1", "RE1/..", "R" * 65, "RE1\n", "ＲＥ１"])
def test_a_sid_that_is_none_is_never_sent(fake: FakeCarrier, sid: str) -> None:
    """A47: No path is ever built from something that is not a SID."""
    with pytest.raises(Broken):
        fetch(fake.carrier, sid)
    assert [] == fake.requests


def test_a_redirect_on_the_same_host_keeps_the_credentials(fake: FakeCarrier) -> None:
    """Moving within the carrier's API is an ordinary thing."""
    fake.answers = [Answer(302, location="/elsewhere"), Answer()]
    assert SOUND == fetch(fake.carrier, "RE1").data
    assert [BASIC, BASIC] == [request.authorization for request in fake.requests]


def test_credentials_stay_behind_when_another_host_has_the_file(
    fake: FakeCarrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A46: Another host sees neither ours nor those that lie in the user's home."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    with fake_carrier() as storage:
        fake.answers = [Answer(307, location=storage.url + "/file")]
        assert SOUND == fetch(fake.carrier, "RE1").data
        assert [None] == [request.authorization for request in storage.requests]


def test_a_host_that_was_not_named_is_told_with_the_remedy(fake: FakeCarrier) -> None:
    """The operator reads in the worker's log which host to name, and where."""
    fake.answers = [Answer(302, location="https://storage.example.org/RE1.wav")]
    with pytest.raises(Broken, match=r"storage\.example\.org.*TWILIO_MEDIA_HOSTS"):
        fetch(fake.carrier, "RE1")


def test_the_account_of_a_compatible_carrier_may_have_any_shape(fake: FakeCarrier) -> None:
    """Whatever stands in TWILIO_ACCOUNT_SID becomes one segment of the path."""
    odd = dataclasses.replace(fake.carrier, account_sid="a/b?c")
    fetch(odd, "RE1")
    assert "/2010-04-01/Accounts/a%2Fb%3Fc/Recordings/RE1.wav" == fake.requests[0].path
