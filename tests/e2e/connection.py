"""The way between a tablet and the server, which can be cut: for pages, workers and the service worker alike."""

from __future__ import annotations

import asyncio
import contextlib

PIECE = 64 * 1024
QUICK = 96 * 1024
"""What a paced conversation may send at once: entries, but no photo."""


class Connection:
    """Passes octets on from a port of its own. Cut, it listens no more and drops every conversation."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.pace: int | None = None
        """Octets a second from the tablet; None: as fast as it can."""
        self.sent = 0
        """Octets that the tablet has sent."""

    async def open(self) -> None:
        """On the same port as before, if it was open before. Several tablets may share it: open stays open, cut stays cut."""
        if self._server is not None:
            return
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
            with contextlib.closing(there_writer):
                await asyncio.gather(self._send_on(reader, there_writer), _copy(there_reader, writer))
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._talks.discard(talk)
            writer.close()

    async def _send_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        quick = QUICK
        while piece := await reader.read(PIECE):
            self.sent += len(piece)
            quick -= len(piece)
            if self.pace is not None and quick < 0:
                await asyncio.sleep(len(piece) / self.pace)
            writer.write(piece)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
