"""How each language tells numbers of things, days and times of day."""

from datetime import date, time, timedelta

import pytest

from prompts import load_packs
from prompts.telling import clock, counted, day

PACKS = load_packs()
TODAY = date(2026, 3, 2)  # a Monday


@pytest.mark.parametrize(
    ("number", "zh", "en"), [(1, "一小时", "1 hour"), (2, "两小时", "2 hours"), (4, "4小时", "4 hours")]
)
def test_a_number_takes_its_form(number: int, zh: str, en: str):
    """C14, C20: no "1 hours", no 2小时."""
    assert (zh, en) == tuple(counted(PACKS[language], "hours", number) for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("ahead", "zh", "en"),
    [
        (0, "今天", "today"),
        (1, "明天", "tomorrow"),
        (2, "后天", "the day after tomorrow"),
        (3, "星期四", "on Thursday"),
        (6, "星期天", "on Sunday"),
        (7, "3月9号", "on March 9"),
        (-1, "3月1号", "on March 1"),
    ],
)
def test_a_day_is_told_as_people_do(ahead: int, zh: str, en: str):
    """C21"""
    when = TODAY + timedelta(days=ahead)
    assert (zh, en) == tuple(day(PACKS[language], when, TODAY) for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        (time(8), "早上8点", "8 o'clock in the morning"),
        (time(8, 30), "早上8点半", "8:30 in the morning"),
        (time(9, 5), "上午9点05分", "9:05 in the morning"),
        (time(12), "中午12点", "12 o'clock in the afternoon"),
        (time(13), "下午1点", "1 o'clock in the afternoon"),
        (time(19, 45), "晚上7点45分", "7:45 in the evening"),
        (time(0, 30), "半夜12点半", "12:30 at night"),
        (time(3), "凌晨3点", "3 o'clock in the morning"),
    ],
)
def test_a_time_of_day_says_its_part(when: time, zh: str, en: str):
    """C21: 下午1点, never 早上13点."""
    assert (zh, en) == tuple(clock(PACKS[language], when) for language in ("zh", "en"))


@pytest.mark.parametrize("language", PACKS)
def test_every_minute_of_a_day_can_be_told(language: str):
    """Each in its own words, the same ones every twelve hours but for the part of the day."""
    told = {clock(PACKS[language], time(hour, minute)) for hour in range(24) for minute in range(60)}
    assert 24 * 60 == len(told)
