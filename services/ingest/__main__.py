"""`python -m services.ingest`: the gateway, one process, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import gc
import signal

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from services.ingest.bootstrap import gateway
from services.ingest.settings import Settings
from services.runtime import logs

log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    """Serve the gateway until a signal asks to stop; requests under way are answered first."""
    async with gateway(settings) as app:
        server = Server(
            app,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            backlog=1024,
            backpressure=1024,
            log_enabled=False,
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.stop)
        _calm_collector()
        log.info("gateway_started", host=settings.host, port=settings.port)
        await server.serve()
    log.info("gateway_stopped")


def _calm_collector() -> None:
    """Collect garbage less often: a batch makes thousands of objects and no cycles, and start-up's stay for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def main() -> None:
    """Run the gateway on the environment's settings."""
    settings = Settings()
    logs.configure(settings.log_level)
    uvloop.run(serve(settings))


if __name__ == "__main__":
    main()
