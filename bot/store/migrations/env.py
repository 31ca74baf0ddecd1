"""Alembic's entry: runs the revisions over the connection that `bot.store.migrations.upgrade` was given."""

from alembic import context

from bot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
