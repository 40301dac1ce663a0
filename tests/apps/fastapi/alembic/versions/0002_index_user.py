"""index the owner of a ticket"""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("tickets_user", "tickets", ["user_id"])


def downgrade() -> None:
    op.drop_index("tickets_user", table_name="tickets")
