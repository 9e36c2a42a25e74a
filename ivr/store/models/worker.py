"""Which workers are alive, so that another can take over the jobs of one that is not."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.store.models.base import Base


class Worker(Base):
    """A worker's heartbeat. Its id is its DBOS executor id."""

    __tablename__ = "workers"

    executor_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
