"""What the audit keeps: the kinds of its lines, each with an example in ``EXAMPLES``.

Things are named by their ids, never by numbers or anybody's words.
"""

from ivr.store.facts.fact import Fact


class Deed(Fact):
    """What somebody did, or was refused."""


class Confidential(Deed, kind="confidential"):
    """The ticket is for these ``people`` alone from now on."""

    ticket: int
    people: list[int]


class NotConfidential(Deed, kind="not_confidential"):
    ticket: int


class OpenedAnyway(Deed, kind="opened_anyway"):
    """Somebody opened a confidential ticket on which they were not named; ``reason``: in their words."""

    ticket: int
    reason: str


class Listened(Deed, kind="listened"):
    """To the message ``recording``; ``token``: it was another system."""

    recording: int
    token: int | None = None


class PrintedTicket(Deed, kind="printed_ticket"):
    ticket: int


class PrintedLog(Deed, kind="printed_log"):
    """The ``part``-th part of the call log of these days (ISO dates, both included)."""

    first: str
    last: str
    part: int


class Exported(Deed, kind="exported"):
    """So many ``rows`` of ``what`` (calls, tickets) of these days became a file; ``reason``: in the person's words."""

    what: str
    first: str
    last: str
    rows: int
    reason: str


class Typed(Deed, kind="typed"):
    """Somebody wrote the ticket by hand, or added to it."""

    ticket: int


class LoggedIn(Deed, kind="logged_in"):
    """``recovery``: with a recovery code in the place of the second factor."""

    recovery: bool = False


class LoginFailed(Deed, kind="login_failed"):
    """A wrong password; of the person whose name it was, or of nobody's: what was typed is not kept."""


class CodeFailed(Deed, kind="code_failed"):
    """The password was right, the second factor was not."""


class LoginLocked(Deed, kind="login_locked"):
    """Somebody tried so often that they have to wait."""


class PinSet(Deed, kind="pin_set"):
    """Their own, for the telephone."""


class RangIn(Deed, kind="rang_in"):
    """From the telephone that is entered for them, with their PIN."""


class PinFailed(Deed, kind="pin_failed"):
    """A wrong PIN from the telephone of a member of staff; whose it was meant to be is not known."""


class PinLocked(Deed, kind="pin_locked"):
    """So many wrong ones that none is looked at for a while."""


class LoggedOut(Deed, kind="logged_out"):
    pass


class Read(Deed, kind="read"):
    """A ``page`` of the desk was shown with the messages, or the callers' whole numbers, of these."""

    page: str
    tickets: list[int]
    calls: list[int]


class ApiRead(Deed, kind="api_read"):
    """Another system was given ``rows`` of a list (tickets, calls), from the ``first`` id to the ``last``."""

    token: int
    list_: str
    first: int
    last: int
    rows: int


class Refused(Deed, kind="refused"):
    """A request without a right signature or token (``what``), from wherever; once a minute, with their number."""

    what: str


class StaffChanged(Deed, kind="staff_changed"):
    """On the command line: somebody was added, stopped, or given another role or password (``what``)."""

    staff: int
    what: str


class AuditCut(Deed, kind="audit_cut"):
    """Lines that were kept for as long as they should be are gone, the last of them ``upto``."""

    lines: int
    upto: int


class Purged(Deed, kind="purged"):
    """What was kept long enough is gone: so many messages, words, cards and numbers."""

    audio: int = 0
    texts: int = 0
    cards: int = 0
    numbers: int = 0


class PersonShown(Deed, kind="person_shown"):
    """Everything about one number was read; whose is not kept, how much it was is. ``reason``: in their own words."""

    tickets: int
    calls: int
    reason: str = ""


class PersonErased(Deed, kind="person_erased"):
    """Everything about one number is gone."""

    tickets: int
    calls: int
    audio: int
    texts: int
    cards: int
    reason: str = ""


class Held(Deed, kind="held"):
    ticket: int


class Unheld(Deed, kind="unheld"):
    ticket: int


class PasswordChanged(Deed, kind="password_changed"):
    """Their own; ``link``: by a one-time link."""

    link: bool = False


class FactorSet(Deed, kind="factor_set"):
    """The second factor is asked for from now on."""


class FactorRemoved(Deed, kind="factor_removed"):
    pass


class CodesRenewed(Deed, kind="codes_renewed"):
    """New recovery codes were made, and shown once."""


class LoginEnded(Deed, kind="login_ended"):
    """They logged themselves out in another browser."""


class Denied(Deed, kind="denied"):
    """Somebody reached for what is not theirs. ``action`` is one of the rules' (``ivr.store.access.rules``), None when
    the thing itself does not exist for them; at most one thing.
    """

    action: str | None = None
    ticket: int | None = None
    recording: int | None = None
    alias: int | None = None
    channel: int | None = None
    rule: int | None = None
    change: int | None = None
    staff: int | None = None
    token: int | None = None


class AliasAccepted(Deed, kind="alias_accepted"):
    alias: int


class AliasDeclined(Deed, kind="alias_declined"):
    alias: int


class CardRead(Deed, kind="card_read"):
    ticket: int


class CardChanged(Deed, kind="card_changed"):
    ticket: int


class CardErased(Deed, kind="card_erased"):
    ticket: int


class ChannelSet(Deed, kind="channel_set"):
    channel: int


class ChannelRemoved(Deed, kind="channel_removed"):
    channel: int


class ChannelTested(Deed, kind="channel_tested"):
    channel: int


class RuleSet(Deed, kind="rule_set"):
    rule: int


class RuleRemoved(Deed, kind="rule_removed"):
    rule: int


class LineChanged(Deed, kind="line_changed"):
    """What was decided stands in the ``change`` itself (``ivr.store.models.line``)."""

    change: int


class TriedAgain(Deed, kind="tried_again"):
    """So many requests that had been given up are to be taken in once more."""

    requests: int


class JobsTriedAgain(Deed, kind="jobs_tried_again"):
    """So many jobs that had ended in an error are to be done once more."""

    jobs: int


class Swept(Deed, kind="swept"):
    """A sweep found ``number`` things of a kind stuck, and saw to them. ``what``: see ``SWEPT``."""

    what: str
    number: int


# What can get stuck: calls whose end nobody told, browser phones closed in mid-call, recordings and notices without
# their job, jobs of a dead worker.
SWEPT = ("calls", "browsers", "recordings", "notices", "jobs")


class LinkMade(Deed, kind="link_made"):
    """A one-time link by which ``staff`` sets a password."""

    staff: int


class FactorForgotten(Deed, kind="factor_forgotten"):
    """Somebody else took the second factor of ``staff`` away: its telephone is lost."""

    staff: int


class DirectoryImported(Deed, kind="directory_imported"):
    """So many communities were added, changed and retired by a list."""

    added: int
    changed: int
    retired: int


class DirectoryExported(Deed, kind="directory_exported"):
    """So many communities with their duty contacts became a file."""

    rows: int


class TokenMade(Deed, kind="token_made"):
    token: int


class TokenRevoked(Deed, kind="token_revoked"):
    token: int


EXAMPLES: tuple[Deed, ...] = (
    Confidential(ticket=12, people=[2, 3]),
    NotConfidential(ticket=12),
    OpenedAnyway(ticket=12, reason="nobody of them can be reached"),
    Listened(recording=7, token=2),
    PrintedTicket(ticket=12),
    PrintedLog(first="2026-03-01", last="2026-03-02", part=1),
    Exported(what="calls", first="2026-03-01", last="2026-03-02", rows=40, reason="12345"),
    Typed(ticket=12),
    LoggedIn(recovery=True),
    LoginFailed(),
    CodeFailed(),
    LoginLocked(),
    PinSet(),
    RangIn(),
    PinFailed(),
    PinLocked(),
    LoggedOut(),
    Read(page="show_ticket", tickets=[12], calls=[]),
    ApiRead(token=2, list_="tickets", first=1, last=50, rows=50),
    Refused(what="signature"),
    StaffChanged(staff=3, what="role"),
    AuditCut(lines=100, upto=100),
    Purged(audio=3, texts=40, cards=1, numbers=2),
    PersonShown(tickets=2, calls=3, reason="her letter of 3 May"),
    PersonErased(tickets=2, calls=3, audio=3, texts=40, cards=1),
    Held(ticket=12),
    Unheld(ticket=12),
    PasswordChanged(link=True),
    FactorSet(),
    FactorRemoved(),
    CodesRenewed(),
    LoginEnded(),
    Denied(action="claim", ticket=12),
    AliasAccepted(alias=3),
    AliasDeclined(alias=3),
    CardRead(ticket=12),
    CardChanged(ticket=12),
    CardErased(ticket=12),
    ChannelSet(channel=1),
    ChannelRemoved(channel=1),
    ChannelTested(channel=1),
    RuleSet(rule=4),
    RuleRemoved(rule=4),
    LineChanged(change=5),
    TriedAgain(requests=2),
    JobsTriedAgain(jobs=2),
    Swept(what="calls", number=2),
    LinkMade(staff=2),
    FactorForgotten(staff=2),
    DirectoryImported(added=3, changed=1, retired=0),
    DirectoryExported(rows=12),
    TokenMade(token=1),
    TokenRevoked(token=1),
)
