"""Who must be told by when, of which ticket: the rules against the clock."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from routing.escalation import OCCASIONS, Facts, Rule, due, happened, still_true
from routing.hours import Hours

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 3, 1, 19, tzinfo=UTC)  # three in the morning in the hotline's zone
LONG_AGO = NIGHT - timedelta(days=30)
GROUP, SUPERVISOR = 1, 2


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def facts(**known: object) -> Facts:
    """A ticket of three in the morning: medicine, two hours promised; the call lasted a minute."""
    usual = Facts(
        "new",
        opened_at=NIGHT,
        free_since=NIGHT,
        settled_at=NIGHT + minutes(1),
        due_at=NIGHT + minutes(120),
        need="medicine",
        community="330206001001",
        street="新碶街道",
    )
    return replace(usual, **known)


def rule(occasion: str = "new", **options: object) -> Rule:
    return replace(Rule(occasion, GROUP, LONG_AGO), **options)


def told(facts: Facts, *rules: Rule, after: timedelta) -> list[tuple[str, int, int]]:
    """Event, step and channel of what is due so long after the ticket was opened."""
    return [(each.event, each.step, each.channel) for each in due(facts, rules, NIGHT + after, ZONE)]


def test_a_new_ticket_is_told_when_its_call_is_over():
    assert [] == told(facts(), rule(), after=minutes(0.9))
    assert [("new", 1, GROUP)] == told(facts(), rule(), after=minutes(1))


def test_what_is_urgent_is_told_while_the_caller_is_on_the_line():
    urgent = facts(urgent=True, urgent_at=NIGHT + minutes(0.3))

    assert [("urgent", 1, GROUP)] == told(urgent, rule(), after=minutes(0.3))


def test_what_turns_urgent_in_somebodys_hands_is_told_and_what_was_urgent_before_is_not():
    claimed = facts(status="claimed", urgent=True, claimed_at=NIGHT + minutes(5))

    assert [("urgent", 1, GROUP)] == told(replace(claimed, urgent_at=NIGHT + minutes(9)), rule(), after=minutes(9))
    assert [] == told(replace(claimed, urgent_at=NIGHT + minutes(1)), rule(), after=minutes(9))


def test_an_urgent_ticket_that_nobody_claims_reaches_the_second_step_after_ten_minutes():
    urgent = facts(urgent=True, urgent_at=NIGHT)
    stepwise = rule(second=SUPERVISOR, second_after_min=10)

    assert [("urgent", 1, GROUP)] == told(urgent, stepwise, after=minutes(9.9))
    assert [("urgent", 1, GROUP), ("urgent", 2, SUPERVISOR)] == told(urgent, stepwise, after=minutes(10))


def test_one_that_is_claimed_after_nine_minutes_does_not():
    claimed = facts(status="claimed", urgent=True, urgent_at=NIGHT, claimed_at=NIGHT + minutes(9))

    assert [] == told(claimed, rule(second=SUPERVISOR, second_after_min=10), after=minutes(10))
    assert [] == told(claimed, rule("unclaimed", minutes=10), after=minutes(10))


def test_one_that_turned_urgent_in_somebodys_hands_is_not_called_unclaimed():
    turned = facts(status="claimed", urgent=True, claimed_at=NIGHT, urgent_at=NIGHT + minutes(1))

    assert [("urgent", 1, GROUP)] == told(turned, rule(second=SUPERVISOR, second_after_min=10), after=minutes(60))


def test_the_other_step_is_the_channel_to_try_when_one_fails():
    (first, second) = due(facts(), [rule(second=SUPERVISOR, second_after_min=5)], NIGHT + minutes(6), ZONE)

    assert (SUPERVISOR, GROUP) == (first.other, second.other)


@pytest.mark.parametrize(
    ("occasion", "options", "known", "after_min"),
    [
        ("unclaimed", {"minutes": 10}, {}, 10),
        ("due_soon", {"minutes": 30}, {}, 90),
        ("due_soon", {"minutes": 30}, {"status": "claimed", "claimed_at": NIGHT}, 90),
        ("due_soon", {"minutes": 30}, {"due_at": NIGHT + minutes(15)}, 7.5),  # half of an urgent promise
        ("overdue", {}, {}, 120),
        ("due_soon", {"minutes": 30}, {"due_again_at": NIGHT + minutes(240)}, 210),
        ("overdue", {}, {"due_again_at": NIGHT + minutes(240)}, 240),
        ("raised", {}, {"raised_at": NIGHT + minutes(42)}, 42),
    ],
)
def test_each_occasion_has_its_moment(occasion: str, options: dict, known: dict, after_min: float):
    """Not a second before, and from then on."""
    ticket, wanted = facts(**known), rule(occasion, **options)

    assert [] == told(ticket, wanted, after=minutes(after_min) - timedelta(seconds=1))
    assert [(occasion, 1, GROUP)] == told(ticket, wanted, after=minutes(after_min))
    assert [(occasion, 1, GROUP)] == told(ticket, wanted, after=timedelta(days=2))


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_nothing_is_told_of_what_is_resolved(occasion: str):
    done = facts(status="resolved", raised_at=NIGHT, urgent=True, urgent_at=NIGHT)

    assert [] == told(done, rule(occasion), after=timedelta(days=1))


def test_a_kept_promise_is_neither_due_nor_overdue():
    kept = facts(kept=True)

    assert [] == told(kept, rule("due_soon", minutes=30), rule("overdue"), after=timedelta(days=1))


def test_a_ticket_that_is_free_again_is_told_anew_and_its_ten_minutes_begin_anew():
    """Claimed after three minutes, given back after twenty: another matter than when it was opened."""
    before, again = facts(), facts(free_since=NIGHT + minutes(20))

    assert [("again", 1, GROUP)] == told(again, rule(), after=minutes(21))
    assert [] == told(again, rule("unclaimed", minutes=10), after=minutes(29))
    first, second = happened(before, "unclaimed", 10), happened(again, "unclaimed", 10)
    assert first.about != second.about


def test_what_was_not_right_is_told_to_whoever_has_it_again():
    """The resident said so when the hotline asked. Somebody else who claims it later knows."""
    claimed = facts(status="claimed", claimed_at=NIGHT + minutes(3), not_right_at=NIGHT + minutes(60))

    assert [("not_right", 1, GROUP)] == told(claimed, rule(second=SUPERVISOR), after=minutes(60))
    assert [] == told(replace(claimed, claimed_at=NIGHT + minutes(70)), rule(), after=minutes(71))
    assert [] == told(replace(claimed, status="resolved"), rule(), after=minutes(71))
    assert [("again", 1, GROUP)] == told(
        replace(claimed, status="new", free_since=NIGHT + minutes(60)), rule(), after=minutes(60)
    )


@pytest.mark.parametrize(
    ("options", "concerned"),
    [
        ({}, True),
        ({"community": "330206001001"}, True),
        ({"community": "330206002001"}, False),
        ({"street": "新碶街道"}, True),
        ({"street": "小港街道"}, False),
        ({"need": "medicine"}, True),
        ({"need": "food"}, False),
        ({"urgent_only": True}, False),
    ],
)
def test_a_rule_is_for_the_tickets_it_names(options: dict, concerned: bool):
    assert concerned is bool(told(facts(), rule(**options), after=minutes(5)))


def test_a_ticket_without_a_community_is_the_whole_hotlines():
    lost = facts(community=None, street=None, need=None)

    assert [("new", 1, GROUP)] == told(lost, rule(), after=minutes(5))
    assert [] == told(
        lost, rule(community="330206001001"), rule(street="新碶街道"), rule(need="food"), after=minutes(5)
    )


def test_what_happens_outside_the_hours_waits_for_the_morning():
    """Opened at three: told at eight, if nobody has claimed it by then."""
    day = rule(hours=Hours.daily(time(8), time(20)), second=SUPERVISOR, second_after_min=10)

    assert [] == told(facts(), day, after=minutes(299))
    assert [("new", 1, GROUP)] == told(facts(), day, after=minutes(300))
    assert [("new", 1, GROUP), ("new", 2, SUPERVISOR)] == told(facts(), day, after=minutes(310))


def test_a_rule_made_today_does_not_ring_for_yesterday():
    """But for a second step that is still to come."""
    changed = rule(since=NIGHT + minutes(5), second=SUPERVISOR, second_after_min=10)

    assert [] == told(facts(), rule(since=NIGHT + minutes(5)), after=minutes(60))
    assert [("new", 2, SUPERVISOR)] == told(facts(), changed, after=minutes(60))


def test_a_notice_that_waits_is_dropped_when_it_is_true_no_more():
    about = NIGHT
    assert still_true(facts(), "new", about)
    assert still_true(facts(), "unclaimed", about)
    assert not still_true(facts(status="claimed", claimed_at=NIGHT), "new", about)
    assert not still_true(facts(urgent=True, urgent_at=NIGHT), "new", about)  # the urgent one is told instead
    assert not still_true(facts(free_since=NIGHT + minutes(3)), "unclaimed", about)
    assert still_true(facts(status="claimed"), "overdue", NIGHT + minutes(120))
    assert not still_true(facts(due_again_at=NIGHT + minutes(240)), "overdue", NIGHT + minutes(120)), "promised anew"
    assert not still_true(facts(status="closed"), "overdue", NIGHT + minutes(120))
    assert not still_true(facts(due_at=NIGHT + minutes(15)), "due_soon", NIGHT + minutes(120))
