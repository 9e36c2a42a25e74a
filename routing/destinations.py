"""Which numbers the hotline rings, and when: a fraud's number is refused, and nobody is rung out of bed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from routing.hours import Hours
from routing.phone_numbers import E164

Refusal = Literal["foreign", "premium", "service"]

# Who rings them pays more than for a call, and somebody earns it.
DEAR = (
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER,
    PhoneNumberType.VOICEMAIL,
)
AWAKE = timedelta(hours=1)  # who has rung us so lately does not sleep


def refusal(e164: str, regions: Collection[str]) -> Refusal | None:
    """Why we do not ring this number; None: we do. ``regions``: ISO countries whose numbers are rung.

    A range that the plan does not know yet is somebody's all the same: plans grow.
    """
    if not E164.fullmatch(e164):
        return "service"
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return "service"
    if phonenumbers.is_valid_number(number):
        region = phonenumbers.region_code_for_number(number)
    else:
        region = next(
            (each for each in regions if phonenumbers.country_code_for_region(each) == number.country_code), ""
        )
    if region is None or region not in regions:
        return "foreign"
    if _dear(number, region):
        return "premium"
    return None if phonenumbers.is_possible_number(number) else "service"


def _dear(number: PhoneNumber, region: str) -> bool:
    """Whether it is such a number, or begins with one: further digits are dialled, and cost as much."""
    digits = phonenumbers.national_significant_number(number)
    lengths = {len(digits)}
    for kind in DEAR:
        if example := phonenumbers.example_number_for_type(region, kind):
            lengths.add(len(phonenumbers.national_significant_number(example)))
    begins = (PhoneNumber(number.country_code, int(digits[:length])) for length in lengths if length <= len(digits))
    return any(phonenumbers.number_type(each) in DEAR for each in begins)


def not_before(now: datetime, hours: Hours, *, urgent: bool, rang_at: datetime | None) -> datetime | None:
    """When a resident may be rung again; None: now.

    ``now`` is in the hotline's zone; ``rang_at``: when they last rang us.
    """
    if urgent or hours.is_open(now) or (rang_at is not None and now - rang_at < AWAKE):
        return None
    return hours.next_open(now)
