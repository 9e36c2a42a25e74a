"""Questions to the database, kept without their moments: to build one takes longer than to ask it."""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import Result, Select
from sqlalchemy.orm import Session

from ivr.store.figures.period import Asked

Question = Select[*tuple[Any, ...]]

MAX_BUILT = 1_000  # some fifteen for each reader
_built: dict[Hashable, Question] = {}


def ask(db: Session, asked: Asked, name: str, build: Callable[[Asked], Question]) -> Result[*tuple[Any, ...]]:
    """The answer to the question of this name, built when this reader first asks it."""
    key = (name, asked.whose)
    if key not in _built:
        if len(_built) >= MAX_BUILT:
            _built.clear()
        _built[key] = build(asked.timeless())
    return db.execute(_built[key], asked.moments())
