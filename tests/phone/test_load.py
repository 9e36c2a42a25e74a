"""A busy day finds out what a hotline loses."""

import io

import pytest
from rich.console import Console

from ivr.phone.ledger import ApiError
from ivr.phone.load import Day, day, report
from ivr.phone.people import KINDS, crowd
from tests.phone.hotline import BASE_URL
from tests.phone.office import TOKEN, Office

NAMES = ["银杏社区", "芝兰社区", "高潮村"]
NOWHERE = Console(file=io.StringIO())


def spend(office: Office, calls: int = 120, token: str = TOKEN) -> Day:
    return day(office.line(), f"{BASE_URL}/api/v1", token, NAMES, NOWHERE, calls=calls, workers=4)


def test_a_hotline_that_keeps_everything_loses_nothing():
    """Every call is made and kept, repeated and reordered webhooks or not."""
    office = Office()
    done = spend(office)
    assert (120, (), {}) == (len(done.entries), done.lost, done.failures)
    assert {made.sid for made in done.entries} == set(office.calls)
    assert sum(made.repeated for made in done.entries) > 0
    assert {"food": sum(call["told"] for call in office.calls.values())} == done.by_need


@pytest.mark.parametrize(
    ("forgets", "what"),
    [("calls", "not in the log"), ("tickets", "there is no ticket"), ("recordings", "is on no ticket")],
)
def test_what_a_hotline_forgets_is_named(forgets: str, what: str):
    """Each missing call, ticket and recording, with the call it belonged to."""
    done = spend(Office(forgets), calls=40)
    named = {each.call_sid for each in done.lost if what in each.what}
    expected = {
        "calls": {made.sid for made in done.entries},
        "tickets": {made.sid for made in done.entries if made.told},
        "recordings": {made.sid for made in done.entries if made.messages},
    }
    assert expected[forgets] == named
    assert named


def test_the_report_ends_with_what_was_lost():
    """Figures first, then each loss by name, then how many."""
    screen = io.StringIO()
    done = spend(Office("tickets"), calls=20)
    report(done, Console(file=screen, width=120))
    lines = screen.getvalue().splitlines()
    assert f"lost: {len(done.lost)}" == lines[-1].strip()
    assert str(done.lost[0]) in screen.getvalue()
    assert any(line.strip().startswith("calls") and "20 in" in line for line in lines)


def test_an_api_that_cannot_be_read_is_an_error():
    """A wrong token must never look like a day on which nothing was lost."""
    with pytest.raises(ApiError, match="401"):
        spend(Office(), calls=1, token="wrong")


def test_the_same_seed_is_the_same_day():
    """People, arrivals and what they do are the same again; another seed is another day."""
    first, second, other = (crowd(50, 3, seed, NAMES) for seed in (7, 7, 8))
    assert repr(first) == repr(second)
    assert repr(first) != repr(other)


def test_a_crowd_is_mixed():
    """All kinds, both languages, withheld numbers, people who leave, ring again, repeat and reorder."""
    people = [person for persons in crowd(300, 3, 1, NAMES) for person in persons]
    assert 300 == len(people)
    assert set(KINDS) == {person.kind for person in people}
    assert {"zh", "en"} == {person.language for person in people}
    assert all(
        any(getattr(person, name) for person in people)
        for name in ("again", "repeats", "reorders", "late", "leaves_at")
    )
    assert None in {person.caller for person in people}
    assert all(0 <= person.at_s <= 3 * 3600 for person in people)
