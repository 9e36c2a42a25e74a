"""Telephone numbers: whose a caller ID is, and what somebody dictates.

A carrier's caller ID is taken as it is unless it is a filler; what a person says or types must be a number that the
country's plan knows, for there a digit is easily lost. Source of the plans: https://github.com/google/libphonenumber.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

# What carriers send for a caller who withholds the number: the words anonymous, restricted, blocked, unknown and
# unavailable spelt on a keypad. https://www.twilio.com/docs/voice/twiml
WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})

E164 = re.compile(r"\+[1-9][0-9]{6,14}")  # nothing else is a number: no address, nor keys pressed behind one
EXTENSION = ";ext="  # https://www.rfc-editor.org/rfc/rfc3966
MOST_EXTENSION_DIGITS = 8
SEQUENCE = "01234567890123456789"
ZEROS = re.compile(r"0{9}$")
SAME_AT_THE_END = re.compile(r"([0-9])\1{6}$")  # seven: 139 8888 8888 is somebody's, 1 000 000 0000 is nobody's
ADDRESS = re.compile(r"[:@]|[^\W\d_]")  # sip:, client:, or words: no caller's number has letters
SHORTEST_LOCAL = 10**5  # six digits: with an area before it, 95588 is a number too, but the bank's
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
FULL_LENGTH = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a number lies that is written without its country or area: an ISO country, an area code (0574 or 574)."""

    region: str
    area: str = ""


def caller_id(raw: str, home: Home) -> str | None:
    """*raw* as E.164, or None when it says nobody: withheld, a filler, a short code, a SIP address, nonsense.

    A number of a range that nobody was given yet is somebody's all the same: plans grow.
    """
    if raw.removeprefix("+") in WITHHELD or ADDRESS.search(raw):
        return None
    number = _parsed(raw, home.region)
    if number is None:
        return None
    number = _completed(number, home)
    return None if _impossible(number) or _filler(number) else _e164(number)


def dictated(raw: str, home: Home) -> str | None:
    """The same for what a person said or typed; None too for a number that cannot be.

    A number of the hotline's country must be one that its plan knows: a slip of the finger makes one that is not.
    """
    number = _parsed(raw, home.region)
    if number is None:
        return None
    number = _completed(number, home)
    wrong = not phonenumbers.is_valid_number(number) if _at(number, home) else _impossible(number)
    return None if wrong or _filler(number) else _e164(number)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what somebody typed is no number to call: ``kind``, and how many ``digits`` are missing or too many.

    nothing: no number at all · service: a public one of few digits (110, 12345) · short · long · area: it lacks its
    area code, which nobody has told us · unknown: of the right length, and nobody's.
    """

    kind: str
    digits: int = 0


def refusal(raw: str, home: Home) -> Refusal | None:
    """Why ``dictated`` takes it for none; None when it is one."""
    if dictated(raw, home):
        return None
    number = _parsed(raw, home.region)
    if number is None:
        return Refusal("nothing")
    if phonenumbers.is_valid_short_number_for_region(number, home.region):
        return Refusal("service")
    if not _at(number, home):
        return Refusal("unknown")
    digits = phonenumbers.national_significant_number(number)
    if whole := _length_of_mobile(home.region):
        longer = _parsed(f"+{number.country_code}{digits:0<{whole}}"[: whole + 1 + len(str(number.country_code))], None)
        if len(digits) != whole and longer and phonenumbers.number_type(longer) in MOBILE:
            return Refusal("short" if len(digits) < whole else "long", abs(whole - len(digits)))
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.TOO_LONG:
        return Refusal("long")
    if not home.area and possible != ValidationResult.TOO_SHORT and len(digits) >= len(str(SHORTEST_LOCAL)) + 1:
        return Refusal("area" if len(digits) < (whole or len(digits)) - 1 else "unknown")
    return Refusal("unknown" if possible == ValidationResult.IS_POSSIBLE else "short")


def with_extension(e164: str, extension: str) -> str:
    """A number and what is dialled behind it, as RFC 3966 writes them."""
    return f"{e164}{EXTENSION}{extension}" if extension else e164


def area_of(e164: str | None) -> str:
    """The area code of a number with one, as it stands in E.164; empty for a mobile, a service or None."""
    number = _parsed(e164, None) if e164 else None
    if number is None:
        return ""
    length = phonenumbers.length_of_geographical_area_code(number)
    return phonenumbers.national_significant_number(number)[:length]


def _parsed(raw: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, region)
    except NumberParseException:
        return None


def _at(number: PhoneNumber, home: Home) -> bool:
    return bool(number.country_code == phonenumbers.country_code_for_region(home.region))


def _completed(number: PhoneNumber, home: Home) -> PhoneNumber:
    """With the area's code before it, when only so it is a number."""
    if not home.area or not _at(number, home) or phonenumbers.is_valid_number(number):
        return number
    if (number.national_number or 0) < SHORTEST_LOCAL:
        return number
    longer = _parsed(f"+{number.country_code}{home.area.lstrip('0')}{number.national_number}", None)
    return longer if longer and phonenumbers.is_valid_number(longer) else number


def _impossible(number: PhoneNumber) -> bool:
    """Too short or too long to be the whole number of a subscriber."""
    return phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE or all(
        phonenumbers.is_possible_number_for_type_with_reason(number, kind) != ValidationResult.IS_POSSIBLE
        for kind in FULL_LENGTH
    )


def _length_of_mobile(region: str) -> int:
    """How many digits a mobile's number has there; 0 when no plan says."""
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    return len(phonenumbers.national_significant_number(example)) if example else 0


def _filler(number: PhoneNumber) -> bool:
    """What a switch sends instead of a number: one digit over and over, counting, or zeros before or after."""
    digits = phonenumbers.national_significant_number(number)
    if len(set(digits)) == 1 or digits in SEQUENCE or digits[::-1] in SEQUENCE or ZEROS.search(digits):
        return True
    if phonenumbers.is_valid_number(number):
        return False
    return digits.startswith("0") or SAME_AT_THE_END.search(digits) is not None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
