"""Fills an empty database with the demo network: master data, people, stock, and orders in every state."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from server.access import people
from server.access.principal import Principal
from server.assembly import Parts
from server.settings import Settings, write_secret
from server.store import accounts
from server.store.engine import Database

from .catalogue import ITEMS
from .network import PEOPLE, records
from .orders import Headquarters, Tablet
from .service_desk import fill_service

SIGN_INS = "demo-sign-ins.json"
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
Tell = Callable[[str], None]


class SignIn(msgspec.Struct, frozen=True):
    login: str
    password: str
    name: str
    role: str


def sign_ins(settings: Settings) -> list[SignIn]:
    """What the demo's people sign in with; nothing where there is no demo."""
    path = settings.secret_file(SIGN_INS)
    return msgspec.json.decode(path.read_bytes(), type=list[SignIn]) if path.exists() else []


async def is_wanted(database: Database, settings: Settings) -> bool:
    """Whether the database is empty, or a filling of it was cut off."""
    if not settings.demo:
        return False
    if _draft(settings).exists():
        return True
    async with database.reading() as tx:
        return not await accounts.people(tx)


async def fill(parts: Parts, settings: Settings, tell: Tell = lambda _: None) -> list[SignIn]:
    """Everything, in an order in which a filling that was cut off can be done again: each step knows what is there."""
    chosen = _passwords(settings)
    now = datetime.now(UTC)
    tell(f"{len(ITEMS)} products with pictures, prices and dealers")
    await parts.pipeline.put_records("", list(records(now.date(), settings.pictures, settings.currency)))
    tell(f"{len(PEOPLE)} people")
    await _people(parts.database, chosen)
    tell("stock and orders")
    hq = Headquarters(parts.pipeline, await _principal(parts.database, "admin"))
    lines = {item.id: str(item.stock) for item in ITEMS if item.stock}
    receipt = {
        "lines": lines,
        "reference": "DEMO-OPENING",
        "received_on": (now - timedelta(days=20)).date().isoformat(),
    }
    await hq.does("stock_receipt", None, "record", receipt, "opening stock")
    await _orders(parts, hq, settings.currency, now)
    tell("machines, customers and service requests")
    await fill_service(parts.pipeline, hq, settings.pictures, settings.currency)
    _draft(settings).replace(settings.secret_file(SIGN_INS))
    return sign_ins(settings)


async def _people(database: Database, chosen: list[SignIn]) -> None:
    passwords = {entry.login: entry.password for entry in chosen}
    for person in PEOPLE:
        async with database.reading() as tx:
            there = await accounts.account_by_login(tx, person.login)
        if there is None:
            password = passwords.get(person.login, "")
            await people.create_person(
                database,
                people.NewPerson(person.login, person.name, person.role, person.dealer, password, person.language),
            )


async def _orders(parts: Parts, hq: Headquarters, currency: str, now: datetime) -> None:
    logins = ("dealer", "staff", "jinsui", "ludi", "dealer-en", "mekong")
    tablets = {login: await Tablet.enrol(parts.pipeline, login, currency) for login in logins}
    try:
        await _written(hq, tablets, currency, now)
    finally:
        for tablet in tablets.values():
            await tablet.leave()


async def _written(hq: Headquarters, tablets: dict[str, Tablet], currency: str, now: datetime) -> None:
    owner, staff = tablets["dealer"], tablets["staff"]
    await owner.order("draft", [("rotary-blade-245", 40, "pcs"), ("grease-lithium-800", 2, "box")], 0.1, "draft")

    done = await owner.order(
        "done", [("oil-filter-jx0810", 4, "box"), ("v-belt-b1750", 30, "pcs")], 13, note="春耕备货"
    )
    await _ship(hq, done, "done", "SF1029384756")
    await hq.does("order", done, "deliver", {"shipment": hq.key("done/ship")}, "done/deliver")
    await hq.does("order", done, "invoice", {}, "done/invoice")
    paid = {
        "dealer": "nongfeng",
        "amount": 200_000,
        "currency": currency,
        "method": "transfer",
        "reference": "BOC 88120",
    }
    paid["received_on"] = (now - timedelta(days=3)).date().isoformat()
    await hq.does("payment", None, "record", paid, "done/payment")

    await owner.order("new", [("knife-section-std", 5, "box"), ("knife-guard-double", 50, "pcs")], 0.4)
    await staff.order("back order", [("water-separator-r90", 6, "pcs"), ("air-filter-k2036", 4, "box")], 1.2)
    await owner.disagreement(
        "two people", staff, [("bearing-6205-2rs", 10, "pcs"), ("oil-seal-55-80-10", 200, "pcs")], 0.8
    )
    await staff.order("withdrawn", [("socket-set-46", 3, "set")], 5, "withdrawn")
    await owner.order("raised", [("battery-6qa100", 4, "pcs"), ("work-light-led-48w", 20, "pcs")], 2.1, raised=-600)

    await tablets["jinsui"].order(
        "over the limit", [("starter-qdj1409", 12, "pcs"), ("engine-oil-15w40-18", 60, "pcs")], 1.6
    )
    part = await tablets["ludi"].order("in part", [("combine-belt-hb3450", 8, "pcs"), ("v-belt-c2650", 5, "box")], 6)
    await hq.does(
        "order", part, "ship", {"lines": {"l1": "8"}, "carrier": "德邦", "tracking": "DPK771200"}, "part/ship"
    )
    refused = await tablets["ludi"].order("rejected", [("torque-wrench-200", 19, "pcs")], 9)
    await hq.does("order", refused, "reject", {"reason": "重复订单，已与客户确认"}, "rejected/reject")

    ahead = {
        "dealer": "steppe",
        "amount": 900_000,
        "currency": currency,
        "method": "transfer",
        "reference": "HSBK 5521",
    }
    ahead["received_on"] = (now - timedelta(days=8)).date().isoformat()
    await hq.does("payment", None, "record", ahead, "steppe/payment")
    await tablets["dealer-en"].order(
        "paid ahead", [("glow-plug-12v", 24, "pcs"), ("coolant-minus35-10", 10, "pcs")], 3.3
    )
    await tablets["dealer-en"].order(
        "not paid ahead", [("gear-pump-cbn316", 20, "pcs")], 1.1, note="Please call before delivery"
    )
    await tablets["mekong"].order("on watch", [("hydraulic-hose-13", 20, "pcs"), ("alternator-jf11", 2, "pcs")], 0.6)


async def _ship(hq: Headquarters, document: str, word: str, tracking: str) -> None:
    lines = await hq.allocated(document)
    if lines:
        await hq.does(
            "order", document, "ship", {"lines": lines, "carrier": "顺丰", "tracking": tracking}, f"{word}/ship"
        )


async def _principal(database: Database, login: str) -> Principal:
    async with database.reading() as tx:
        row = await accounts.account_by_login(tx, login)
    if row is None:
        raise RuntimeError(f"the demo has no {login}")
    return Principal(row["account"], row["login"], row["name"], row["role"], language=row["language"])


def _passwords(settings: Settings) -> list[SignIn]:
    """Made before anything else and kept, so that a filling that was cut off goes on with the same."""
    draft = _draft(settings)
    if not draft.exists():
        made = [SignIn(one.login, readable_password(), one.name, one.role) for one in PEOPLE if one.shown]
        write_secret(draft, json.dumps(msgspec.to_builtins(made), ensure_ascii=False, indent=1).encode())
    return msgspec.json.decode(draft.read_bytes(), type=list[SignIn])


def _draft(settings: Settings) -> Path:
    return settings.secret_file(f"{SIGN_INS}.draft")


def readable_password() -> str:
    """60 random bits that can be read out: ``7k3m-q9tz-04hw``."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
