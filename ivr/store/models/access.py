"""Who may come in from outside, and who looked at what: API tokens and the audit."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.facts.audit import Deed
from ivr.store.models.base import Base
from ivr.store.models.staff import Staff

PER_MINUTE = 600  # requests
SCOPES = ("tickets", "calls", "recordings", "numbers")  # what a token may read; numbers: of whatever else it reads


class ApiToken(Base):
    """A bearer token of another system. Only its hash is kept; it is shown once, when it is made."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]  # to the minute
    per_minute: Mapped[int] = mapped_column(default=PER_MINUTE, server_default=str(PER_MINUTE))
    scopes: Mapped[list[str]] = mapped_column(
        default=lambda: list(SCOPES), server_default=text(f"'{json.dumps(SCOPES)}'")
    )
    communities: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))  # codes; none: every one


class AuditLine(Base):
    """Somebody looked at, changed or was refused something. Appended, never edited."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_time", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column("action", String(32))  # see ivr.store.facts.audit
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    address: Mapped[str] = mapped_column(String(45), default="", server_default="")  # the client's; "": here
    session: Mapped[str] = mapped_column(String(16), default="", server_default="")  # the login's
    count: Mapped[int] = mapped_column(default=1, server_default="1")  # so often, since the line before it of its kind
    hash: Mapped[str | None] = mapped_column(String(64))  # null: of an older release; see access.chain
    # The words of a line that an earlier release kept and nobody can read any more; of every other line empty.
    subject: Mapped[str] = mapped_column(String(64), default="", server_default="")

    staff: Mapped[Staff | None] = relationship()

    @property
    def deed(self) -> Deed | None:
        """What was done; None when ``subject`` alone says it."""
        return None if self.subject else Deed.read(self.kind, self.detail)


class AuditEnd(Base):
    """Up to here the audit was taken away, as long as its lines should be kept: the chain goes on from ``hash``."""

    __tablename__ = "audit_ends"

    upto: Mapped[int] = mapped_column(primary_key=True)  # the last line that is gone
    hash: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
