from fastapi import Depends, FastAPI, Request
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from models import Post

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/posts")
async def create(request: Request, session: Session = Depends(get_session)):
    payload = await request.json()
    post = Post(title=payload["title"], author_id=payload["author"])
    session.add(post)
    session.commit()
    return {"id": post.id}
