"""What the call fills a sentence's blanks with, in the words of its language."""

from datetime import date, time

import phonenumbers

from ivr.flow.types import Say
from prompts import Pack
from prompts.telling import clock, counted, day


def told(blank: str, say: Say, pack: Pack) -> str:
    """What fills a blank, in the pack's own words."""
    value = say.values[blank]
    if blank == "need":
        return pack.needs[value]
    if blank == "who":
        return pack.who.get(value, pack.who["supervisor"])
    if blank in pack.counted:
        return counted(pack, blank, int(value))
    if blank == "day":
        return day(pack, date.fromisoformat(value), date.fromisoformat(say.values["today"]))
    if blank == "clock":
        return clock(pack, time.fromisoformat(value))
    return value


def as_dialled(number: str) -> str:
    """The digits a neighbour would dial: an E.164 number in its national form, any other as it is."""
    if not number.startswith("+"):
        return number
    national = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.normalize_digits_only(national)
