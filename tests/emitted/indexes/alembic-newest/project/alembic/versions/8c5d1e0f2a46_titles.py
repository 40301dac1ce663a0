"""titles"""

from alembic import op

revision = "8c5d1e0f2a46"
down_revision = "4f1c2a9b7d30"


def upgrade() -> None:
    op.create_index(op.f("ix_posts_title"), "posts", ["title"])


def downgrade() -> None:
    op.drop_index(op.f("ix_posts_title"), table_name="posts")
