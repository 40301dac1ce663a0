import json

from models import Base
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

indexes = [index for table in Base.metadata.sorted_tables for index in table.indexes]
print(json.dumps([str(CreateIndex(index).compile(dialect=postgresql.dialect())) for index in indexes]))
