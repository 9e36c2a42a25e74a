"""An e-mail, through any mail server that speaks SMTP."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ivr.notify.errors import Busy, Down, NotAllowed, NotSent, Rejected, Silent, Unreachable
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.outside import Outside
from ivr.settings import LOOPBACK

PORTS = {"starttls": 587, "ssl": 465, "plain": 25}
FIELDS = (
    Field("host", "host"),
    Field("security", "choice", choices=tuple(PORTS), default="starttls"),
    Field("port", "port", required=False),
    Field("user", required=False),
    Field("password", secret=True, required=False),
    Field("sender", "mail"),
    Field("to", "mails"),
)
PATIENCE_S = 10.0


def send(values: Values, message: Message, outside: Outside) -> str:
    """Hand it to the mail server. Every try bears the same Message-ID: many mailboxes then show it once.

    A password travels encrypted or not at all; only within this machine, for a demo, it may go as it is.
    """
    host, security, user = values["host"], values["security"], values.get("user", "")
    if security == "plain" and user and not (outside.local and host in LOOPBACK):
        raise NotAllowed("STARTTLS")
    port = int(values.get("port") or PORTS[security])
    letter = _letter(values, message)
    server = None
    try:
        server = _connect(host, port, security, values["sender"])
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(user, values.get("password", ""))
        refused = server.send_message(letter)
    except (smtplib.SMTPException, OSError) as error:
        raise _meaning(error, connected=server is not None) from None
    finally:
        if server:
            server.close()  # without QUIT: what the server says to a goodbye must not undo what it has taken
    return f"250, refused: {', '.join(refused)}" if refused else "250"


def _connect(host: str, port: int, security: str, sender: str) -> smtplib.SMTP:
    name = sender.rpartition("@")[2]  # by itself the library would ask the name server who we are
    if security == "ssl":
        return smtplib.SMTP_SSL(host, port, name, timeout=PATIENCE_S, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, name, timeout=PATIENCE_S)


def _letter(values: Values, message: Message) -> EmailMessage:
    """The e-mail. Headers take no line breaks: what could have some was cleaned, and the library refuses the rest."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = message.title
    letter["From"], letter["To"] = values["sender"], values["to"]
    letter["Date"] = format_datetime(message.since)
    letter["Message-ID"] = f"<notice-{message.key}@{values['sender'].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    return letter


def _meaning(error: Exception, *, connected: bool) -> NotSent:
    """What an error of the mail server means for us."""
    match error:
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPNotSupportedError():
            return Rejected(str(error))
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            return _by_code(*next(iter(answers.values())))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return _by_code(code, said)
        case ssl.SSLError() | ConnectionRefusedError() | socket.gaierror():
            return Unreachable(type(error).__name__)
    return (Silent if connected else Unreachable)(type(error).__name__)


def _by_code(code: int, said: bytes | str) -> NotSent:
    """4xx: not now, often a limit or a greylist; 5xx: never like this. 421: the server goes away."""
    text = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    if code == 421:
        return Down(text)
    return Busy(text) if 400 <= code < 500 else Rejected(text)
