"""How a language tells numbers of things, days and times of day: by the tables of its pack."""

from datetime import date, time

from prompts.pack import Pack

HALF_PAST = 30


def counted(pack: Pack, unit: str, number: int) -> str:
    """Two hours, 两小时: a number with its unit, in the form that this number takes."""
    forms = pack.counted[unit]
    return forms.get(str(number), forms["other"]).format(n=number)


def day(pack: Pack, when: date, today: date) -> str:
    """Today, tomorrow, 后天; then the day of the week, from a week ahead on the date."""
    ahead = (when - today).days
    times = pack.times
    if 0 <= ahead < len(times.days):
        return times.days[ahead]
    if 0 <= ahead < len(times.weekdays):
        return times.weekdays[when.weekday()]
    return times.date.format(day=when.day, month=times.months[when.month - 1])


def clock(pack: Pack, when: time) -> str:
    """Half past eight in the morning, 早上8点半: with the part of the day it belongs to."""
    part, sentence = clock_sentence(pack, when)
    return sentence.format(part=part)


def clock_sentence(pack: Pack, when: time) -> tuple[str, str]:
    """The part of the day, and the sentence that ``{part}`` stands in, with its numbers filled in."""
    times = pack.times
    part = next(word for hour, word in sorted(times.parts.items(), reverse=True) if when.hour >= hour)
    sentence = times.hour if when.minute == 0 else times.half if when.minute == HALF_PAST else times.minute
    return part, sentence.format(part="{part}", hour=(when.hour - 1) % 12 + 1, minute=f"{when.minute:02d}")
