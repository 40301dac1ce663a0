from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from models import Post

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/authors")
def authors(session: Session = Depends(get_session)):
    posts = session.scalars(select(Post).order_by(Post.id))
    names = []
    for post in posts:
        names.append(post.author.name)
    return names
