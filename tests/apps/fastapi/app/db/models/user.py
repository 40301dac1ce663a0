from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, WithId


class User(WithId, Base):
    __tablename__ = "users"

    email: Mapped[str] = mapped_column(unique=True, index=True)
    password_hash: Mapped[str]
