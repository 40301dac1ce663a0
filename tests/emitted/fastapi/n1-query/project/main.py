from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from models import Post, User

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/authors")
def authors(session: Session = Depends(get_session)):
    posts = session.scalars(select(Post).order_by(Post.id)).all()
    names = []
    for post in posts:
        author = session.get(User, post.author_id)
        names.append(author.name)
    return names
