from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, WithId


class Venue(WithId, Base):
    __tablename__ = "venues"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    city: Mapped[str | None]


class Event(WithId, Base):
    __tablename__ = "events"
    __table_args__ = (Index("events_when", "starts_at", "venue_id"),)

    name: Mapped[str]
    starts_at: Mapped[datetime]
    sold: Mapped[int] = mapped_column(default=0)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"), index=True)

    venue: Mapped[Venue] = relationship()
    tickets: Mapped[list["Ticket"]] = relationship(back_populates="event")
