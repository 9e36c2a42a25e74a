"""What staff's corrections teach: other names that callers seem to use, waiting for a supervisor's word."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.call import Turn
from ivr.store.models.community import CommunityRow
from ivr.store.models.staff import Staff

PROPOSAL_STATES = ("proposed", "accepted", "declined")


class AliasProposal(Base):
    """A phrase that was heard where staff then put another community: perhaps that community's other name.

    ``heard`` is the bare name, without talk, street or ending; ``alias`` what a supervisor made of it when they
    accepted it, null otherwise.
    """

    __tablename__ = "alias_proposals"
    __table_args__ = (
        UniqueConstraint("heard", "community_code"),
        Index("proposals_by_state", "state", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    heard: Mapped[str] = mapped_column(String(120))
    community_code: Mapped[str] = mapped_column(ForeignKey("communities.code"), index=True)
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="proposed")
    alias: Mapped[str | None] = mapped_column(String(120))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    community: Mapped[CommunityRow] = relationship()
    decided_by: Mapped[Staff | None] = relationship()
    hearings: Mapped[list["AliasHearing"]] = relationship(
        back_populates="proposal", cascade="all, delete-orphan", passive_deletes=True
    )


class AliasHearing(Base):
    """One call in which the phrase was heard: the turn that first had it there."""

    __tablename__ = "alias_hearings"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("alias_proposals.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("turns.id"), primary_key=True, index=True)

    proposal: Mapped[AliasProposal] = relationship(back_populates="hearings")
    turn: Mapped[Turn] = relationship()
