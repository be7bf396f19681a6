"""The dealer network of `world.py` with technicians, and devices that write documents of service."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from server.access.codes import digest, new_token
from server.access.principal import Principal
from server.demo.document_writer import DocumentWriter
from server.store import accounts
from server.sync.masters import RecordPut
from server.sync.pipeline import Pushed
from server.sync.protocol import PushedDocument

from .world import Device, World


class ServiceDevice(Device):
    """Writes documents of any kind into the scope of service of one dealer."""

    dealer = "alfki"

    @property
    def scope(self) -> str:
        return f"service:{self.dealer}"

    async def push(self, *documents: PushedDocument) -> Pushed:
        """By a clock that is right to the millisecond."""
        return await self.pipeline.push(self.principal, documents, self.pipeline.clock())

    def pushed(self, document: str, kind: str, *changes: bytes) -> PushedDocument:
        return PushedDocument(document, kind, self.scope, list(changes))

    def new(self, content: dict[str, Any], document: str | None = None) -> PushedDocument:
        name = document or uuid.uuid4().hex
        chunk = DocumentWriter(self.principal.device or "", prose=frozenset({"note", "fault", "action"})).write(content)
        assert chunk is not None
        self.chunks[name] = [chunk]
        return self.pushed(name, content["kind"], chunk)

    def edited(self, kind: str, document: str, values: dict[str, Any]) -> PushedDocument:
        chunk = DocumentWriter(self.principal.device or "", self.chunks[document]).write(values)
        assert chunk is not None
        self.chunks[document].append(chunk)
        return self.pushed(document, kind, chunk)


async def service_device(
    world: World, dealer: str | None, role: str = "owner", account: str = "", device: str = ""
) -> ServiceDevice:
    account, device, token = account or secrets.token_hex(8), device or secrets.token_hex(8), new_token()
    person = {
        "id": account, "login": account, "name": "Person", "role": role, "dealer": dealer, "password": "", "language": "en",
        "created_at": 1,
    }  # fmt: skip
    row = {
        "id": device, "account": account, "name": "tablet", "short_code": secrets.token_hex(4), "token_hash": digest(token),
        "created_at": 1,
    }  # fmt: skip
    async with world.database.transaction() as tx:
        await accounts.add_account(tx, person)
        await accounts.add_device(tx, row)
    made = ServiceDevice(world.pipeline, Principal(account, account, "Person", role, dealer, device), token)
    made.dealer = dealer or "alfki"
    return made


async def technician(world: World, *dealers: str, account: str = "", device: str = "") -> ServiceDevice:
    """A technician who serves these dealers."""
    made = await service_device(world, None, "technician", account, device)
    account = made.principal.account
    body = {"id": account, "name": "Wu Gang", "dealers": list(dealers)}
    await world.pipeline.put_records("", [RecordPut(f"technician:{account}", "technician", account, body)])
    made.dealer = dealers[0]
    return made
