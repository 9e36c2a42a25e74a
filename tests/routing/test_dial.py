"""The numbers to dial in an emergency."""

import pytest
from phonenumbers import shortnumberinfo

from routing import dial

KINDS = {"medical", "fire", "rescue", "police"}


@pytest.mark.parametrize("region", [region for region in dial.TABLE if region != dial.OTHERS])
def test_every_number_is_an_emergency_number_of_its_country(region: str):
    """As libphonenumber knows them."""
    assert set(dial.numbers(region)) == KINDS
    assert [] == [
        number for number in dial.numbers(region).values() if not shortnumberinfo.is_emergency_number(number, region)
    ]


def test_a_country_that_is_not_listed_has_the_number_of_every_mobile_network():
    assert {"112"} == set(dial.numbers("AQ").values())
