"""Postings are found by their account where somebody asks for them so: movements of goods and lots by time, and money. Promises,
most of all rows, are found by their decision alone, and need no place in an index of accounts: it took half of what a push's
postings cost."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.store.transaction import current

ID = "2026-11-26T13:10:00:000006"

INDEXES = (
    # The conditions stand in the queries word for word: only then are the indexes used.
    '"posting_lot_index" ON "posting" ("account", "item", "happened_at") WHERE happened_at IS NOT NULL AND ledger = \'lot\'',
    '"posting_money_index" ON "posting" ("account", "item") WHERE ledger = \'money\'',
)


async def create() -> None:
    tx = current()
    for index in INDEXES:
        await tx.execute(f"CREATE INDEX {index}")
    await tx.execute('DROP INDEX "posting_ledger_account_item_id_index"')


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description="postings by account where asked for")
    manager.add_raw(create)
    return manager
