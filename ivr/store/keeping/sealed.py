"""Going through files and rows: sealing what is in the clear or under an older key, proving that it all opens."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, ColumnClause, Select, TableClause, Text, column, literal, select, table, tuple_, update
from sqlalchemy.orm import Session

from ivr.store.derived import words
from ivr.store.files.audio import AudioStore
from ivr.store.files.spool import Spool
from ivr.store.keeping import numbers
from ivr.store.models import Base, Phone, Recording
from ivr.store.models.sealed import SealedJson, SealedParts, SealedText, key_of_text, opened, renewed
from ivr.store.sealing import Keyring, Unreadable
from ivr.store.session import Sessions

BATCH = 200
SEALED_KINDS = (SealedText, SealedJson, SealedParts)
Position = list[Any] | None  # the primary key that was done last
SEALED, BEFORE, CLEAR = "sealed now", "sealed before", "in the clear"


@dataclass(frozen=True, slots=True)
class File:
    """One file or row: what was done with it or what it lies under, or the ``trouble`` that left it as it was."""

    name: str
    outcome: str = ""
    trouble: str = ""


def seal_recordings(sessions: Sessions, store: AudioStore) -> Iterator[File]:
    """Every message sealed with the newest key, the oldest first; done again, it only looks.

    Its row is held while it is written: what deletes it does so before or after, and it is never back.
    """
    for recording_id in _fetched(sessions):
        with sessions.begin() as db:
            yield from _seal_message(db, store, recording_id)


def next_message(db: Session, store: AudioStore, after: Position) -> tuple[Sequence[File], Position]:
    """The one after that, and where to go on; None at the end."""
    found = db.scalar(_messages(after[0] if after else 0).limit(1))
    return (list(_seal_message(db, store, found)), [found]) if found else ((), None)


def _seal_message(db: Session, store: AudioStore, recording_id: int) -> Iterator[File]:
    row = db.scalars(select(Recording).where(Recording.id == recording_id).with_for_update(of=Recording)).one()
    if row.path is None:
        return
    try:
        yield File(row.path, SEALED if store.seal(row.path) else BEFORE)
    except Unreadable as error:
        yield File(row.path, trouble=str(error))
    except FileNotFoundError:
        yield File(row.path, trouble="it is not there")


def seal_spool(spool: Spool) -> Iterator[File]:
    """The same of the requests that wait on this machine, or were put aside; what was taken in meanwhile is none."""
    for path in spool.files():
        try:
            yield File(path.name, SEALED if spool.seal(path) else BEFORE)
        except Unreadable as error:
            yield File(path.name, trouble=str(error))
        except FileNotFoundError:
            continue


def check_recordings(sessions: Sessions, store: AudioStore) -> Iterator[File]:
    """Every message read to its end and held against the hash it arrived with; its outcome is the id of its key."""
    for recording_id in _fetched(sessions):
        with sessions.read() as db:
            name, digest = db.execute(
                select(Recording.path, Recording.sha256).where(Recording.id == recording_id)
            ).one()
        if name is None:
            continue
        try:
            same = digest in (None, hashlib.sha256(store.read(name)).hexdigest())
            yield File(name, store.sealed_with(name) or CLEAR, "" if same else "it is not what was fetched")
        except Unreadable as error:
            yield File(name, trouble=str(error))
        except FileNotFoundError:
            yield File(name, trouble="it is not there")


def check_spool(spool: Spool) -> Iterator[File]:
    """Every request that waits on this machine, or was put aside, opened."""
    for path in spool.files():
        try:
            yield File(path.name, spool.sealed_with(path) or CLEAR)
        except Unreadable as error:
            yield File(path.name, trouble=str(error))
        except FileNotFoundError:
            continue


def seal_rows(sessions: Sessions, keys: Keyring) -> Iterator[File]:
    """Every row with something sealed in it, under the newest key; in batches, between which calls are taken."""
    for rows in tables():
        yield from _each(sessions, rows, partial(_renew, rows, keys))


def hash_words(sessions: Sessions) -> None:
    """Have the search's index hold hashes for the words of what is sealed; in batches, too."""
    with sessions.begin() as db:
        words.index_anew(db)
    more = True
    while more:
        with sessions.begin() as db:
            more = words.catch_up_cards(db) or words.catch_up(db, datetime.now(UTC) + words.SETTLED)
    for index in words.HASHED:
        begin = more = True
        while more:
            with sessions.begin() as db:
                more, begin = words.purge(db, index, begin=begin), False


def check_rows(sessions: Sessions, keys: Keyring) -> Iterator[File]:
    """The same opened; the outcome is the id of the key, or of the keys, that a row is sealed with."""
    for rows in tables():
        yield from _each(sessions, rows, partial(_look, rows, keys))


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with its sealed columns, as they are kept: nothing is opened on the way."""

    table: TableClause
    kinds: Mapping[str, SealedText | SealedJson | SealedParts]
    key: tuple[ColumnClause[Any], ...]

    @property
    def of_numbers(self) -> bool:
        return self.table.name == Phone.__tablename__


def tables() -> Iterator[Rows]:
    """All that the models have, so that none can be forgotten."""
    for model in Base.metadata.sorted_tables:
        kinds = {each.name: each.type for each in model.columns if isinstance(each.type, SEALED_KINDS)}
        if kinds:
            key = tuple(column(each.name, each.type) for each in model.primary_key.columns)
            kept = tuple(
                column(name, Text() if isinstance(kind, SealedText) else JSON()) for name, kind in kinds.items()
            )
            if model is Phone.__table__:
                kept += (column("e164", Text()), column("tail_by", Text()))
            yield Rows(table(model.name, *key, *kept), kinds, key)


def _each(sessions: Sessions, rows: Rows, do: Callable[[Session, dict[str, Any]], File | None]) -> Iterator[File]:
    """What *do* makes of every row, by the primary key, in transactions of a batch; None: of no account."""
    after: Position = None
    while True:
        with sessions.begin() as db:
            done, after = _some(db, rows, do, after)
        yield from done
        if after is None:
            return


def some_rows(db: Session, rows: Rows, keys: Keyring, after: Position) -> tuple[Sequence[File], Position]:
    """A batch of these rows under the newest key, from after that primary key, and where to go on; None at the end."""
    return _some(db, rows, partial(_renew, rows, keys), after)


def _some(
    db: Session, rows: Rows, do: Callable[[Session, dict[str, Any]], File | None], after: Position
) -> tuple[Sequence[File], Position]:
    batch = select(rows.table).order_by(*rows.key).limit(BATCH).with_for_update()
    if after is not None:
        last = [literal(value, each.type) for value, each in zip(after, rows.key, strict=True)]
        batch = batch.where(tuple_(*rows.key) > tuple_(*last))
    found = [dict(row) for row in db.execute(batch).mappings()]
    done = [file for row in found if (file := do(db, row))]
    return done, [found[-1][each.name] for each in rows.key] if len(found) == BATCH else None


def _renew(rows: Rows, keys: Keyring, db: Session, row: dict[str, Any]) -> File | None:
    found: list[str] = []

    def renew(bound: str, kept: str) -> str:
        found.append(kept)
        return renewed(keys, bound, kept)

    try:
        if rows.of_numbers:
            found.append(row["e164"])
            if (new := numbers.renew(db, keys, row)) is None:
                return File(_name(rows, row), SEALED)
        else:
            new = {name: kind.mapped(row[name], renew) for name, kind in _there(rows, row)}
    except Unreadable as error:
        return File(_name(rows, row), trouble=str(error))
    if not any(found):
        return None
    if all(row[name] == value for name, value in new.items()):
        return File(_name(rows, row), BEFORE)
    this = [each == row[each.name] for each in rows.key]
    db.execute(update(rows.table).where(*this).values(new))
    return File(_name(rows, row), SEALED)


def _look(rows: Rows, keys: Keyring, _: Session, row: dict[str, Any]) -> File | None:
    lies: set[str] = set()

    def look(bound: str, kept: str) -> str:
        opened(keys, bound, kept)
        if kept:
            lies.add(key_of_text(kept) or CLEAR)
        return kept

    try:
        for name, kind in _there(rows, row):
            kind.mapped(row[name], look)
        if rows.of_numbers and row["number"] is None:
            lies.add(CLEAR)
    except Unreadable as error:
        return File(_name(rows, row), trouble=str(error))
    return File(_name(rows, row), " and ".join(sorted(lies))) if lies else None


def _there(rows: Rows, row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, kind) for name, kind in rows.kinds.items() if row[name] is not None)


def _name(rows: Rows, row: dict[str, Any]) -> str:
    return f"{rows.table.name} {'/'.join(str(row[each.name]) for each in rows.key)}"


def _fetched(sessions: Sessions) -> Iterator[int]:
    """The ids of all that have a file, in batches: no list of a city's messages is ever in memory."""
    last = 0
    while True:
        with sessions.read() as db:
            ids = db.scalars(_messages(last).limit(BATCH)).all()
        if not ids:
            return
        yield from ids
        last = ids[-1]


def _messages(after: int) -> Select[int]:
    return select(Recording.id).where(Recording.path.is_not(None), Recording.id > after).order_by(Recording.id)
