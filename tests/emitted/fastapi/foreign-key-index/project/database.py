import os

from sqlalchemy import create_engine

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql+psycopg://localhost/shop")


def connect():
    return create_engine(DATABASE_URL)
