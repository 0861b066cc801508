"""The HTTP side of the embedded ClickHouse: aiohttp on loopback, the engine in a pool of threads."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from deploy.embedded.clickhouse.encoding import encoded
from deploy.embedded.clickhouse.engine import Answer, Engine
from deploy.embedded.clickhouse.errors import ClickHouseError, from_engine
from deploy.embedded.clickhouse.folder import own
from deploy.embedded.clickhouse.request import Request, authenticate, query_of

HOST = "127.0.0.1"
LARGEST_BODY_BYTES = 1 << 30
KEEPALIVE_SECONDS = 75.0
STOP_SECONDS = 5.0
PLAIN = "text/plain; charset=UTF-8"
BINARY_FORMATS = frozenset(
    {"Native", "RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Parquet", "Arrow", "ArrowStream"}
)


class Front:
    """Answers HTTP requests from one engine."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query")

    def application(self) -> web.Application:
        """The routes of ClickHouse's HTTP interface."""
        application = web.Application(client_max_size=LARGEST_BODY_BYTES, middlewares=[_only_from_this_machine])
        application.router.add_get("/ping", _pong)
        application.router.add_get("/replicas_status", _pong)
        application.router.add_route("*", "/", self._answer)
        return application

    def close(self) -> None:
        """Wait for what runs, then close the engine."""
        self._threads.shutdown(wait=True)
        self._engine.close()

    async def _answer(self, http: web.Request) -> web.Response:
        request = await _read(http)
        if request.method in ("GET", "HEAD") and "query" not in request.parameters:
            return await _pong(http)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._respond, request)

    def _respond(self, request: Request) -> web.Response:
        headers = {
            "X-ClickHouse-Server-Display-Name": "stepwell",
            "X-ClickHouse-Query-Id": request.parameters.get("query_id") or str(uuid.uuid4()),
            "X-ClickHouse-Timezone": self._engine.timezone,
        }
        try:
            authenticate(request)
            return _success(request, self._engine.answer(query_of(request)), headers)
        except ClickHouseError as error:
            return self._failure(error, headers)
        except Exception as error:  # noqa: BLE001 - the border: whatever it was, the client gets a ClickHouse error
            return self._failure(from_engine(error), headers)

    def _failure(self, error: ClickHouseError, headers: dict[str, str]) -> web.Response:
        message = f"{error.message} (version {self._engine.version} (chDB))\n"
        headers |= {"X-ClickHouse-Exception-Code": str(error.code), "Content-Type": PLAIN}
        return web.Response(status=error.status, headers=headers, body=message.encode())


async def _pong(_: web.Request) -> web.Response:
    return web.Response(text="Ok.\n")


@web.middleware
async def _only_from_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a web page elsewhere makes a browser on this machine send (cross-site requests, DNS rebinding)."""
    for header, value in (("Host", "//" + request.host), ("Origin", request.headers.get("Origin", ""))):
        if value and urlsplit(value).hostname not in (HOST, "localhost", "::1"):
            return web.Response(status=403, text=f"the {header} header names another machine\n")
    return await handler(request)


async def _read(http: web.Request) -> Request:
    body, form = b"", {}
    if http.content_type == "multipart/form-data":
        async for part in await http.multipart():
            form[part.name or ""] = await part.read(decode=True)  # type: ignore[union-attr]
    elif http.can_read_body:
        body = await http.read()
    headers = {name.lower(): value for name, value in http.headers.items()}
    return Request(http.method, dict(http.query), headers, body, form)


def _success(request: Request, answer: Answer, headers: dict[str, str]) -> web.Response:
    headers["X-ClickHouse-Summary"] = answer.summary()
    headers["Content-Type"] = _content_type(answer.format)
    if answer.format:
        headers["X-ClickHouse-Format"] = answer.format
    body = answer.body
    if body and request.parameters.get("enable_http_compression") == "1":
        body, encoding = encoded(body, request.headers.get("accept-encoding", ""))
        if encoding:
            headers["Content-Encoding"] = encoding
    return web.Response(headers=headers, body=body)


def _content_type(format_name: str) -> str:
    if format_name in BINARY_FORMATS:
        return "application/octet-stream"
    if "EachRow" in format_name:
        return "application/x-ndjson; charset=UTF-8"
    if format_name.startswith("JSON"):
        return "application/json; charset=UTF-8"
    if format_name.startswith("CSV"):
        return "text/csv; charset=UTF-8"
    return "text/tab-separated-values; charset=UTF-8" if format_name else PLAIN


async def serve(path: Path, port: int, threads: int) -> None:
    """Own the folder and answer on loopback until SIGTERM or SIGINT.

    Raises: FolderTaken when another process owns the folder; OSError when the port is taken.
    """
    lock = own(path)
    front = Front(Engine(path, handles=threads), threads)
    runner = web.AppRunner(
        front.application(),
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=KEEPALIVE_SECONDS,
        shutdown_timeout=STOP_SECONDS,
    )
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()
    front.close()
    os.close(lock)
