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
    rows = session.execute(text(f"SELECT id, name FROM users WHERE name = '{name}'"))
    return [row.name for row in rows]
