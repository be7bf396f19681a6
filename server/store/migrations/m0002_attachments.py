"""Photos: what is stored for each scope, what is still on its way, and what was refused."""

from __future__ import annotations

from collections.abc import Callable

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import BigInt, BigSerial, Column, Integer, Text
from piccolo.table import create_table_class

from server.store.piccolo_engine import ENGINE
from server.store.transaction import current

ID = "2026-11-25T12:00:00:000000"

TABLES: dict[str, dict[str, Callable[[], Column]]] = {
    "attachment": {
        "id": lambda: BigSerial(primary_key=True), "hash": Text, "scope": Text, "type": Text, "size": BigInt,
        "width": Integer, "height": Integer, "device": Text, "account": Text, "stored_at": BigInt,
    },
    "attachment_upload": {
        "id": lambda: Text(primary_key=True), "hash": Text, "scope": Text, "size": BigInt,
        "received": lambda: BigInt(default=0), "device": Text, "account": Text, "created_at": BigInt,
        "expires_at": BigInt,
    },
    "attachment_refused": {
        "id": lambda: BigSerial(primary_key=True), "hash": Text, "scope": Text, "size": BigInt, "device": Text,
        "code": Text, "detail": Text, "at": BigInt,
    },
}  # fmt: skip

UNIQUE = [
    ("attachment", "hash, scope"),
    ("attachment_upload", "device, scope, hash"),
    ("attachment_refused", "hash, scope, device"),
]
INDEXES = [("attachment_upload", "expires_at")]


async def create() -> None:
    tx = current()
    for name, columns in TABLES.items():
        members = {column: make() for column, make in columns.items()}
        table = create_table_class(
            name.title().replace("_", ""), class_kwargs={"tablename": name}, class_members=members
        )
        table._meta.db = ENGINE
        await table.create_table()
    for unique, indexes in (("UNIQUE ", UNIQUE), ("", INDEXES)):
        for table_name, names in indexes:
            index = "_".join([table_name, *names.replace(",", "").split(), "unique" if unique else "index"])
            quoted = ", ".join(f'"{column}"' for column in names.split(", "))
            await tx.execute(f'CREATE {unique}INDEX "{index}" ON "{table_name}" ({quoted})')


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description="attachments")
    manager.add_raw(create)
    return manager
