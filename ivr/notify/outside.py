"""What a channel may need beside its own values."""

from dataclasses import dataclass

from ivr.carrier.account import Carrier


@dataclass(frozen=True, slots=True)
class Outside:
    """``local``: we are a demo on this machine, and may send within it. ``carrier``: whose REST API sends SMS.

    ``mail_hosts``: mail servers that may lie in a private network.
    """

    local: bool
    carrier: Carrier | None
    mail_hosts: tuple[str, ...] = ()
