"""How the line was changed by its own people: who decided what, when, and how it was before."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.facts.line import Setting
from ivr.store.models.base import Base
from ivr.store.models.staff import Staff


class LineChange(Base):
    """One change of one setting. Appended; of the changes of a setting, the last one is ``current``.

    ``kind`` and ``key`` say which setting (see ``ivr.store.facts.line``). ``before`` and ``after`` are null where it
    was, or is again, as the hotline comes.
    """

    __tablename__ = "line_changes"
    __table_args__ = (
        Index(
            "line_changes_current",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        Index("line_changes_of_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # null: by a command
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    current: Mapped[bool] = mapped_column(default=True)

    staff: Mapped[Staff | None] = relationship()

    @property
    def was(self) -> Setting | None:
        """What was decided before; None: as it comes, or as a release kept it that nobody can read any more."""
        return None if self.before is None else Setting.read(self.kind, self.before)

    @property
    def is_now(self) -> Setting | None:
        """What was decided by it."""
        return None if self.after is None else Setting.read(self.kind, self.after)


class BulletinHearing(Base):
    """A call in which a bulletin was said. ``bulletin``: the key of the setting."""

    __tablename__ = "bulletin_hearings"

    bulletin: Mapped[str] = mapped_column(String(64), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), primary_key=True)
