from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, WithId

tags = Table(
    "ticket_tags",
    Base.metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("tag", String(20), primary_key=True),
)


class Ticket(WithId, Base):
    __tablename__ = "tickets"
    __table_args__ = (UniqueConstraint("event_id", "seat"),)

    seat = Column(String(8))
    event_id = Column(Integer, ForeignKey("events.id", ondelete="CASCADE"), nullable=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    event: Mapped["Event"] = relationship(back_populates="tickets")
