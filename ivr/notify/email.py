"""An e-mail, through any mail server that speaks SMTP."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from mimetypes import guess_type

from ivr.notify.environment import Environment
from ivr.notify.errors import Busy, Down, NotAllowed, NotSent, Rejected, Silent, Unreachable
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.post import told
from ivr.outbound.addresses import Reach, reach_of_host
from ivr.outbound.connect import Deadline, dial, encrypt, trusted

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
PATIENCE_S = 10.0  # for each answer
WHOLE_S = 60.0


def send(values: Values, message: Message, environment: Environment) -> str:
    """Hand it to the mail server. Every try bears the same Message-ID: many mailboxes then show it once.

    A password travels encrypted or not at all; only within this machine, for a demo, it may go as it is.
    """
    host, security, user = values["host"], values["security"], values.get("user", "")
    reach = reach_of_host(host, local=environment.local, named=environment.mail_hosts)
    if reach is None:
        raise NotAllowed("HOTLINE_MAIL_HOSTS")
    if security == "plain" and user and reach is not Reach.HERE:
        raise NotAllowed("STARTTLS")
    letter = _letter(values, message)
    with told():
        connection = dial(host, int(values.get("port") or PORTS[security]), reach, PATIENCE_S)
    server = None
    with Deadline(WHOLE_S).over(connection):
        try:
            if security == "ssl":
                with told():
                    connection = encrypt(connection, host, trusted())
            server = _Server(connection, host, values["sender"])
            if security == "starttls":
                server.starttls(context=trusted())
            if user:
                server.login(user, values.get("password", ""))
            refused = server.send_message(letter)
        except (smtplib.SMTPException, OSError) as error:
            raise _meaning(error, connected=server is not None) from None
        finally:
            (server or connection).close()  # without QUIT: a server's answer to a goodbye must not undo what it took
    return f"250, refused: {', '.join(refused)}" if refused else "250"


class _Server(smtplib.SMTP):
    """The library's client, on a connection that was made before."""

    def __init__(self, connection: socket.socket, host: str, sender: str) -> None:
        self._connection = connection
        name = sender.rpartition("@")[2]  # by itself the library would ask the name server who we are
        super().__init__(host, local_hostname=name, timeout=PATIENCE_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._connection


def _letter(values: Values, message: Message) -> EmailMessage:
    """The e-mail. Headers take no line breaks: what could have some was cleaned, and the library refuses the rest."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = message.title
    letter["From"], letter["To"] = values["sender"], values["to"]
    letter["Date"] = format_datetime(message.since)
    letter["Message-ID"] = f"<notice-{message.key}@{values['sender'].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    for name, content in message.files.items():
        main, _, sub = (guess_type(name)[0] or "application/octet-stream").partition("/")
        letter.add_attachment(content, main, sub, filename=name)
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
        case ssl.SSLError():
            return Unreachable(type(error).__name__)
    return (Silent if connected else Unreachable)(type(error).__name__)


def _by_code(code: int, said: bytes | str) -> NotSent:
    """4xx: not now, often a limit or a greylist; 5xx: never like this. 421: the server goes away."""
    text = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    if code == 421:
        return Down(text)
    return Busy(text) if 400 <= code < 500 else Rejected(text)
