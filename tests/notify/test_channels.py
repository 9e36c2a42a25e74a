"""Each kind of channel speaks as its service wants to be spoken to."""

import base64
import hashlib
import hmac
import json
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from ivr.carrier.account import Carrier
from ivr.notify import dingtalk, discover, email, feishu, sms, webhook
from ivr.notify.environment import Environment
from ivr.notify.errors import NotAllowed, NotSent, Rejected, Unreachable
from ivr.notify.message import Message
from ivr.store.seal import Seal, Unreadable
from routing.phone_numbers import Home
from tests.certificate import certificate
from tests.notify.standins import ACCOUNT_SID, MailHandler, Service, free_port, service

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
LINK = "http://localhost/desk/tickets/1?n=7"
MESSAGE = Message("7", "【红领热线】来了新单子", ("101号 买药",), LINK, {"event": "new", "test": False}, NOON)
CHINA = Home("CN")
HERE = Environment(local=True, home=CHINA)


def test_every_kind_is_found_by_its_file():
    assert {"dingtalk", "email", "feishu", "sms", "webhook", "wecom"} == {kind.name for kind in discover()}


def test_dingtalk_is_signed_with_the_time_and_the_key():
    with service("dingtalk") as robot:
        dingtalk.send(robot.values, MESSAGE, HERE)
    query = parse_qs(urlsplit(robot.accepted[0].path).query)
    (timestamp,), key = query["timestamp"], "SECvery-secret-sign-key"
    expected = hmac.new(key.encode(), f"{timestamp}\n{key}".encode(), hashlib.sha256).digest()

    assert [base64.b64encode(expected).decode()] == query["sign"]
    assert 13 == len(timestamp)
    assert ["very-secret-robot-key"] == query["key"]
    assert {"isAtAll": False} == robot.accepted[0].json["at"]


def test_feishu_is_signed_in_the_body():
    with service("feishu") as robot:
        feishu.send(robot.values, MESSAGE, HERE)
    body = robot.accepted[0].json
    key = f"{body['timestamp']}\nSECvery-secret-sign-key"
    expected = base64.b64encode(hmac.new(key.encode(), b"", hashlib.sha256).digest()).decode()

    assert (expected, 10) == (body["sign"], len(body["timestamp"]))


def test_a_robot_without_a_key_to_sign_with_is_not_signed():
    for kind in (dingtalk, feishu):
        with service(kind.__name__.rpartition(".")[2]) as robot:
            kind.send(robot.values | {"sign_key": ""}, MESSAGE, HERE)
        assert "sign" not in robot.accepted[0].path + robot.accepted[0].body.decode()


def test_feishus_older_answer_is_a_good_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "tests.notify.standins.HttpHandler.good", lambda _: {"StatusCode": 0, "StatusMessage": "success"}
    )
    with service("feishu") as robot:
        assert "0 success" == feishu.send(robot.values, MESSAGE, HERE)


def test_another_system_can_check_that_it_is_us():
    """As docs/notices.md tells it to."""
    with service("webhook") as system:
        webhook.send(system.values, MESSAGE, HERE)
    (request,) = system.accepted
    signed = f"{request.headers['X-Hotline-Timestamp']}.".encode() + request.body
    expected = hmac.new(b"SECvery-secret-sign-key", signed, hashlib.sha256).hexdigest()

    assert f"v1={expected}" == request.headers["X-Hotline-Signature"]
    assert ("7", "7", "new") == (request.headers["X-Hotline-Id"], request.json["id"], request.json["event"])


def test_a_text_message_goes_through_the_carriers_api():
    with service("sms") as api:
        carrier = Carrier("twilio", ACCOUNT_SID, f"http://127.0.0.1:{api.port}", "key", secret="secret", tokens=())
        environment = Environment(local=False, home=CHINA, carrier=carrier)
        answer = sms.send(api.values, MESSAGE, environment)
        sms.send(api.values | {"sender": "MG0000000000000001"}, MESSAGE, environment)
    first, second = (parse_qs(request.body.decode()) for request in api.accepted)

    assert "SM1 queued" == answer
    assert {"To": ["+8613800000009"], "From": ["+8657455500100"], "Body": [MESSAGE.text]} == first
    assert ["MG0000000000000001"] == second["MessagingServiceSid"]
    assert f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json" == api.accepted[0].path
    assert "Basic " + base64.b64encode(b"key:secret").decode() == api.accepted[0].headers["Authorization"]


def test_without_a_carrier_there_are_no_text_messages():
    with pytest.raises(Rejected):
        sms.send({"sender": "+8657455500100", "to": "+8613800000009"}, MESSAGE, HERE)


# --- e-mail


def test_an_e_mail_has_its_headers_and_no_others():
    with service("email") as server:
        email.send(server.values, MESSAGE, HERE)
    (letter,) = server.accepted

    assert ("hotline@example.org", "duty@example.org, street@example.org") == (letter["From"], letter["To"])
    assert ("【红领热线】来了新单子", "<notice-7@example.org>") == (letter["Subject"], letter["Message-ID"])
    assert "auto-generated" == letter["Auto-Submitted"]
    assert MESSAGE.text.splitlines() == letter.get_content().splitlines()


def test_a_line_break_makes_no_header():
    """A64: Names are cleaned before; if one got through all the same, nothing is sent."""
    broken = Message("7", "a\r\nBcc: all@example.org", (), LINK, {}, NOON)
    with service("email") as server, pytest.raises(ValueError, match="Header"):
        email.send(server.values, broken, HERE)
    assert [] == server.accepted


def test_a_password_is_not_sent_in_the_clear():
    values = {"host": "mail.example.org", "security": "plain", "sender": "a@example.org", "to": "b@example.org"}
    with pytest.raises(NotAllowed):
        email.send(values | {"user": "hotline", "password": "secret"}, MESSAGE, HERE)


def test_one_address_of_two_that_is_refused_is_told(monkeypatch: pytest.MonkeyPatch):
    async def choosy(self, server, session, envelope, address, options):
        if address == "duty@example.org":
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    monkeypatch.setattr(MailHandler, "handle_RCPT", choosy, raising=False)
    with service("email") as server:
        assert "250, refused: duty@example.org" == email.send(server.values, MESSAGE, HERE)
        with pytest.raises(Rejected, match="550 no such mailbox"):
            email.send(server.values | {"to": "duty@example.org"}, MESSAGE, HERE)


@contextmanager
def encrypted(folder: Path, *, implicit: bool):
    """A mail server with a certificate of its own, and one user."""
    pem = certificate(folder, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def knows(_server, _session, _envelope, _mechanism, who) -> AuthResult:
        return AuthResult(success=(who.login, who.password) == (b"hotline", b"secret"), handled=False)

    stand_in = Service("email", port=free_port())
    secure = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        MailHandler(stand_in),
        hostname="localhost",
        port=stand_in.port,
        authenticator=knows,
        auth_required=True,
        auth_require_tls=not implicit,  # with implicit TLS it does not know that it speaks TLS already, and warns
        **secure,
    )
    controller.start()
    yield stand_in, pem
    controller.stop()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_mail_server_is_spoken_to_encrypted_and_must_prove_who_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
):
    with encrypted(tmp_path, implicit=security == "ssl") as (server, trust):
        values = server.values | {"host": "localhost", "security": security, "user": "hotline", "password": "secret"}
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            email.send(values, MESSAGE, HERE)
        monkeypatch.setattr(email, "trusted", lambda: ssl.create_default_context(cafile=trust))
        email.send(values, MESSAGE, HERE)
        with pytest.raises(Rejected, match="535"):
            email.send(values | {"password": "wrong"}, MESSAGE, HERE)
    assert 1 == len(server.accepted)


def test_a_server_without_starttls_gets_nothing():
    with service("email") as server, pytest.raises(NotSent):
        email.send(server.values | {"security": "starttls"}, MESSAGE, HERE)
    assert [] == server.accepted


# --- what is sealed


def test_what_was_sealed_with_an_old_key_is_still_opened():
    """Rotating: a new key in the first line."""
    old, new = Seal("old-key"), Seal("new-key\nold-key\n")
    assert {"key": "密"} == new.open(old.close({"key": "密"}))
    with pytest.raises(Unreadable):
        old.open(new.close({"key": "密"}))


def test_what_is_sealed_says_nothing():
    sealed = Seal("a-key").close({"password": "secret"})
    assert "secret" not in sealed
    assert "secret" not in json.dumps([base64.urlsafe_b64decode(sealed).decode("latin1")])
    with pytest.raises(Unreadable):
        Seal("a-key").open("")
