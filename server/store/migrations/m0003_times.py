"""When goods moved, what waits for a moment, and the value of stock by those moments."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.store.transaction import current

ID = "2026-11-25T20:10:00:000003"

BY_COMMAND = ("shipment:%", "delivery:%", "receipt")
"""Sets of goods that were posted by then: they moved when headquarters said so."""


async def create() -> None:
    tx = current()
    whole = "BIGINT" if tx.engine == "postgres" else "INTEGER"
    number = "BIGSERIAL PRIMARY KEY" if tx.engine == "postgres" else "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
    await tx.execute(f'ALTER TABLE "posting" ADD COLUMN "happened_at" {whole}')
    await tx.execute(f'ALTER TABLE "wait" ADD COLUMN "until" {whole}')
    for like in BY_COMMAND:
        await tx.execute("UPDATE posting SET happened_at = at WHERE ledger = 'stock' AND posting_set LIKE ?", like)
    await tx.execute(
        'CREATE INDEX "posting_movement_index" ON "posting" ("account", "item", "happened_at")'
        " WHERE happened_at IS NOT NULL AND ledger = 'stock'"
    )
    await tx.execute(
        f'CREATE TABLE "stock_entry" ("id" {number}, "owner" TEXT NOT NULL, "item" TEXT NOT NULL,'
        f' "happened_at" {whole} NOT NULL, "document" TEXT NOT NULL, "posting_set" TEXT NOT NULL,'
        f' "quantity" {whole} NOT NULL, "cost" {whole}, "value" {whole} NOT NULL, "state" TEXT NOT NULL)'
    )
    await tx.execute(
        'CREATE UNIQUE INDEX "stock_entry_document_unique" ON "stock_entry" ("document", "posting_set", "owner", "item")'
    )
    await tx.execute(
        'CREATE INDEX "stock_entry_time_index" ON "stock_entry" ("owner", "item", "happened_at", "document", "posting_set")'
    )
    if tx.engine == "postgres":
        await tx.execute('CREATE INDEX "record_below_index" ON "record" ("kind", "key" COLLATE "C")')


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description="times and values of goods")
    manager.add_raw(create)
    return manager
