"""A small dealer network in a fresh database: products with one price each, dealers with one owner each, plenty of stock."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from server.access.people import NewPerson, create_person
from server.cli import main
from server.commands.serving import serving
from server.demo.tablet import Tablet
from server.hq.imports.writing import IMPORT
from server.settings import Settings
from server.store.engine import open_database
from server.store.ledger import balances
from server.sync.masters import RecordPut

PASSWORD = "a long enough password 7"
LIST = "standard@1"


def daybook(*words: str | Path) -> str:
    """Runs the `daybook` command in this process and returns what it printed; its exit code must be 0."""
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done.output


async def balance(data: Path, ledger: str, account: str, thing: str) -> int:
    """The balance of an account as the database keeps it."""
    database = await open_database(Settings(data=data))
    try:
        async with database.reading() as tx:
            found = await balances(tx, [(ledger, account, thing)])
    finally:
        await database.close()
    return sum(found.values())


class Network:
    """`products` and `dealers` are keys; a product's price is in cents."""

    def __init__(self, dealers: int, products: int) -> None:
        self.dealers = [f"d{number}" for number in range(dealers)]
        self.products = {f"p{number}": 100 + number * 7 for number in range(products)}

    @classmethod
    async def create(
        cls, data: Path, *, dealers: int, products: int, database_url: str = "", stock: int = 10**8
    ) -> Network:
        """Fills the database with master data, an owner for each dealer and an administrator `hq`."""
        network = cls(dealers, products)
        settings = Settings(data=data, database_url=database_url, demo=False)
        async with serving(settings) as (app, _):
            pipeline = app.state.pipeline
            await pipeline.put_records("", list(network._records()))
            lines = {product: str(stock) for product in network.products}
            await pipeline.command(
                IMPORT, "stock_receipt", None, "record", {"lines": lines, "reference": "opening"}, "opening"
            )
            for dealer in network.dealers:
                person = NewPerson(login=f"owner.{dealer}", name=dealer, role="owner", dealer=dealer, password=PASSWORD)
                await create_person(pipeline.database, person)
            admin = NewPerson(login="hq", name="hq", role="administrator", password=PASSWORD)
            await create_person(pipeline.database, admin)
        return network

    def _records(self) -> Any:
        for product in self.products:
            body = {
                "id": product,
                "name": {"en": product},
                "base_unit": "pcs",
                "units": [{"unit": "pcs", "factor": "1"}],
            }
            yield RecordPut("catalog", "product", product, body)
        header = {"id": "standard", "version": 1, "currency": "USD", "tier": "standard", "valid_from": "2020-01-01"}
        yield RecordPut("tier:standard", "price_list", LIST, header)
        for product, price in self.products.items():
            body = {"product": product, "list": "standard", "version": 1, "units": {"pcs": {"price": price}}}
            yield RecordPut("tier:standard", "price", f"{LIST}/{product}", body)
        for dealer in self.dealers:
            body = {"id": dealer, "name": dealer, "tier": "standard", "price_list": LIST, "currency": "USD"}
            yield RecordPut(f"dealer:{dealer}", "dealer", dealer, body)

    def sign_in(self, dealer: int) -> dict[str, str]:
        return {"user": f"owner.{self.dealers[dealer]}", "password": PASSWORD}

    def order(self, tablet: Tablet, chance: random.Random, dealer: int = 0, stage: str = "submitted") -> dict[str, Any]:
        """The content of an order of two to five lines at the list's prices."""
        chosen = chance.sample(sorted(self.products), chance.randint(2, 5))
        return {
            "kind": "order",
            "schema": 1,
            "number": tablet.next_number(),
            "dealer": self.dealers[dealer],
            "currency": "USD",
            "stage": stage,
            "created_at": "2026-11-01T08:00:00Z",
            "captured_at": "2026-11-01T08:05:00Z",
            "price_list": LIST,
            "note": "",
            "lines": {
                f"l{place}": {
                    "position": place,
                    "product": product,
                    "quantity": str(chance.randint(1, 20)),
                    "unit": "pcs",
                    "price": self.products[product],
                }
                for place, product in enumerate(chosen, 1)
            },
        }
