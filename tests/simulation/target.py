"""A real server to be attacked: one process on SQLite, two on PostgreSQL, with two dealers and people of headquarters."""

from __future__ import annotations

from typing import Any

import aiohttp
import msgspec

from tests.sync.world import Device, World, now_ms

from .server_process import ServerProcess

PASSWORD = "wide open fields"
JSON = {"Content-Type": "application/json", "X-Daybook": "1"}
ROLES = ("administrator", "sales", "service", "finance")


class Target:
    """One server process on SQLite, two on PostgreSQL; its database; two dealers' tablets; who is signed in at headquarters."""

    def __init__(self, world: World, processes: list[ServerProcess]) -> None:
        self.world = world
        self.processes = processes
        self.sessions: dict[str, aiohttp.ClientSession] = {}

    @property
    def url(self) -> str:
        return self.processes[0].url

    def turn(self, number: int) -> str:
        """The address of one process after the other."""
        return self.processes[number % len(self.processes)].url

    async def sync(self, session: aiohttp.ClientSession, tablet: Device, *documents: Any, **fields: Any) -> Any:
        body = {"protocol": 1, "epoch": tablet.epoch, "sent_at": now_ms(), "cursors": {}} | fields
        body["documents"] = [msgspec.to_builtins(each, builtin_types=(bytes,)) for each in documents]
        headers = {"Authorization": f"Bearer {tablet.token}", "Content-Type": "application/x-msgpack"}
        async with session.post(f"{self.url}/sync", data=msgspec.msgpack.encode(body), headers=headers) as answer:
            return answer.status, msgspec.msgpack.decode(await answer.read()) if answer.status == 200 else (
                await answer.json(content_type=None)
            )

    def unexpected(self) -> list[str]:
        """Lines of the log about what no handler foresaw."""
        lines = [line for process in self.processes for line in process.log.read_text(errors="replace").splitlines()]
        return [line for line in lines if '"event": "unexpected"' in line or "Traceback" in line]
