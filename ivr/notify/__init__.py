"""How people are told. A channel is a file of its own: what its form asks for, and how it sends.

``FIELDS`` and ``send(values, message, environment)`` in ``wecom.py`` make WeCom a kind of channel. ``send`` gives back
what the service answered, or raises ``NotSent``. Whether and when to try again is not its affair.
"""

import importlib
import pkgutil
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ivr.carrier.account import Carrier
from ivr.notify.environment import Environment
from ivr.notify.errors import NotSent, Rejected
from ivr.notify.fields import Checked, Field, Values, clean
from ivr.notify.message import Message, compose, trial
from ivr.outbound.addresses import is_local
from ivr.settings import Settings
from ivr.store.models import Channel, Notice
from ivr.store.seal import Seal, Unreadable
from prompts import Pack, Packs
from routing.characters import HIDDEN
from routing.phone_numbers import Home

__all__ = ["Field", "Kind", "NotSent", "Notifier", "Tried", "discover"]

MAX_ANSWER_CHARS = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of channel; ``send(values, message, environment)``."""

    name: str
    fields: tuple[Field, ...]
    send: Callable[[Values, Message, Environment], str]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a test message: ``trouble`` None when the service took it, ``answer`` what it said."""

    trouble: str | None
    answer: str


def discover() -> Iterator[Kind]:
    """Every kind of channel there is."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if (fields := getattr(module, "FIELDS", None)) is not None:
            yield Kind(found.name, fields, module.send)


class Notifier:
    """Sends by any channel, in the language of its pack, as ``packs()`` has it now.

    ``carrier``: whose REST API sends text messages.
    """

    def __init__(
        self, settings: Settings, home: Home, carrier: Carrier | None, packs: Callable[[], Packs], seal: Seal
    ) -> None:
        self.settings = settings
        self.environment = Environment(is_local(settings.base_url), home, carrier, settings.mail_hosts)
        self.packs = packs
        self.seal = seal
        self.kinds = {kind.name: kind for kind in discover()}

    def checked(self, kind: str, given: Values, kept: Values) -> Checked:
        """What a form said, as it is to be kept, and what is wrong with it: a reason by field."""
        return clean(self.kinds[kind].fields, given, kept, self.environment)

    def tell(self, notice: Notice, now: datetime, *, in_doubt: bool) -> str:
        """Send a notice by its channel; what the service answered. Raises ``NotSent``."""
        pack, settings = self._pack(notice.channel), self.settings
        message = compose(notice, pack, settings.base_url, settings.zone, now, in_doubt=in_doubt)
        return self._send(notice.channel, message)

    def hand_over(self, channel: Channel, message: Message) -> str:
        """Send what somebody else composed; what the service answered. Raises ``NotSent``."""
        return self._send(channel, message)

    def text(self, sender: str, to: str, message: Message) -> str:
        """Send somebody a text message; what the carrier answered. Raises ``NotSent``."""
        if not sender:
            raise Rejected("HOTLINE_NUMBER")
        return self.kinds["sms"].send({"sender": sender, "to": to}, message, self.environment)

    def try_out(self, channel: Channel, now: datetime) -> Tried:
        """Send a harmless message by this channel, and say what came of it."""
        message = trial(self._pack(channel), self.settings.base_url, f"test-{secrets.token_hex(8)}", now)
        try:
            return Tried(None, self._send(channel, message))
        except NotSent as error:
            return Tried(error.trouble, error.said)

    def _send(self, channel: Channel, message: Message) -> str:
        try:
            values = self.seal.open(channel.sealed)
        except Unreadable:
            raise Rejected("channels.key") from None
        kind = self.kinds.get(channel.kind)
        if kind is None:  # another release had it
            raise Rejected(channel.kind)
        try:
            return _told(kind.send(values, message, self.environment), kind, values)
        except NotSent as error:
            error.said = _told(error.said, kind, values)
            raise

    def _pack(self, channel: Channel) -> Pack:
        packs = self.packs()
        return packs.get(channel.language) or packs[self.settings.hotline_language]


def _told(said: str, kind: Kind, values: Values) -> str:
    """What a service said, on one line, without our secrets: services like to repeat what they were given."""
    for field in kind.fields:
        if field.secret and (secret := values.get(field.name)):
            said = said.replace(secret, "•••")
    return HIDDEN.sub(" ", said).strip()[:MAX_ANSWER_CHARS]
