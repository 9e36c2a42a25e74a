"""Telephone numbers that somebody typed: why one is none, said beside the field; and whether a text has one."""

import re

from flask_babel import gettext as _
from flask_babel import ngettext

from ivr.app import app
from routing.phone_numbers import Refusal, refusal

LONG_NUMBER = re.compile(r"(?:\d[\s-]?){7}")


def names_number(text: str) -> bool:
    """Whether a telephone number seems to stand in it, where erasing that number would not find it."""
    return LONG_NUMBER.search(text) is not None


def why_not(typed: str) -> str:
    """The reason; empty when it is a number."""
    match refusal(typed, app.home()):
        case None:
            return ""
        case Refusal("service"):
            return _("This is a public service's number: nobody can be called back there.")
        case Refusal("short", digits) if digits:
            return ngettext("%(num)s digit is missing.", "%(num)s digits are missing.", digits)
        case Refusal("long", digits) if digits:
            return ngettext("%(num)s digit too many.", "%(num)s digits too many.", digits)
        case Refusal("area"):
            return _("Add the area code, such as 0574.")
        case Refusal("short"):
            return _("Too short for a phone number.")
        case Refusal("long"):
            return _("Too long for a phone number.")
        case Refusal("unknown"):
            return _("No such phone number. Check the digits.")
    return _("Not a phone number.")
