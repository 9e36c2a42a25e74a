"""Compare what the carrier has with what we have, and take in what we never heard of.

Messages left while our machine was off, or at a document that the carrier keeps for that; requests that were lost on
the way; calls whose end nobody told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

import structlog

from ivr.app import App
from ivr.carrier import listing
from ivr.carrier.account import SIMULATOR, Carrier
from ivr.carrier.errors import NotGiven, NotReady
from ivr.carrier.listing import ListedCall, ListedRecording
from ivr.jobs.drain_spool import drain_spool
from ivr.store.calls import reconciling
from ivr.store.files.spool import Spooled, will_pass
from routing.phone_numbers import caller_id

log = structlog.get_logger()

# What began before the last comparison may have ended or been stored after it. No call is longer than two hours.
OVERLAP = timedelta(hours=3)
FIRST = timedelta(days=1)  # how far the first comparison looks back
SLICE = timedelta(days=1)  # of a longer absence: what was read of it stays read
LISTED = "listed"
COMPLETED = "completed"
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
# Made by others than the caller who spoke after our beep.
FOREIGN = frozenset({"DialVerb", "Conference", "OutboundAPI", "Trunking", "StartConferenceRecordingAPI"})
MAX_SINGLE = 200  # calls of recordings that began before the window, asked for one by one


@dataclass
class Found:
    """How much the carrier has in the time that was compared, and what of it was news to us."""

    calls: int = 0
    recordings: int = 0
    new_calls: int = 0
    completed_calls: int = 0  # known ones that lacked their end or their caller
    new_recordings: int = 0
    failed: int = 0  # could not be taken in; they are tried again the next time

    @property
    def news(self) -> int:
        return self.new_calls + self.completed_calls + self.new_recordings + self.failed

    def add(self, other: "Found") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def reconcile(app: App, minute: int = 0, since: datetime | None = None) -> Found:
    """Every carrier's lists since they were last read, or *since*. ``minute`` only tells the jobs apart.

    What waits in the spool goes first: it knows more of a call than its carrier does.
    """
    drain_spool(app)
    found = Found()
    for carrier in app.carriers.values():
        if carrier.name != SIMULATOR:  # whose recordings are there while its page is open
            found.add(_compare(app, carrier, since))
    return found


def _compare(app: App, carrier: Carrier, since: datetime | None) -> Found:
    """One carrier, a slice of time after the other. What it does not tell is tried again the next time."""
    now = datetime.now(UTC)
    with app.sessions.read() as db:
        last = reconciling.check(db, carrier.name)
    read_until = last.read_until if last else None
    start = since or (read_until - OVERLAP if read_until else now - FIRST)
    found, trouble, reached = Found(), None, None
    try:
        ours = Ours.of(app, carrier)
        while start < now:
            end = min(start + SLICE, now)
            lists = Lists.read(carrier, start, end)
            found.add(_take_in(app, carrier, ours, lists))
            if lists.cut:
                raise lists.cut
            start = reached = end
    except NotGiven as error:
        trouble = error.trouble
        log.warning("the carrier could not be compared with", carrier=carrier.name, trouble=trouble, reason=str(error))
    if since and read_until is None:
        reached = None  # nobody has looked at what was before it
    with app.sessions.begin() as db:
        reconciling.keep_check(db, carrier.name, now, read_until=reached, trouble=trouble)
    if found.news:
        log.warning("the carrier had what we had not", carrier=carrier.name, **vars(found))
    return found


@dataclass(frozen=True)
class Ours:
    """Which calls are to a number of this hotline: an account may have others. ``numbers`` None: it has no others."""

    app: App
    numbers: frozenset[str] | None

    @classmethod
    def of(cls, app: App, carrier: Carrier) -> "Ours":
        """Those whose addresses lead here, those that calls came in for, and those of communities.

        A carrier whose numbers all lead elsewhere just now (to a document of its own, while we were off) has no
        others to tell from ours; nor has one that does not list them.
        """
        try:
            listed = {
                e164: each.urls for each in listing.numbers(carrier) if (e164 := caller_id(each.number, app.home()))
            }
        except NotGiven:
            return cls(app, None)
        base = app.settings.base_url
        here = {e164 for e164, urls in listed.items() if any(url.startswith(f"{base}/") for url in urls)}
        with app.sessions.read() as db:
            known = here | reconciling.rung(db, listed.keys())
            return cls(app, frozenset(known | reconciling.dialled(db)) if known else None)

    def has(self, call: ListedCall) -> bool:
        return call.inbound and (self.numbers is None or caller_id(call.called, self.app.home()) in self.numbers)


@dataclass(frozen=True)
class Lists:
    """What a carrier has of a time. ``cut``: that there is more than we read."""

    calls: dict[str, ListedCall]
    recordings: list[ListedRecording]
    cut: listing.Endless | None

    @classmethod
    def read(cls, carrier: Carrier, since: datetime, until: datetime) -> "Lists":
        """Raises ``NotGiven``."""
        lists, cut = cls({}, [], None), None
        try:
            lists.calls.update((call.sid, call) for call in listing.calls(carrier, since, until))
        except listing.Endless as error:
            cut = error
        try:
            lists.recordings.extend(listing.recordings(carrier, since, until))
        except listing.Endless as error:
            cut = error
        return replace(lists, cut=cut)


def _take_in(app: App, carrier: Carrier, ours: Ours, lists: Lists) -> Found:
    """What is missing of it, oldest first. Raises ``NotGiven`` when a call that it speaks of cannot be asked for."""
    told = {each.call_sid for each in lists.recordings}
    with app.sessions.read() as db:
        known = reconciling.known(db, told | lists.calls.keys(), {each.sid for each in lists.recordings})
    messages: dict[str, list[ListedRecording]] = {}
    for each in lists.recordings:
        if each.sid not in known.recordings and each.status == COMPLETED and each.source not in FOREIGN:
            messages.setdefault(each.call_sid, []).append(each)
    found = Found(len(lists.calls), len(lists.recordings))
    for call in _concerned(carrier, lists.calls, messages):
        kept, over, left = known.calls.get(call.sid), call.status in FINAL, messages.get(call.sid, [])
        if kept is None and over and ours.has(call):
            found.new_calls += _keep(app, carrier, call, left, found)
        elif kept and ((kept.open and over) or (kept.nobody and caller_id(call.caller, app.home()))):
            found.completed_calls += _keep(app, carrier, call, left, found)
        elif kept and left:
            _keep(app, carrier, call, left, found)
    return found


def _concerned(
    carrier: Carrier, listed: Mapping[str, ListedCall], messages: Mapping[str, list[ListedRecording]]
) -> Iterator[ListedCall]:
    """The calls of the list, and those before it whose message is in it."""
    yield from sorted(listed.values(), key=lambda call: call.started_at)
    others = sorted(messages.keys() - listed.keys())
    for sid in others[:MAX_SINGLE]:
        try:
            call = listing.call(carrier, sid)
        except NotReady:  # it has forgotten the call: nobody can tell whether it was ours
            continue
        if call and call.sid == sid:
            yield call
    if len(others) > MAX_SINGLE:
        raise listing.Endless("there are more recordings of unlisted calls than we ask for at once")


def _keep(app: App, carrier: Carrier, call: ListedCall, messages: list[ListedRecording], found: Found) -> bool:
    """Take in what the carrier has of one call, as if its requests had waited in the spool. Whether it worked."""
    form = {"CallSid": call.sid, "AccountSid": carrier.account_sid, "From": call.caller, "To": call.called}
    late = [Spooled(form, LISTED, call.started_at)]
    for each in sorted(messages, key=lambda message: message.made_at):
        told = {"RecordingSid": each.sid, "RecordingDuration": each.seconds}
        late.append(Spooled(form | told, LISTED, max(each.made_at, call.started_at)))
    if call.status in FINAL:
        late.append(Spooled(form | {"CallStatus": call.status}, LISTED, call.ended_at or late[-1].at))
    try:
        with app.sessions.begin() as db:
            for request in late:
                app.salvage(db, request)
    except Exception as error:
        if will_pass(error):
            raise
        log.error("a call of the carrier's list was not taken in", error=type(error).__name__, exc_info=error)
        found.failed += 1
        return False
    found.new_recordings += len(messages)
    return True
