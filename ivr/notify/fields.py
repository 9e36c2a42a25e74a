"""What the form of a channel asks for, and whether it was filled in rightly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.notify.environment import Environment
from ivr.outbound.addresses import reach_of, reach_of_host
from routing.phone_numbers import caller_id, dictated

MAX_CHARS = 500
MAX_ADDRESSES = 20
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form. A ``secret`` is never shown again: left empty, it stays as it was."""

    name: str
    kind: Literal["text", "url", "host", "mail", "mails", "phone", "sender", "choice", "port"] = "text"
    secret: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""


Values = Mapping[str, str]
Checked = tuple[dict[str, str], dict[str, str]]  # the values, and what is wrong by field


def clean(fields: tuple[Field, ...], given: Values, kept: Values, environment: Environment) -> Checked:
    """The values as they are to be kept, and what is wrong: a reason by field.

    ``kept``: the values that the channel has, for secrets that were left empty.
    """
    values, wrong = {}, {}
    for field in fields:
        value = given.get(field.name, "").strip()
        if field.secret and not value:
            value = kept.get(field.name, "")
        if value:
            value, reason = _checked(field, value, environment)
        else:
            reason = "required" if field.required else ""
        values[field.name] = value
        if reason:
            wrong[field.name] = reason
    return values, wrong


def _checked(field: Field, value: str, environment: Environment) -> tuple[str, str]:
    """The value as it is kept, and what is wrong with it, or nothing."""
    if len(value) > MAX_CHARS:
        return value, "long"
    if not value.isprintable() and field.kind != "mails":  # no header, no address has a new line
        return value, "text"
    match field.kind:
        case "url":
            return value, "" if reach_of(value, local=environment.local) else "url"
        case "host" if not HOST.fullmatch(value):
            return value, "host"
        case "host":
            reach = reach_of_host(value, local=environment.local, named=environment.mail_hosts)
            return value, "" if reach else "private"
        case "mail":
            return value, "" if MAIL.fullmatch(value) else "mail"
        case "mails":
            mails = [mail for mail in re.split(r"[\s,;，；]+", value) if mail]
            good = 0 < len(mails) <= MAX_ADDRESSES and all(map(MAIL.fullmatch, mails))
            return (", ".join(mails), "") if good else (value, "mail")
        case "phone":
            number = dictated(value, environment.home)
            return (number, "") if number else (value, "phone")
        case "sender":  # a number of ours, or a service that holds several
            sender = value if re.fullmatch(r"MG[0-9A-Za-z]{8,64}", value) else caller_id(value, environment.home)
            return (sender, "") if sender else (value, "phone")
        case "port":
            return value, "" if value.isdecimal() and 0 < int(value) < 65536 else "port"
        case "choice":
            return value, "" if value in field.choices else "choice"
    return value, ""
