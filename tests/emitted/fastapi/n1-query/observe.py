import json

from fastapi.testclient import TestClient
from main import app, engine
from models import Base, Post, User
from sqlalchemy.orm import Session
from statements import Statements

Base.metadata.create_all(engine)
with Session(engine) as session:
    for n in range(1, 6):
        session.add_all([User(id=n, name=f"a{n}"), Post(id=n, title=f"p{n}", author_id=n)])
    session.commit()
answer, selects = Statements(engine).during(lambda: TestClient(app).get("/authors").json())
print(json.dumps({"selects": selects, "answer": answer}))
