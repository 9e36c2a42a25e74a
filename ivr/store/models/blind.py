"""The keys of the hashes by which sealed values are looked up."""

from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base
from ivr.store.models.sealed import SealedText


class IndexKey(Base):
    """One key, sealed like any other value: see ``ivr.store.blind``."""

    __tablename__ = "index_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(SealedText("index_keys.key"))  # 64 hexadecimal digits
