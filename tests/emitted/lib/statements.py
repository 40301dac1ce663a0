"""Counts the statements that an engine of SQLAlchemy sends."""

from sqlalchemy import event


class Statements:
    def __init__(self, engine):
        self.seen = []
        event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: self.seen.append(statement))

    def during(self, run):
        """What `run` gives, and how many SELECTs it took."""
        self.seen.clear()
        given = run()
        return given, sum(statement.startswith("SELECT") for statement in self.seen)
