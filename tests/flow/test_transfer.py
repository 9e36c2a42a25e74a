"""Every standing of three parties, walked: nobody is in silence, alone, or in a room that they do not belong in."""

from itertools import product

import pytest

from ivr.flow.transfer import MOST_HOLDS, Hold, Over, Room, next_for
from routing.transfer import Contact, Party, Standing

ALL = [Standing(*each) for each in product((True, False), (True, False), Contact, (True, False))]


def on_the_line(now: Standing) -> list[Party]:
    there = {Party.HELPER: now.helper, Party.RESIDENT: now.resident, Party.CONTACT: now.contact is Contact.THERE}
    return [party for party, here in there.items() if here]


def test_there_are_thirty_two() -> None:
    assert 32 == len(ALL)


@pytest.mark.parametrize("now", ALL, ids=str)
def test_whoever_is_on_the_line_waits_with_a_word_talks_with_somebody_or_is_bid_goodbye(now: Standing) -> None:
    for party in on_the_line(now):
        match next_for(party, now):
            case Room():
                assert party in now.room
                assert len(now.room) > 1, "nobody sits alone in a room"
            case Hold(say):
                assert say.key in ("transfer.wait", "transfer.ringing")
                assert isinstance(next_for(party, now, MOST_HOLDS), Over), "nobody waits for ever"
            case Over(say):
                assert say.key


@pytest.mark.parametrize("now", [each for each in ALL if each.resident], ids=str)
def test_the_resident_is_never_let_go_while_somebody_is_there_for_them(now: Standing) -> None:
    over = isinstance(next_for(Party.RESIDENT, now), Over)
    assert over is (not now.helper and now.contact in (Contact.UNREACHED, Contact.LEFT))


def test_the_briefing_is_private_until_the_helper_ends_it() -> None:
    """By the star, or by putting the receiver down."""
    briefing = Standing(helper=True, resident=True, contact=Contact.THERE)
    assert {Party.HELPER, Party.CONTACT} == briefing.room
    assert isinstance(next_for(Party.RESIDENT, briefing), Hold)
    assert next_for(Party.HELPER, briefing).star
    assert set(Party) == Standing(helper=True, resident=True, contact=Contact.THERE, joined=True).room
    assert {Party.RESIDENT, Party.CONTACT} == Standing(helper=False, resident=True, contact=Contact.THERE).room
