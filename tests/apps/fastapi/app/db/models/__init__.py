from app.db.models.event import Event, Venue
from app.db.models.ticket import Ticket, tags
from app.db.models.user import User

__all__ = ["Event", "Ticket", "User", "Venue", "tags"]
