"""What the questions of a call are about: what a step declares, and what is kept of the answer."""

from enum import StrEnum


class About(StrEnum):
    """What an answer may tell. Kept with the answer, so that whoever learns from calls need not know any step."""

    NEED = "need"  # what is needed; perhaps in a sentence that names the community as well
    COMMUNITY = "community"  # where the caller lives
    REMEMBERED = "remembered"  # whether it is still the community we know of; perhaps another
    ADDITION = "addition"  # to the open matter, or another matter; perhaps with the community
    NUMBER = "number"  # a telephone number
    MESSAGE = "message"  # the message itself, and whether it is to stay
    WAITING = "waiting"  # whether to go on waiting for a person
    PIN = "pin"  # who of the staff it is
    WORK = "work"  # what they do with tickets, and whether they are there


NAMES_COMMUNITY = (About.COMMUNITY, About.REMEMBERED)  # answered with a community's name
NAMES_IN_PASSING = (About.NEED, About.ADDITION)  # answered with a sentence that may hold one
