from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str


class EventIn(BaseModel):
    name: str
    starts_at: datetime
    venue_id: int


class EventOut(EventIn):
    id: int
    sold: int


class OrderIn(BaseModel):
    event_id: int
