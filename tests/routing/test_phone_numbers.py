"""Telephone numbers: one form; fillers are nobody's; what is dictated must be possible."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.phone_numbers import Home, Refusal, area_of, caller_id, dictated, refusal

CHINA = Home("CN")
NINGBO = Home("CN", "0574")
NUMBER = "+8613800000001"


@pytest.mark.parametrize("reading", [caller_id, dictated])
@pytest.mark.parametrize(
    "raw",
    [
        "+8613800000001", "13800000001", "138 0000 0001", "0086 138-0000-0001", "+86 (138) 0000 0001",
        "１３８００００００01", "8613800000001",
    ],
)  # fmt: skip
def test_a_number_has_one_form(reading, raw: str):
    """However it is written; without a country code it is one of the hotline's country."""
    assert NUMBER == reading(raw, CHINA)


def test_the_country_decides_what_a_bare_number_is():
    assert ("+442070000001", "+8657455500111") == (
        caller_id("020 7000 0001", Home("GB")),
        caller_id("0574 5550 0111", CHINA),
    )


@pytest.mark.parametrize(
    "raw",
    [
        # one digit over and over, zeros before or after, counting: what switches send when they have no number
        "0000000000", "+10000000000", "+11111111111", "99999999999", "+860000000000", "+8610000000000", "+15555555555",
        "00000000000", "0000000", "+10000000001", "+8600000000001", "1000000000", "+15550000000", "+442222222222",
        "1234567890", "+11234567890", "+8612345678901", "0123456789", "+8601234567890", "9876543210", "+19876543210",
        # services and fragments: nobody calls from them, nobody can be called back there
        "12345", "95588", "81890", "110", "+8612345", "+8695588", "12", "+86138", "1" * 40, "+86138000000010000",
        # withheld, in Twilio's spelling and in words; addresses; nonsense
        "", "anonymous", "Anonymous", "Restricted", "unknown", "unavailable", "+266696687", "266696687", "+7378742833",
        "2562533", "+2562533", "8656696", "+8656696", "86282452253", "sip:x@y", "sip:13800000001@pbx", "client:bob",
        "user@example", "\x00", "+", "++86", "' OR 1=1", "NaN",
    ],
)  # fmt: skip
def test_what_is_nobody_s_number_is_none(raw: str):
    """C2: two strangers whose numbers are withheld have no number in common."""
    assert (None, None) == (caller_id(raw, CHINA), caller_id(raw, NINGBO))


@pytest.mark.parametrize(
    "raw",
    ["+8657455500111", "+8613800000001", "+12025550123", "+447700900123", "+8613888888888", "+8657488888888",
     "+861012345678", "+85221234567", "+8613800000000"],
)  # fmt: skip
def test_what_may_be_somebody_s_number_is_theirs(raw: str):
    """C2: of a range that nobody has, with many eights, foreign: no filler."""
    assert raw == caller_id(raw, CHINA)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("86551234", "+8657486551234"),
        ("8655 1234", "+8657486551234"),
        ("0574-8655 1234", "+8657486551234"),
        ("057486551234", "+8657486551234"),
        ("01062000001", "+861062000001"),
        ("13812345678", "+8613812345678"),
        ("4001234567", "+864001234567"),
        ("+12025550123", "+12025550123"),
        ("1381234567", None),
        ("138123456786", None),
        ("00000000000", None),
        ("139000", None),
        ("12345", None),
        ("110", None),
    ],
)
def test_a_dictated_number_is_completed_or_refused(raw: str, number: str | None):
    """C11: eight digits lie in the area; a digit too few or too many is no number."""
    assert number == dictated(raw, NINGBO)


def test_without_an_area_a_local_number_is_not_whole():
    """Nobody outside the town could ring it."""
    assert (None, "+12025550123") == (dictated("86551234", CHINA), dictated("555 0123", Home("US", "202")))


@pytest.mark.parametrize(
    ("number", "area"),
    [("+8657455500111", "574"), ("+861062000001", "10"), ("+12025550123", "202"), (NUMBER, ""), (None, ""), ("x", "")],
)
def test_a_number_tells_its_area(number: str | None, area: str):
    assert area == area_of(number)


def test_a_local_number_belongs_to_the_area_that_is_given():
    """With its leading zero or without."""
    assert dictated("86551234", NINGBO) == dictated("86551234", replace(NINGBO, area="574"))


@pytest.mark.parametrize("reading", [caller_id, dictated])
@given(raw=st.text() | st.from_regex(r"[+0-9]{1,20}"))
def test_any_text_is_a_number_or_none(reading, raw: str):
    """Never an exception, and what comes out fits its column and goes in again."""
    number = reading(raw, NINGBO)
    if number is not None:
        assert len(number) <= 16
        assert number == reading(number, NINGBO)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("1380000701", Refusal("short", 1)),
        ("138000070123", Refusal("long", 1)),
        ("139000", Refusal("short", 5)),
        ("12345", Refusal("service")),
        ("110", Refusal("service")),
        ("86557777", Refusal("area")),
        ("0574-8655777", Refusal("unknown")),
        ("00000000000", Refusal("unknown")),
        ("12", Refusal("short")),
        ("my neighbour's", Refusal("nothing")),
        ("", Refusal("nothing")),
    ],
)
def test_why_a_number_is_none_is_told(raw: str, why: Refusal):
    """O3"""
    assert why == refusal(raw, CHINA)


@given(
    raw=st.text() | st.from_regex(r"[+0-9]{1,20}"), home=st.sampled_from([CHINA, NINGBO, Home("GB"), Home("US", "202")])
)
def test_whatever_is_no_number_has_a_reason(raw: str, home: Home):
    """O3: and whatever is one has none."""
    assert (dictated(raw, home) is None) == (refusal(raw, home) is not None)
