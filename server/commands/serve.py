"""`daybook serve`: makes ready what a first start needs, says where to go, and serves."""

from __future__ import annotations

import asyncio
import gc
import os
import socket

import click
import uvicorn

from server.logs import set_up_logs
from server.settings import Settings

from .options import with_settings
from .prepare import prepare

FACTORY = "server.commands.serve:application"


@click.command(name="serve")
@with_settings()
def command(settings: Settings) -> None:
    """Serve the app and the API on one port."""
    set_up_logs(settings.log_format, settings.log_level)
    if settings.port == 0:
        settings = settings.model_copy(update={"port": free_port(settings.host)})
    elif not is_free(settings.host, settings.port):
        raise click.ClickException(f"port {settings.port} is taken; choose another with --port or DAYBOOK_PORT")
    asyncio.run(prepare(settings))
    hand_to_children(settings)
    uvicorn.run(
        FACTORY,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.processes if settings.processes > 1 else None,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        backlog=2048,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        ws_ping_interval=25,
        ws_ping_timeout=25,
        h11_max_incomplete_event_size=64 * 1024,
    )


def application():  # type: ignore[no-untyped-def]
    """What uvicorn runs, in this process or in each of several."""
    from server.app import create_app

    settings = Settings()
    set_up_logs(settings.log_format, settings.log_level)
    app = create_app(settings)
    tune_collector()
    return app


def tune_collector() -> None:
    """A batch of a thousand documents makes two hundred thousand objects that all live until its end. Looking through them again and
    again for cycles took a third of the server's time in a push (`bench/sync`), looking once for each 20,000 still a thirtieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(250_000, 5, 10)


def hand_to_children(settings: Settings) -> None:
    """Settings travel to server processes as variables, because options do not."""
    for name, value in settings.model_dump(mode="json").items():
        written = ",".join(value) if isinstance(value, list) else "" if value is None else str(value)
        os.environ[f"DAYBOOK_{name.upper()}"] = written


def is_free(host: str, port: int) -> bool:
    """Whether the port can be listened on: asked before anything is made ready, so that the answer comes at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
