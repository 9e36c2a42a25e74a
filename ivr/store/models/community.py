"""The directory as it is kept: communities, and the other names people know them by."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.store.models.base import Base


class CommunityRow(Base):
    """One community of the imported list. A retired one stays, because old tickets refer to it."""

    __tablename__ = "communities"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    street: Mapped[str] = mapped_column(String(120))
    district: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))  # the community's own office, E.164: public, not personal
    keypad: Mapped[str | None] = mapped_column(String(3), unique=True)
    dialled: Mapped[str | None] = mapped_column(String(16), unique=True)
    retired_at: Mapped[datetime | None]

    aliases: Mapped[list["Alias"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Alias.name", passive_deletes=True
    )


class PlaceKey(Base):
    """The number under which the index of places has a community (see ``ivr.store.derived.places``)."""

    __tablename__ = "place_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_code: Mapped[str] = mapped_column(ForeignKey("communities.code", ondelete="CASCADE"), unique=True)


class Alias(Base):
    """Another name of a community: an old name, an estate, a market, how the neighbours say it."""

    __tablename__ = "aliases"

    community_code: Mapped[str] = mapped_column(ForeignKey("communities.code", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
