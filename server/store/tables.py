"""Every table, for SQLite and PostgreSQL alike.

Times are UTC milliseconds, amounts integers (thousandths or minor units), JSON is text: what both engines hold exactly.
Unique pairs are raw indexes in the migrations, because Piccolo's own constraint fails on SQLite.
"""

from __future__ import annotations

from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, Integer, Text
from piccolo.table import Table

from .piccolo_engine import ENGINE


class Meta(Table, tablename="meta"):
    """`epoch`, `schema`, …"""

    key = Text(primary_key=True)
    value = Text()


# --- the log -----------------------------------------------------------------------------------------------------------


class Scope(Table, tablename="scope"):
    name = Text(primary_key=True)
    seq = BigInt(default=0)
    """The last number given out in this scope's feed. Taken with an UPDATE inside the writing transaction (SY3)."""


class Document(Table, tablename="document"):
    id = Text(primary_key=True)
    kind = Text()
    scope = Text()
    first_seq = BigInt()
    last_seq = BigInt()
    """Place in the scope's feed: of its first change, and of whatever touched it last."""
    arrived = BigInt()
    """Order of arrival over all scopes: the id of its first decision."""
    heads = Text()  # JSON list of hex
    row = Text(default="{}")  # JSON list row
    verdict = Text(default="")
    changes = Integer(default=0)
    received_at = BigInt()
    updated_at = BigInt()
    clock_offset = BigInt(default=0)
    # What is large stands last: SQLite reads a row from its start, page by page.
    content = Text(default="{}")  # JSON, as extracted by the gate
    conflicts = Text(default="[]")  # JSON list of {path, values}
    saved = Bytea(null=True, default=None)  # cache: one chunk
    index = Bytea(null=True, default=None)  # cache: what admission of the next change must know


class Change(Table, tablename="change"):
    """Unique: (document, hash). Not the hash alone: another document's change must be of no effect here (SY10)."""

    id = BigSerial(primary_key=True)
    hash = Bytea()
    document = Text()
    scope = Text()
    seq = BigInt()
    """The document's number in the feed when the change came."""
    position = Integer()
    """1, 2, 3 … within the document, dependencies first."""
    device = Text()
    actor = Text()
    actor_seq = BigInt()
    made_at = BigInt()  # by the device's clock
    clock_offset = BigInt()
    received_at = BigInt()
    message = Text(default="")
    chunk = Bytea()


class Command(Table, tablename="command"):
    id = Text(primary_key=True)  # the idempotency key
    number = BigInt()  # order of commands; unique index
    document = Text()
    kind = Text()
    name = Text()
    params = Text()
    body_hash = Text()
    by = Text()
    at = BigInt()
    answer = Text(default="")


class Record(Table, tablename="record"):
    """Newest version of each record. Unique: (kind, key)."""

    id = BigSerial(primary_key=True)
    kind = Text()
    key = Text()
    scope = Text()
    seq = BigInt()
    version = BigInt()
    body = Text(null=True, default=None)  # JSON; null: gone


class RecordVersion(Table, tablename="record_version"):
    """Every version that a decision may have used. Unique: (kind, key, version). Only for master data, not for what decisions publish."""

    id = BigSerial(primary_key=True)
    kind = Text()
    key = Text()
    version = BigInt()
    body = Text(null=True, default=None)
    at = BigInt()
    by = Text(default="")


# --- what was decided ----------------------------------------------------------------------------------------------------


class Decision(Table, tablename="decision"):
    id = BigSerial(primary_key=True)
    document = Text()
    verdict = Text()
    body = Text()  # JSON of domain.decision.Decision
    facts = Text()  # JSON: record versions, balances, number of commands, capture
    heads = Text()
    cause = Text()  # change | command:<id> | balance:<decision id>
    at = BigInt()


class Posting(Table, tablename="posting"):
    id = BigSerial(primary_key=True)
    decision = BigInt()
    document = Text()
    posting_set = Text()
    ledger = Text()
    account = Text()
    item = Text()
    amount = BigInt()
    at = BigInt()
    happened_at = BigInt(null=True, default=None)
    """When the goods moved; null for promises and money, which stand where they arrived. Indexes: by decision; by account, item and
    this for goods and lots; by account and item for money."""


class Balance(Table, tablename="balance"):
    """Sum of the postings of an account: a cache that `daybook replay` proves. Unique: (ledger, account, item)."""

    id = BigSerial(primary_key=True)
    ledger = Text()
    account = Text()
    item = Text()
    amount = BigInt(default=0)


class Wait(Table, tablename="wait"):
    """Documents to decide again when a balance moves. Unique: (document, ledger, account, item)."""

    id = BigSerial(primary_key=True)
    document = Text()
    ledger = Text()
    account = Text()
    item = Text()
    until = BigInt(null=True, default=None)
    """Only by goods that moved up to that moment; null: by any movement."""


class StockEntry(Table, tablename="stock_entry"):
    """What a posting set did to an owner's stock of an item, and what that is worth: a cache of the fold by time, whose changes
    are posted to the ledger `value`. Unique: (document, posting_set, owner, item). Index: (owner, item, happened_at, …)."""

    id = BigSerial(primary_key=True)
    owner = Text()
    item = Text()
    happened_at = BigInt()
    document = Text()
    posting_set = Text()
    quantity = BigInt()
    cost = BigInt(null=True, default=None)
    """As stated, for goods that came in."""
    value = BigInt()
    """What it adds to the value of the owner's stock, minor units."""
    state = Text()  # JSON of the costing method, after this entry


class Quarantine(Table, tablename="quarantine"):
    id = BigSerial(primary_key=True)
    device = Text()
    document = Text()
    kind = Text()
    scope = Text()
    hash = Text()  # SHA-256 of the bytes, hex; unique with document and device
    code = Text()
    detail = Text()
    chunk = Bytea()
    at = BigInt()


# --- who ---------------------------------------------------------------------------------------------------------------


class Account(Table, tablename="account"):
    """A person who may sign in. (`user` is a reserved word in SQL.)"""

    id = Text(primary_key=True)
    login = Text()  # unique index
    name = Text()
    role = Text()  # administrator | sales | finance | service | owner | staff | technician
    dealer = Text(null=True, default=None)
    password = Text(default="")  # argon2; empty: cannot sign in by password
    active = Boolean(default=True)
    language = Text(default="")  # zh-CN | en; empty: the server's own
    created_at = BigInt()


class Device(Table, tablename="device"):
    id = Text(primary_key=True)  # 16 hex digits
    account = Text()
    name = Text()
    short_code = Text()  # unique index
    token_hash = Text()  # SHA-256 hex; unique index
    created_at = BigInt()
    seen_at = BigInt(default=0)
    synced_at = BigInt(default=0)
    clock_offset = BigInt(default=0)
    revoked_at = BigInt(null=True, default=None)


class Enrolment(Table, tablename="enrolment"):
    code_hash = Text(primary_key=True)
    account = Text()
    created_by = Text()
    created_at = BigInt()
    expires_at = BigInt()
    used_at = BigInt(null=True, default=None)


class Session(Table, tablename="session"):
    """A browser of headquarters that signed in."""

    token_hash = Text(primary_key=True)
    account = Text()
    created_at = BigInt()
    expires_at = BigInt()


class SignInAttempt(Table, tablename="sign_in_attempt"):
    id = BigSerial(primary_key=True)
    subject = Text()  # login or network address, hashed
    at = BigInt()


class Audit(Table, tablename="audit"):
    id = BigSerial(primary_key=True)
    at = BigInt()
    by = Text()
    what = Text()
    subject = Text(default="")
    detail = Text(default="{}")


class PushSubscription(Table, tablename="push_subscription"):
    endpoint_hash = Text(primary_key=True)
    endpoint = Text()
    p256dh = Text()
    auth = Text()
    device = Text(default="")
    account = Text()
    created_at = BigInt()


class PushJob(Table, tablename="push_job"):
    id = BigSerial(primary_key=True)
    endpoint_hash = Text()
    body = Text()
    tries = Integer(default=0)
    next_at = BigInt()
    created_at = BigInt()


# --- photos --------------------------------------------------------------------------------------------------------------


class Attachment(Table, tablename="attachment"):
    """A photo that is stored, once for each scope that has it. Unique: (hash, scope). The bytes are a file named by the hash."""

    id = BigSerial(primary_key=True)
    hash = Text()  # SHA-256 hex of the bytes that the device sent
    scope = Text()
    type = Text()
    size = BigInt()  # of the bytes that the device sent
    width = Integer()
    height = Integer()
    device = Text()
    account = Text()
    stored_at = BigInt()


class AttachmentUpload(Table, tablename="attachment_upload"):
    """One that is on its way. Unique: (device, scope, hash)."""

    id = Text(primary_key=True)  # 32 hex digits, random
    hash = Text()
    scope = Text()
    size = BigInt()
    received = BigInt(default=0)
    """Bytes that are safe on disk: never more than the file has."""
    device = Text()
    account = Text()
    created_at = BigInt()
    expires_at = BigInt()


class AttachmentRefused(Table, tablename="attachment_refused"):
    """What could not be taken; its bytes are in quarantine while there is room. Unique: (hash, scope, device)."""

    id = BigSerial(primary_key=True)
    hash = Text()
    scope = Text()
    size = BigInt()
    device = Text()
    code = Text()
    detail = Text()
    at = BigInt()


TABLES = [
    Meta, Scope, Document, Change, Command, Record, RecordVersion, Decision, Posting, Balance, Wait, StockEntry, Quarantine,
    Account, Device, Enrolment, Session, SignInAttempt, Audit, PushSubscription, PushJob,
    Attachment, AttachmentUpload, AttachmentRefused,
]  # fmt: skip

for _table in TABLES:
    _table._meta.db = ENGINE
