"""What a notice says: which need, where, how long ago, what was promised, and a link. Never who, never their words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ivr.store.models import Notice, StaffNotice
from prompts import Pack
from prompts.telling import counted
from routing.characters import HIDDEN

MAX_NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Message:
    """A notice, ready to be sent by any channel.

    ``files``, by name, go with an e-mail; other channels have the link. ``key`` tells the message from every other one,
    the same at every try; ``link`` bears it too. ``data`` is the same for other systems.
    ``in_doubt``: an earlier try may have got there.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    link: str
    data: dict[str, Any]
    since: datetime
    in_doubt: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join((self.title, *self.lines, self.link))


def compose(notice: Notice, pack: Pack, base_url: str, zone: ZoneInfo, now: datetime, *, in_doubt: bool) -> Message:
    """The message of a notice whose ticket, community and channels are loaded."""
    ticket, say = notice.ticket, pack.notices
    community = None if ticket.confidential else ticket.community
    where = f"{plain(community.name)} {plain(community.street)}" if community else say["community.unknown"]
    need = pack.needs.get(ticket.need or "", ticket.need or "") or say["need.unknown"]
    told = say["second"] if notice.step > 1 and notice.event in ("new", "urgent", "again") else say[notice.event]
    opened_min, due = max(0, _minutes(now - ticket.opened_at)), ticket.promised_at.astimezone(zone)
    clock = f"{due:%H:%M}" if due.date() == now.astimezone(zone).date() else f"{due:%m-%d %H:%M}"
    what_where = say["ticket"].format(number=ticket.number, need=plain(need), place=where)
    lines = [
        say["confidential"].format(number=ticket.number) if ticket.confidential else what_where,
        say["opened"].format(ago=_ago(opened_min, pack)),
        say["promise.missed" if due <= now else "promise"].format(clock=clock),
    ]
    if notice.instead_of:
        lines.append(say["instead"].format(channel=plain(notice.instead_of.name)))
    urgent = say["mark.urgent"] if ticket.urgent else ""
    link = f"{base_url}/desk/tickets/{ticket.id}?n={notice.id}"
    data = {
        "event": notice.event,
        "step": notice.step,
        "about": notice.about.isoformat(),
        "test": False,
        "ticket": {
            "number": ticket.number,
            "status": ticket.status,
            "need": None if ticket.confidential else ticket.need,
            "confidential": ticket.confidential,
            "urgent": ticket.urgent,
            "community": community
            and {"code": community.code, "name": community.name, "street": community.street},
            "opened_at": ticket.opened_at.isoformat(),
            "due_at": ticket.due_at.isoformat(),
            "url": f"{base_url}/desk/tickets/{ticket.id}",
        },
    }  # fmt: skip
    minutes = max(0, _minutes(notice.arisen_at - notice.about))
    what = told.format(minutes=counted(pack, "minutes", minutes))
    title = urgent + say["title"].format(hotline=plain(pack.hotline), what=what)
    return Message(str(notice.id), title, tuple(lines), link, data, notice.arisen_at, in_doubt)


def personal(
    notice: StaffNotice, pack: Pack, base_url: str, zone: ZoneInfo, now: datetime, *, in_doubt: bool
) -> Message:
    """What somebody is told about themselves."""
    say, key = pack.notices, f"staff-{notice.id}"
    starts, ends = notice.starts_at.astimezone(zone), notice.ends_at.astimezone(zone)
    clock = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%m-%d %H:%M}"
    what = say[f"own.{notice.kind}"].format(starts=f"{starts:%m-%d %H:%M}", ends=clock)
    title = say["title"].format(hotline=plain(pack.hotline), what=what)
    return Message(key, title, (), f"{base_url}/desk/line?n={key}", {"event": notice.kind}, notice.arisen_at, in_doubt)


def trial(pack: Pack, base_url: str, key: str, now: datetime) -> Message:
    """What the test button sends: nothing to do for whoever reads it."""
    title = pack.notices["title"].format(hotline=plain(pack.hotline), what=pack.notices["test"])
    data = {"event": "test", "step": 1, "about": now.isoformat(), "test": True, "ticket": None}
    return Message(key, title, (pack.notices["test.done"],), f"{base_url}/desk/", data, now)


def plain(text: str) -> str:
    """A name from a list, as a group chat may show it: on one line, not too long, mentioning and marking nothing."""
    text = HIDDEN.sub(" ", text).strip()[:MAX_NAME_CHARS]
    return text.translate(str.maketrans("@<>*_`[]#|~\\", "＠＜＞＊＿｀［］＃｜～＼"))


def _minutes(time: Any) -> int:
    return int(time.total_seconds() // 60)


def _ago(minutes: int, pack: Pack) -> str:
    if minutes < 1:
        return pack.notices["ago.now"]
    if minutes < 120:
        return pack.notices["ago.minutes"].format(minutes=counted(pack, "minutes", minutes))
    if minutes < 48 * 60:
        return pack.notices["ago.hours"].format(hours=counted(pack, "hours", minutes // 60))
    return pack.notices["ago.days"].format(days=counted(pack, "days", minutes // (24 * 60)))
