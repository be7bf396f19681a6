"""What headquarters' lists are read by: documents of a kind, what waits for somebody, stock by product, what a decision changed."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.store.transaction import current

ID = "2026-11-25T21:10:00:000004"

INDEXES = (
    # A list of a kind by verdict, and how many there are of each, without a look at the rows.
    '"document_kind_verdict_index" ON "document" ("kind", "verdict", "arrived")',
    '"document_kind_scope_index" ON "document" ("kind", "scope", "arrived")',
    '"document_kind_received_index" ON "document" ("kind", "received_at")',
    # The few that wait for somebody. The condition stands in `hq_documents.py` word for word: only then is the index used.
    '"document_attention_index" ON "document" ("kind", "arrived")'
    ' WHERE ("verdict" = \'held\' OR "row" LIKE \'%"attention":true%\')',
    '"balance_item_index" ON "balance" ("item", "ledger")',
    '"balance_below_index" ON "balance" ("account", "item") WHERE "ledger" = \'stock\' AND "amount" < 0',
    '"record_level_index" ON "record" ("key") WHERE "kind" = \'stock_on_hand\' AND "body" NOT LIKE \'%"level":"ok"%\'',
    '"decision_balance_index" ON "decision" ("cause") WHERE "cause" LIKE \'balance:%\'',
    '"posting_value_index" ON "posting" ("decision") WHERE "ledger" = \'value\'',
)


async def create() -> None:
    tx = current()
    for index in INDEXES:
        await tx.execute(f"CREATE INDEX {index}")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description="headquarters' lists")
    manager.add_raw(create)
    return manager
