"""Postings are found by their decision: a number that only grows. By their document's random id, each order dirtied pages of its own."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.store.transaction import current

ID = "2026-11-26T02:40:00:000005"


async def create() -> None:
    tx = current()
    await tx.execute('CREATE INDEX "posting_decision_index" ON "posting" ("decision")')
    # The value of a document's goods may be posted by the decision of another one.
    await tx.execute('CREATE INDEX "posting_worth_index" ON "posting" ("document") WHERE "ledger" = \'value\'')
    await tx.execute('DROP INDEX "posting_document_posting_set_index"')


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description="postings by decision")
    manager.add_raw(create)
    return manager
