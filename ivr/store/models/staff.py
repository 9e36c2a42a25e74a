"""People who help: who they are, which communities are theirs, where they are logged in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base

ROLES = ("volunteer", "officer", "supervisor", "admin")


class Staff(Base):
    """A member of staff. ``name`` is what they log in with, normalised (NFKC, case-folded)."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(8))  # of the pages; null follows the browser
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # The release before this one counts wrong passwords here; see ``LoginTries``.
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    password_printed: Mapped[bool] = mapped_column(default=False, server_default=false())  # somebody else has read it
    factor_sealed: Mapped[str | None] = mapped_column(Text)  # the second factor's secret; null: there is none
    factor_step: Mapped[int] = mapped_column(default=0, server_default="0")  # the last code's: none counts twice

    communities: Mapped[list["StaffCommunity"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="StaffCommunity.community_code"
    )

    @property
    def community_codes(self) -> list[str]:
        return [membership.community_code for membership in self.communities]


class StaffCommunity(Base):
    """This member of staff works for this community."""

    __tablename__ = "staff_communities"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    community_code: Mapped[str] = mapped_column(ForeignKey("communities.code"), primary_key=True, index=True)


class LoginSession(Base):
    """One browser that is logged in. The cookie holds the secret, we only its hash."""

    __tablename__ = "login_sessions"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    agent: Mapped[str] = mapped_column(String(200), default="", server_default="")  # what the browser calls itself

    staff: Mapped[Staff] = relationship(lazy="joined")


class LoginTries(Base):
    """Tries to log in under one name, from one browser or from one address: see ``ivr.store.people.throttle``."""

    __tablename__ = "login_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # a hash of what is counted
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """Stands for the second factor once, when its telephone is lost. Only a hash is kept."""

    __tablename__ = "recovery_codes"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)


class OneTimeLink(Base):
    """Lets somebody set a new password, once. Only a hash is kept; a person has one at most."""

    __tablename__ = "one_time_links"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
