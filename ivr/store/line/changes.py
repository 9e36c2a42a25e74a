"""Changing the line: checked, kept as who, when, before and after, and in force at the next call of every process."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ivr.store import hotline
from ivr.store.access import audit, rules
from ivr.store.facts.audit import LineChanged
from ivr.store.facts.fact import names
from ivr.store.facts.line import Setting
from ivr.store.line.homes import HOMES, refused
from ivr.store.models import Hotline, LineChange, Staff

PAGE_CHANGES = 50

Kind = TypeVar("Kind", bound=Setting)


class About(NamedTuple):
    """Which setting: its kind, and which of that kind."""

    kind: type[Setting]
    key: str = ""


class Decided:
    """All that is decided and lives in changes alone, by kind and key. ``gone``: what was taken back altogether."""

    def __init__(
        self, settings: Mapping[tuple[str, str], Setting], gone: Mapping[tuple[str, str], Setting] | None = None
    ) -> None:
        self.settings, self.gone = settings, gone or {}

    def of(self, kind: type[Kind]) -> dict[str, Kind]:
        return {key: setting for (_, key), setting in self.settings.items() if isinstance(setting, kind)}

    def once(self, kind: type[Kind]) -> dict[str, Kind]:
        """What was decided until somebody took it back: it is as the hotline comes."""
        return {key: setting for (_, key), setting in self.gone.items() if isinstance(setting, kind)}


class Overtaken(Exception):
    """Somebody changed the setting since the form was opened: ``latest`` of ``about`` says who, and to what."""

    def __init__(self, about: About) -> None:
        super().__init__(about)
        self.about = about


def now_in_force(db: Session, about: About) -> Setting | None:
    """What is decided; None: it is as the hotline comes."""
    if home := HOMES.get(about.kind):
        return home.read(db, about.key)
    last = latest(db, about)
    return last.is_now if last else None


def decided(db: Session) -> Decided:
    """Everything that is in force and has no other home."""
    homeless = names(kind for kind in Setting.KINDS.values() if kind not in HOMES)
    columns = (LineChange.kind, LineChange.key, LineChange.after, LineChange.before)
    rows = db.execute(select(*columns).where(LineChange.current, LineChange.kind.in_(homeless))).all()
    return Decided(
        _read(((kind, key), after) for kind, key, after, _ in rows),
        _read(((kind, key), before) for kind, key, after, before in rows if after is None),
    )


def _read(kept: Iterable[tuple[tuple[str, str], dict[str, Any] | None]]) -> dict[tuple[str, str], Setting]:
    """By kind and key, what this release can read."""
    read = {about: Setting.read(about[0], detail) for about, detail in kept if detail is not None}
    return {about: setting for about, setting in read.items() if setting}


def hold(db: Session) -> None:
    """Let nobody else change the line until the transaction ends: what is checked against it now holds then."""
    db.execute(select(Hotline.id).with_for_update())


def latest_of(db: Session, kind: type[Setting]) -> dict[str, LineChange]:
    """The changes that made the settings of that kind what they are, by key."""
    found = select(LineChange).where(LineChange.kind == kind.kind, LineChange.current)
    return {change.key: change for change in db.scalars(found.options(joinedload(LineChange.staff)))}


def history(db: Session, about: About, limit: int = PAGE_CHANGES) -> Sequence[LineChange]:
    """The changes of one setting, newest first."""
    found = select(LineChange).where(LineChange.kind == about.kind.kind, LineChange.key == about.key)
    return db.scalars(found.options(joinedload(LineChange.staff)).order_by(LineChange.id.desc()).limit(limit)).all()


def latest(db: Session, about: About) -> LineChange | None:
    """The change that made it what it is; None: nobody has changed it."""
    found = select(LineChange).where(LineChange.kind == about.kind.kind, LineChange.key == about.key)
    return db.scalars(found.where(LineChange.current).options(joinedload(LineChange.staff))).one_or_none()


def version(db: Session, about: About) -> int:
    """What a form carries, so that its sender is told when somebody was quicker; 0: nobody has changed it."""
    last = latest(db, about)
    return last.id if last else 0


def make(
    db: Session, staff: Staff | None, about: About, after: Setting | None, now: datetime, *, seen: int | None = None
) -> LineChange | None:
    """Decide that the setting is *after*; None back: it was so already. ``staff`` None: a command of the machine's.

    One change at a time: whoever comes second sees the first. Raises ``Forbidden``, or ``Overtaken`` when somebody
    changed it after the version *seen*.
    """
    hold(db)
    last, before = latest(db, about), now_in_force(db, about)
    if staff and (lacks := refused(staff, about.kind, about.key, before, after)):
        raise rules.Forbidden(lacks)
    if before == after:
        return None
    if seen is not None and last and last.id != seen:
        raise Overtaken(about)
    if home := HOMES.get(about.kind):
        home.write(db, about.key, after, now)
    if last:
        last.current = False
        db.flush()
    change = LineChange(
        kind=about.kind.kind,
        key=about.key,
        at=now,
        staff_id=staff and staff.id,
        before=before.detail() if before else None,
        after=after.detail() if after else None,
    )
    db.add(change)
    hotline.settings(db).line_version = Hotline.line_version + 1
    db.flush()
    if staff:
        audit.append(db, staff, LineChanged(change.id), now)
    return change


def put_back(db: Session, staff: Staff, change_id: int, now: datetime, *, seen: int) -> LineChange | None:
    """Have the setting of that change be what it was before it. Raises ``NotFound``, ``Forbidden`` or ``Overtaken``."""
    change = db.get(LineChange, change_id)
    if change is None or (kind := Setting.KINDS.get(change.kind)) is None:
        raise rules.NotFound(change=change_id)
    return make(db, staff, About(kind, change.key), change.was, now, seen=seen)


def page(
    db: Session, kinds: Collection[type[Setting]] = (), before: int | None = None, limit: int = PAGE_CHANGES
) -> tuple[Sequence[LineChange], int | None]:
    """The changes, newest first, and the id to continue *before*; None on the last page."""
    query = select(LineChange).options(joinedload(LineChange.staff)).order_by(LineChange.id.desc()).limit(limit + 1)
    if kinds:
        query = query.where(LineChange.kind.in_(names(kinds)))
    if before is not None:
        query = query.where(LineChange.id < before)
    changes = db.scalars(query).all()
    return changes[:limit], changes[limit - 1].id if len(changes) > limit else None
