"""What helpers should know of a caller before they ring back, kept with the caller's consent."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base
from ivr.store.models.community import CommunityRow
from ivr.store.models.phone import Phone
from ivr.store.models.sealed import SealedText
from ivr.store.models.staff import Staff


class CallerCard(Base):
    """The card of whoever rings from one telephone.

    Without ``consent_at`` only ``slow`` is kept, which the line needs to speak to them. ``version`` grows with every
    change, so that two people who edit it at once cannot overwrite each other.
    """

    __tablename__ = "caller_cards"

    phone_id: Mapped[int] = mapped_column(ForeignKey("phones.id"), primary_key=True)
    name: Mapped[str | None] = mapped_column(SealedText("caller_cards.name", 64))
    community_code: Mapped[str | None] = mapped_column(ForeignKey("communities.code"))
    address: Mapped[str | None] = mapped_column(
        SealedText("caller_cards.address", 200)
    )  # a hint: the red door behind the market
    hearing: Mapped[str | None] = mapped_column(SealedText("caller_cards.hearing", 200))  # "speak slowly, left ear"
    mobility: Mapped[str | None] = mapped_column(SealedText("caller_cards.mobility", 200))
    dialect: Mapped[str | None] = mapped_column(SealedText("caller_cards.dialect", 64))
    family_name: Mapped[str | None] = mapped_column(SealedText("caller_cards.family_name", 64))
    family_phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    medicine: Mapped[str | None] = mapped_column(SealedText("caller_cards.medicine", 200))
    medicine_until: Mapped[date | None]  # the day it runs out
    slow: Mapped[bool] = mapped_column(default=False)  # slower prompts, longer waits, straight to a person
    call_back: Mapped[bool] = mapped_column(default=False)  # agreed to be rung after hanging up without a word
    consent_at: Mapped[datetime | None]
    consent_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who asked them
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # null: the line itself
    version: Mapped[int] = mapped_column(default=0)

    phone: Mapped[Phone] = relationship(foreign_keys=[phone_id])
    family_phone: Mapped[Phone | None] = relationship(foreign_keys=[family_phone_id])
    community: Mapped[CommunityRow | None] = relationship()
    consent_by: Mapped[Staff | None] = relationship(foreign_keys=[consent_by_id])
    updated_by: Mapped[Staff | None] = relationship(foreign_keys=[updated_by_id])
