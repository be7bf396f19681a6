"""The first book: every table and index as of the first release."""

from __future__ import annotations

from collections.abc import Callable

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, Column, Integer, Text
from piccolo.table import create_table_class

from server.store.piccolo_engine import ENGINE
from server.store.transaction import current

ID = "2026-11-24T03:20:00:000000"

Columns = dict[str, Callable[[], Column]]


def _key() -> Column:
    return Text(primary_key=True)


def _number() -> Column:
    return BigSerial(primary_key=True)


def _empty() -> Column:
    return Text(default="")


def _zero() -> Column:
    return BigInt(default=0)


def _maybe() -> Column:
    return Text(null=True, default=None)


def _bytes_or_null() -> Column:
    return Bytea(null=True, default=None)


def _object() -> Column:
    return Text(default="{}")


def _time_or_null() -> Column:
    return BigInt(null=True, default=None)


TABLES: dict[str, Columns] = {
    "meta": {"key": _key, "value": Text},
    "scope": {"name": _key, "seq": _zero},
    "document": {
        "id": _key, "kind": Text, "scope": Text, "first_seq": BigInt, "last_seq": BigInt, "arrived": BigInt, "heads": Text,
        "row": _object, "verdict": _empty, "changes": lambda: Integer(default=0), "received_at": BigInt,
        "updated_at": BigInt, "clock_offset": _zero, "content": _object, "conflicts": lambda: Text(default="[]"),
        "saved": _bytes_or_null, "index": _bytes_or_null,
    },
    "change": {
        "id": _number, "hash": Bytea, "document": Text, "scope": Text, "seq": BigInt, "position": Integer, "device": Text,
        "actor": Text, "actor_seq": BigInt, "made_at": BigInt, "clock_offset": BigInt, "received_at": BigInt,
        "message": _empty, "chunk": Bytea,
    },
    "command": {
        "id": _key, "number": BigInt, "document": Text, "kind": Text, "name": Text, "params": Text, "body_hash": Text,
        "by": Text, "at": BigInt, "answer": _empty,
    },
    "record": {
        "id": _number, "kind": Text, "key": Text, "scope": Text, "seq": BigInt, "version": BigInt, "body": _maybe,
    },
    "record_version": {
        "id": _number, "kind": Text, "key": Text, "version": BigInt, "body": _maybe, "at": BigInt, "by": _empty,
    },
    "decision": {
        "id": _number, "document": Text, "verdict": Text, "body": Text, "facts": Text, "heads": Text, "cause": Text,
        "at": BigInt,
    },
    "posting": {
        "id": _number, "decision": BigInt, "document": Text, "posting_set": Text, "ledger": Text, "account": Text,
        "item": Text, "amount": BigInt, "at": BigInt,
    },
    "balance": {"id": _number, "ledger": Text, "account": Text, "item": Text, "amount": _zero},
    "wait": {"id": _number, "document": Text, "ledger": Text, "account": Text, "item": Text},
    "quarantine": {
        "id": _number, "device": Text, "document": Text, "kind": Text, "scope": Text, "hash": Text, "code": Text,
        "detail": Text, "chunk": Bytea, "at": BigInt,
    },
    "account": {
        "id": _key, "login": Text, "name": Text, "role": Text, "dealer": _maybe, "password": _empty,
        "active": lambda: Boolean(default=True), "language": _empty, "created_at": BigInt,
    },
    "device": {
        "id": _key, "account": Text, "name": Text, "short_code": Text, "token_hash": Text, "created_at": BigInt,
        "seen_at": _zero, "synced_at": _zero, "clock_offset": _zero, "revoked_at": _time_or_null,
    },
    "enrolment": {
        "code_hash": _key, "account": Text, "created_by": Text, "created_at": BigInt, "expires_at": BigInt,
        "used_at": _time_or_null,
    },
    "session": {"token_hash": _key, "account": Text, "created_at": BigInt, "expires_at": BigInt},
    "sign_in_attempt": {"id": _number, "subject": Text, "at": BigInt},
    "audit": {"id": _number, "at": BigInt, "by": Text, "what": Text, "subject": _empty, "detail": _object},
    "push_subscription": {
        "endpoint_hash": _key, "endpoint": Text, "p256dh": Text, "auth": Text, "device": _empty, "account": Text,
        "created_at": BigInt,
    },
    "push_job": {
        "id": _number, "endpoint_hash": Text, "body": Text, "tries": lambda: Integer(default=0), "next_at": BigInt,
        "created_at": BigInt,
    },
}  # fmt: skip

UNIQUE = [
    ("change", "document, hash"),
    ("command", "number"),
    ("record", "kind, key"),
    ("record_version", "kind, key, version"),
    ("balance", "ledger, account, item"),
    ("wait", "document, ledger, account, item"),
    ("quarantine", "hash, document, device"),
    ("account", "login"),
    ("device", "short_code"),
    ("device", "token_hash"),
]
INDEXES = [
    ("change", "document, seq, position"),
    ("document", "scope, last_seq"),
    ("document", "kind, arrived"),
    ("document", "verdict, arrived"),
    ("command", "document, number"),
    ("record", "scope, seq"),
    ("decision", "document, id"),
    ("posting", "document, posting_set"),
    ("posting", "ledger, account, item, id"),
    ("wait", "ledger, account, item"),
    ("quarantine", "at"),
    ("device", "account"),
    ("session", "account"),
    ("enrolment", "account"),
    ("sign_in_attempt", "subject, at"),
    ("audit", "subject, id"),
    ("push_subscription", "account"),
    ("push_job", "next_at"),
]


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
    manager = MigrationManager(migration_id=ID, app_name="daybook", description="the first book")
    manager.add_raw(create)
    return manager
