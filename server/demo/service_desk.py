"""The demo's service: customers, machines, requests in every state, visits, and what is in the van."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.access.principal import Principal
from server.domain.registry import KINDS
from server.store import accounts
from server.sync.pipeline import Pipeline
from server.sync.protocol import PushedDocument

from .document_writer import DocumentWriter
from .installed_base import CLIENTS, MACHINES, MODELS, service_records
from .orders import Headquarters, Tablet, name_of

_CLIENTS = {client.word: client for client in CLIENTS}
_MACHINES = {machine.word: machine for machine in MACHINES}
VAN = {
    "oil-filter-jx0810": "6", "fuel-filter-cx0706": "6", "v-belt-b1750": "4", "bearing-6205-2rs": "8", "oil-seal-55-80-10": "10",
    "hydraulic-hose-13": "3", "grease-lithium-800": "5", "glow-plug-12v": "4",
}  # fmt: skip
REPAIR = ("oil-filter-jx0810", "oil-seal-55-80-10")


class ServiceDesk:
    """Writes as the technician's tablet does, and commands as headquarters does."""

    def __init__(self, pipeline: Pipeline, hq: Headquarters, tablet: Tablet, pictures: Path, now: datetime) -> None:
        self._pipeline, self._hq, self._now = pipeline, hq, now
        self._who: Principal = tablet.principal
        self._pictures = pictures
        self._short, self._made = tablet.short_code, 0

    async def fill(self) -> None:
        await self._master_data()
        for client in CLIENTS:
            await self._write(f"customer/{client.word}", f"service:{client.dealer}", self._customer(client.word))
        for machine in MACHINES:
            scope = f"service:{_CLIENTS[machine.client].dealer}"
            await self._write(f"machine/{machine.word}", scope, self._machine(machine.word))
        await self._write("van/first count", f"technician:{self._who.account}", self._van())
        await self._requests()

    async def _master_data(self) -> None:
        records = list(service_records(self._now.date(), self._pictures, self._who.account, self._who.name))
        await self._pipeline.put_records("", records)

    async def _requests(self) -> None:
        await self._request("down", "combine-1", "割台不转，机器停在地里，粮食等着收。", "down", 0.12)
        await self._assign("down", 0)
        await self._request("oil", "tractor-1", "发动机机油压力低，怠速时报警。", "high", 0.9)
        await self._assign("oil", 0)
        await self._request("baler", "baler-1", "打结器漏捆，三捆里有一捆散。", "normal", 1.4)
        await self._assign("baler", 1)
        await self._request("new", "tractor-2", "液压提升慢，客户要求首保时一并检查。", "low", 0.3)
        await self._request("hose", "combine-2", "液压油管渗油。", "normal", 6)
        await self._assign("hose", -5)
        await self._visit(
            "hose/1", "hose", "combine-2", 5, "parts_needed", "高压油管老化，接头磨损。", "已临时处理，等新油管。", ()
        )
        await self._request("filters", "tractor-1", "保养到期，更换滤清器。", "low", 12)
        await self._assign("filters", -10)
        await self._visit(
            "filters/1", "filters", "tractor-1", 10, "fixed", "滤芯堵塞。", "更换机油滤清器和油封，试机正常。", REPAIR
        )
        params = {
            "dealer": "nongfeng", "serial": _MACHINES["tractor-2"].serial, "model": MODELS["tractor-ly1104"][0],
            "machine": name_of("machine/tractor-2"), "customer": name_of("customer/hulan"), "contact": "李明",
            "phone": "0451-5550172", "fault": "客户来电：启动困难，冷车要打三四次。", "urgency": "normal",
            "place": {"address": _CLIENTS["hulan"].address, "geo": _CLIENTS["hulan"].geo},
        }  # fmt: skip
        await self._hq.does("service_request", None, "open", params, "service/telephone")

    async def _assign(self, word: str, days: int) -> None:
        planned = (self._now + timedelta(hours=8, days=days)).date().isoformat()
        params = {"technician": self._who.account, "planned_on": planned}
        await self._hq.does("service_request", name_of(f"request/{word}"), "assign", params, f"service/{word}/assign")

    async def _request(self, word: str, machine: str, fault: str, urgency: str, days: float) -> None:
        base = self._of_machine(machine)
        client = _CLIENTS[_MACHINES[machine].client]
        content = {
            "kind": "service_request", "schema": 1, "number": self._number(), "dealer": client.dealer, "stage": "submitted",
            "opened_at": self._ago(days), **base, "contact": client.contact, "phone": client.phone,
            "place": {"address": client.address, "geo": client.geo}, "fault": fault, "urgency": urgency, "photos": {},
        }  # fmt: skip
        await self._write(f"request/{word}", f"service:{client.dealer}", content)

    async def _visit(
        self,
        word: str,
        request: str,
        machine: str,
        days: float,
        outcome: str,
        diagnosis: str,
        action: str,
        parts: tuple[str, ...],
    ) -> None:
        client = _CLIENTS[_MACHINES[machine].client]
        used = {
            f"p{place}": {
                "position": place, "product": part, "quantity": "1", "unit": "pcs", "source": f"van:{self._who.account}", "lot": "",
            }
            for place, part in enumerate(parts, 1)
        }  # fmt: skip
        wanted = {"w1": {"position": 1, "product": "hydraulic-hose-13", "quantity": "2", "unit": "pcs", "note": ""}}
        content = {
            "kind": "service_visit", "schema": 1, "number": self._number(), "dealer": client.dealer,
            "technician": self._who.account, "device": self._who.device, "stage": "submitted", "created_at": self._ago(days),
            "request": name_of(f"request/{request}"), **self._of_machine(machine), "product": _MACHINES[machine].product,
            "travel_at": self._ago(days), "arrived_at": self._ago(days - 0.04), "started_at": self._ago(days - 0.05),
            "ended_at": self._ago(days - 0.1), "diagnosis": diagnosis, "cause": "", "action": action,
            "checklist": {"safety": "ok", "leaks": "ok" if outcome == "fixed" else "not_ok", "test_run": "ok"}, "parts": used,
            "labour_minutes": 70, "meter": _MACHINES[machine].meter, "photos_before": {}, "photos_after": {}, "outcome": outcome,
            "requested": wanted if outcome == "parts_needed" else {}, "signature": None,
        }  # fmt: skip
        await self._write(f"visit/{word}", f"service:{client.dealer}", content)

    def _of_machine(self, word: str) -> dict[str, Any]:
        machine = _MACHINES[word]
        return {
            "machine": name_of(f"machine/{word}"), "serial": machine.serial, "model": MODELS[machine.product][0],
            "customer": name_of(f"customer/{machine.client}"),
        }  # fmt: skip

    def _customer(self, word: str) -> dict[str, Any]:
        client = _CLIENTS[word]
        return {
            "kind": "customer", "schema": 1, "dealer": client.dealer, "created_at": self._ago(30), "name": client.name,
            "contact": client.contact, "phone": client.phone, "place": {"address": client.address, "geo": client.geo}, "note": "",
        }  # fmt: skip

    def _machine(self, word: str) -> dict[str, Any]:
        machine, base = _MACHINES[word], self._of_machine(word)
        client = _CLIENTS[machine.client]
        installed = (self._now - timedelta(days=machine.days)).date().isoformat()
        return {
            "kind": "machine", "schema": 1, "dealer": client.dealer, "created_at": self._ago(30), "serial": machine.serial,
            "product": machine.product, "model": base["model"], "customer": base["customer"],
            "place": {"address": client.address, "geo": client.geo}, "installed_at": installed, "meter": machine.meter, "note": "",
            "photos": {},
        }  # fmt: skip

    def _van(self) -> dict[str, Any]:
        at = self._ago(20)
        tallies = {
            f"{self._who.device}.{product}": {
                "product": product, "quantity": quantity, "place": "", "batch": "", "serial": "", "by": self._who.name,
                "counted_at": at,
            }
            for product, quantity in VAN.items()
        }  # fmt: skip
        return {
            "kind": "stock_count", "schema": 1, "number": self._number(), "location": f"van:{self._who.account}", "stage": "closed",
            "extent": "whole", "blind": False, "complete": False, "created_at": at, "note": "", "products": {},
            "tallies": tallies,
        }  # fmt: skip

    def _number(self) -> str:
        self._made += 1
        return f"{self._short}-{self._made:04d}"

    def _ago(self, days: float) -> str:
        return (self._now - timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def _write(self, word: str, scope: str, content: dict[str, Any]) -> None:
        """A document in one change, unless it is there."""
        document = name_of(word)
        async with self._pipeline.database.reading() as tx:
            if await accounts.record_body(tx, "decision", document) is not None:
                return
        prose = frozenset(KINDS[content["kind"]].prose)
        change = DocumentWriter(self._who.device or "", prose=prose).write(content)
        if change is None:
            raise RuntimeError(f"nothing in {word}")
        pushed = PushedDocument(document, content["kind"], scope, [change])
        done = await self._pipeline.push(self._who, [pushed], self._pipeline.clock())
        if done.results[0].refused:
            raise RuntimeError(f"the demo's {word} was refused: {done.results[0].refused}")


async def fill_service(pipeline: Pipeline, hq: Headquarters, pictures: Path, currency: str) -> None:
    tablet = await Tablet.enrol(pipeline, "technician", currency)
    try:
        desk = ServiceDesk(pipeline, hq, tablet, pictures, datetime.now(UTC))
        await desk.fill()
    finally:
        await tablet.leave()
