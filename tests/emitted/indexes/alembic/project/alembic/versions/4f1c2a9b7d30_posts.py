"""posts"""

import sqlalchemy as sa
from alembic import op

revision = "4f1c2a9b7d30"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("posts")
    op.drop_table("teams")
    op.drop_table("users")
