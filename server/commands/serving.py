"""The whole application on a free loopback port, for commands that go through the front door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from server.app import Daybook, create_app
from server.logs import set_up_logs
from server.settings import Settings
from server.store.engine import open_database
from server.store.migrate import migrate


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Daybook, str]]:
    """The running application and its address. Another server may run on the same database meanwhile."""
    set_up_logs(settings.log_format, "warning")
    settings.data.mkdir(parents=True, exist_ok=True)
    database = await open_database(settings)
    try:
        await migrate(database)
    finally:
        await database.close()
    app = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="on", ws="websockets-sansio"
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined, method-assign]
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if running.done():
                running.result()
                raise RuntimeError("the application did not start")
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield app, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
