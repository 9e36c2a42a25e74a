"""The table of roles: what each may do, and with which tickets. ``flask roles`` prints it for docs/roles.md."""

from dataclasses import dataclass
from enum import Enum

from ivr.store.models import ROLES


class Scope(Enum):
    """With which tickets; as the printed table has it. What it means for one ticket: ``rules.within``."""

    NO = "no"
    YES = "yes"  # it is not about tickets
    CLAIMED = "what they claimed"
    COMMUNITIES = "their communities'"
    ASSIGNED = "every one; with communities of their own: theirs, and what they claimed"
    EVERY = "every one"


NO, YES, CLAIMED, COMMUNITIES, ASSIGNED, EVERY = Scope


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of the table: the name by which code asks, what it is in words, and each role's scope."""

    name: str
    words: str
    volunteer: Scope
    officer: Scope
    supervisor: Scope
    admin: Scope

    def scope(self, role: str) -> Scope:
        """A role's; an unknown one may nothing."""
        return getattr(self, role) if role in ROLES else NO


PERMISSIONS = (
    Permission("see_inbox", "see the inbox", YES, YES, YES, NO),
    Permission("see_ticket", "open a ticket, and print its slip", ASSIGNED, COMMUNITIES, EVERY, NO),
    Permission("claim", "claim a new ticket", ASSIGNED, COMMUNITIES, EVERY, NO),
    Permission("type_ticket", "create a ticket by hand", YES, YES, YES, NO),
    Permission(
        "see_number",
        "read the caller's whole number, not its last four digits alone; read, write and erase the "
        "[caller's card](caller-card.md); find tickets by the caller's name or whole number",
        CLAIMED,
        COMMUNITIES,
        EVERY,
        NO,
    ),
    Permission("listen", "listen to a message", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("note", "write a note", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission(
        "contact", "call back, log a call attempt, say that they are on the way", CLAIMED, COMMUNITIES, EVERY, NO
    ),
    Permission("resolve", "resolve", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("close", "close", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("reopen", "reopen", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("correct", "correct the community or the need", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("hand", "hand over, give back", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission(
        "pass_on",
        "pass a ticket to a [partner line](running.md#partners), and say what came of it",
        CLAIMED,
        COMMUNITIES,
        EVERY,
        NO,
    ),
    Permission("gather", "merge two tickets, split one of several calls off", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission(
        "keep_confidential",
        "make a ticket [confidential](desk.md#confidential-tickets) and say who sees it, or end that",
        CLAIMED,
        COMMUNITIES,
        EVERY,
        NO,
    ),
    Permission(
        "open_confidential",
        "know that confidential tickets wait, not what they say; open one in an emergency, with a reason",
        NO,
        NO,
        YES,
        NO,
    ),
    Permission(
        "hold",
        "keep a ticket from being erased and say why, a [legal hold](keeping.md#when-somebody-may-still-ask-for-it); "
        "read that, and lift it",
        NO,
        NO,
        EVERY,
        NO,
    ),
    Permission("see_raised", "see repeat callers", NO, NO, YES, NO),
    Permission("see_calls", "read and print the call log: the calls of which tickets", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("see_logged_number", "read whole numbers in the call log", CLAIMED, NO, EVERY, NO),
    Permission(
        "see_figures", "see the log's figures: of the calls of which tickets", CLAIMED, COMMUNITIES, EVERY, EVERY
    ),
    Permission("export", "download calls and tickets, with a reason: which", CLAIMED, COMMUNITIES, EVERY, NO),
    Permission("see_work", "see who holds how much and for how long, not one's own alone", NO, NO, YES, NO),
    Permission("print_directory", "print the directory for the wall", YES, YES, YES, YES),
    Permission("find_community", "look communities up by their name", YES, YES, YES, YES),
    Permission("see_person", "see, or erase, everything that is held about one number, with a reason", NO, NO, YES, NO),
    Permission("see_names", "see how well communities are understood", NO, NO, YES, YES),
    Permission("teach", "accept other names of communities, proposed by what callers said", NO, NO, YES, NO),
    Permission("set_channels", "set up channels that staff are told by, and try them", NO, NO, YES, YES),
    Permission("set_rules", "say who is told of what", NO, NO, YES, NO),
    Permission("run_line", "change the line: its hours, its directory, what it says", NO, NO, YES, YES),
    Permission("manage_people", "add, change and stop volunteers and officers", NO, NO, YES, YES),
    Permission("manage_everybody", "add, change and stop supervisors and administrators", NO, NO, NO, YES),
    Permission("manage_tokens", "make and revoke tokens of the API", NO, NO, NO, YES),
    Permission("see_health", "see the overview: what is missing, health, people", NO, NO, YES, YES),
    Permission("own_account", "change their own password, second factor and logins", YES, YES, YES, YES),
    Permission("mend", "have requests that were given up, and jobs that failed, tried once more", NO, NO, YES, YES),
    Permission("see_audit", "read their own lines of the audit", YES, YES, YES, YES),
    Permission("see_whole_audit", "read everybody's lines of the audit, and what they are about", NO, NO, YES, YES),
    Permission("take_calls", "have their telephone rung for callers, and say when they are ready", YES, YES, YES, NO),
    Permission("see_roster", "see who is on the line, and swap their own shifts", YES, YES, YES, YES),
    Permission("set_roster", "say who is on the line when, and at which number", NO, NO, YES, YES),
    Permission("see_line", "see who waits, who talks and who is free", NO, NO, YES, NO),
    Permission("use_phone", "call from the browser phone, on a public address", NO, NO, YES, NO),
    Permission("read_help", "read the help", YES, YES, YES, YES),
)
BY_NAME = {permission.name: permission for permission in PERMISSIONS}
