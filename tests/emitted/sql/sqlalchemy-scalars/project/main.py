from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/users")
def users(name: str, session: Session = Depends(get_session)):
    return session.scalars(text(f"SELECT name FROM users WHERE name = '{name}'")).all()


@app.get("/count")
def count(name: str, session: Session = Depends(get_session)):
    return session.scalar(text(f"SELECT count(*) FROM users WHERE id > :least AND name = '{name}'"), {"least": 0})
