"""A text message, through the REST API of the carrier that brings us the calls."""

from ivr.carrier.account import Carrier
from ivr.notify.environment import Environment
from ivr.notify.errors import Down, NotSent, Rejected, Unknowable
from ivr.notify.fields import Field, Values
from ivr.notify.message import Message
from ivr.notify.post import good, told

FIELDS = (Field("sender", "sender"), Field("to", "phone"))
MESSAGES = "Messages.json"
NEWEST = 50  # messages to one telephone since the notice arose: far more than there can be
NO_LIST = (404, 405, 501)
NOT_DELIVERED = ("failed", "undelivered", "canceled")


def send(values: Values, message: Message, environment: Environment) -> str:
    """Send it, unless an earlier try without an answer did: the carrier's own list of messages tells.

    A carrier without such a list cannot be asked; the message is then not sent a second time (``Unknowable``).
    """
    carrier = environment.carrier
    if carrier is None:
        raise Rejected("TWILIO_ACCOUNT_SID")
    if message.in_doubt and (sid := _sent_before(carrier, values["to"], message)):
        return sid
    sender = "MessagingServiceSid" if values["sender"].startswith("MG") else "From"
    form = {"To": values["to"], sender: values["sender"], "Body": message.text}
    with told():
        answer = carrier.post(MESSAGES, form)
    said = good(answer).json
    if said.get("status") in NOT_DELIVERED:
        raise Rejected(f"{said.get('error_code')} {said.get('error_message')}")
    if "sid" not in said:
        raise Down("no message")
    return f"{said['sid']} {said.get('status')}"


def _sent_before(carrier: Carrier, to: str, message: Message) -> str | None:
    """The message that bears this notice's link, when the carrier has one. Raises ``NotSent`` when it cannot say."""
    query = {"To": to, "DateSent>": f"{message.since:%Y-%m-%d}", "PageSize": NEWEST}
    try:
        with told():
            answer = carrier.get(MESSAGES, query)
        if answer.status in NO_LIST:
            raise Unknowable(f"HTTP {answer.status}")
        listed = good(answer).json.get("messages") or ()
    except NotSent as error:
        error.in_doubt = True  # still
        raise
    for each in listed:
        if message.link in str(each.get("body")).split() and each.get("status") not in NOT_DELIVERED:
            return f"{each.get('sid')} {each.get('status')}"
    return None
