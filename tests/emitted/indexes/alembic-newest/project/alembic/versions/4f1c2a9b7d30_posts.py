"""posts"""

import sqlalchemy as sa
from alembic import op

revision = "4f1c2a9b7d30"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("posts")
