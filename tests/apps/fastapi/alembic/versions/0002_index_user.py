"""index the owner of a ticket"""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("tickets_user", "tickets", ["user_id"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index("tickets_user", table_name="tickets")
