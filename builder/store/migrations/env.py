"""Alembic's environment: migrations run in the transaction that the store began, so all of them happen, or none."""

from alembic import context

from builder.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
