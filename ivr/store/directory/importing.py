"""Changing the directory by an imported list, without keeping a call waiting.

What has to be written is worked out while nothing is locked, and written in portions: a call waits for one portion at
the most, however long the list. Callers are matched with the old directory until the last portion is there. An import
that was interrupted is finished by running it again: only what is missing is written.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.derived import places
from ivr.store.directory.communities import FIELDS, load
from ivr.store.models import Alias, CommunityRow
from ivr.store.session import Sessions
from routing.directory import Community, Directory
from routing.directory.difference import Difference, compare

UNIQUE = ("keypad", "dialled")
PORTION = 100  # communities written at once: some 30 ms
PAUSE_S = 0.01  # between two portions, so that those who wait for the lock come in

Write = Callable[[Session], None]


class Taken(ValueError):
    """A number of the list belongs to a community that the list does not name: ``field``, and whose it is."""

    def __init__(self, field: str, number: str, owner: Community) -> None:
        super().__init__(f"{field} {number} belongs to {owner.code} {owner.name}")
        self.field, self.number, self.owner = field, number, owner


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would change: the directory as it would be then, and the portions in which that is written."""

    difference: Difference
    after: Directory
    writes: Sequence[Write]


def plan(db: Session, listed: Iterable[Community], now: datetime, *, replace: bool) -> Plan:
    """What the list brings; nothing is written. With *replace*, communities that are not listed are retired.

    What the list does not say of a community stays as it is, unless it replaces everything. Aliases are only ever
    added: what staff taught is not unlearned. Raises ``Taken``.
    """
    before, coming = load(db), {each.code: each for each in listed}
    after = _merged(before, coming, replaces=replace)
    change = compare(before, after)
    written = [*change.added, *(each.new for each in change.changed)]
    moved = {field: [each.old.code for each in change.changed if field in each.fields] for field in UNIQUE}
    given = {field: [value for each in written if (value := getattr(each, field))] for field in UNIQUE}
    writes: list[Write] = [
        *(_retiring(some, now) for some in _portions([each.code for each in change.retired])),
        *(_freeing_retired(field, some) for field in UNIQUE for some in _portions(given[field])),
        *(_freeing(field, some) for field in UNIQUE for some in _portions(moved[field])),
        *(_writing(some, replaces=replace) for some in _portions(written)),
    ]
    return Plan(change, after, writes)


def carry_out(sessions: Sessions, planned: Plan) -> None:
    """Write it in portions, each in a transaction of its own; then let callers be matched with it."""
    for write in planned.writes:
        with sessions.begin() as db:
            write(db)
        time.sleep(PAUSE_S)
    with sessions.begin() as db:
        hotline.directory_changed(db)


def rewrite(db: Session, one: Community, now: datetime, *, retired: bool) -> None:
    """The community as *one* says it, to the last alias; another that is retired gives up the numbers it needs."""
    db.execute(delete(Alias).where(Alias.community_code == one.code))
    for field in UNIQUE:
        if number := getattr(one, field):
            _freeing_retired(field, [number])(db)
    _writing([one], replaces=True)(db)
    if retired:
        _retiring([one.code], now)(db)
    db.expire_all()
    hotline.directory_changed(db)


def put(db: Session, listed: Iterable[Community], now: datetime, *, replace: bool) -> None:
    """The same within one transaction: for a short list. Raises ``Taken``."""
    db.flush()
    for write in plan(db, listed, now, replace=replace).writes:
        write(db)
    db.expire_all()
    hotline.directory_changed(db)


def _merged(before: Directory, coming: dict[str, Community], *, replaces: bool) -> Directory:
    """The directory as it would be with these communities in it."""
    given = {
        field: {value: each.code for each in coming.values() if (value := getattr(each, field))} for field in UNIQUE
    }

    def rows() -> Iterator[Community]:
        for old in before:
            if old.code in coming:
                yield _one(old, coming[old.code])
            elif not replaces:
                for field in UNIQUE:
                    if (number := getattr(old, field)) in given[field]:
                        raise Taken(field, number, old)
                yield old
        yield from (each for each in coming.values() if each.code not in before.by_code)

    def _one(old: Community, new: Community) -> Community:
        kept: dict[str, Any] = {"aliases": tuple(sorted({*old.aliases, *new.aliases}))}
        for field in () if replaces else ("phone", *UNIQUE):
            value = getattr(old, field)
            if getattr(new, field) is None and value not in given.get(field, ()):  # nobody else of the list has it now
                kept[field] = value
        return replace(new, city="", province="", **kept)

    return Directory(rows())


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[at : at + PORTION] for at in range(0, len(items), PORTION))


def _freeing_retired(field: str, numbers: Sequence[str]) -> Write:
    """Who is retired needs no number."""
    column = getattr(CommunityRow, field)
    retired = (
        update(CommunityRow).where(column.in_(numbers), CommunityRow.retired_at.is_not(None)).values({field: None})
    )
    return lambda db: _run(db, retired)


def _freeing(field: str, codes: Sequence[str]) -> Write:
    """Numbers move from one listed community to another: first nobody has them."""
    return lambda db: _run(db, update(CommunityRow).where(CommunityRow.code.in_(codes)).values({field: None}))


def _retiring(codes: Sequence[str], now: datetime) -> Write:
    return lambda db: _run(db, update(CommunityRow).where(CommunityRow.code.in_(codes)).values(retired_at=now))


def _writing(listed: Sequence[Community], *, replaces: bool) -> Write:
    """Add or change these communities and their other names, and have them be found."""

    def write(db: Session) -> None:
        dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
        rows = dialect.insert(CommunityRow).values(
            [{"code": each.code} | {field: getattr(each, field) for field in FIELDS} for each in listed]
        )
        put = {field: rows.excluded[field] for field in FIELDS}
        if not replaces:  # a retired one that comes back keeps what the list does not say
            put |= {f: func.coalesce(rows.excluded[f], getattr(CommunityRow, f)) for f in FIELDS}
        _run(db, rows.on_conflict_do_update(index_elements=["code"], set_=put | {"retired_at": None}))
        names = [{"community_code": each.code, "name": name} for each in listed for name in each.aliases]
        if names:
            _run(db, dialect.insert(Alias).values(names).on_conflict_do_nothing())
        places.index(db, [each.code for each in listed])

    return write


def _run(db: Session, statement: Any) -> None:
    db.execute(statement, execution_options={"synchronize_session": False})
