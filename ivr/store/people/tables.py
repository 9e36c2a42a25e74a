"""Which columns of a list somebody wants to see, kept wherever they log in next."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from ivr.store.models import Staff, TableChoice


def chosen(db: Session, staff: Staff, name: str) -> list[str] | None:
    """The columns this person chose for the list of this *name*; None: they chose nothing yet."""
    kept = db.get(TableChoice, (staff.id, name))
    return kept.columns if kept else None


def choose(db: Session, staff: Staff, name: str, columns: Iterable[str]) -> None:
    """Show this person these columns, here and wherever they log in next."""
    kept = db.get(TableChoice, (staff.id, name)) or TableChoice(staff_id=staff.id, name=name)
    kept.columns = sorted(columns)
    db.add(kept)
