"""What a channel may need beside its own values, and what decides whether these are right."""

from dataclasses import dataclass

from ivr.carrier.account import Carrier
from routing.phone_numbers import Home


@dataclass(frozen=True, slots=True)
class Environment:
    """Where this hotline stands.

    ``local``: we are a demo on this machine, and may send within it. ``home``: where numbers without an area lie.
    ``carrier``: whose REST API sends SMS. ``mail_hosts``: mail servers that may lie in a private network.
    """

    local: bool
    home: Home
    carrier: Carrier | None = None
    mail_hosts: tuple[str, ...] = ()
