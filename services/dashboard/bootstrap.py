"""From settings to a served application: the only place where the dashboard's parts are made."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_urlsafe
from threading import Thread

import structlog
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.concurrency import run_in_threadpool

from schemas.views import published
from services.core.seals import Seal
from services.dashboard import chart_library
from services.dashboard.assets import Assets, own_files
from services.dashboard.attempts import Attempts
from services.dashboard.backlog import Backlog, Counted
from services.dashboard.catalogs import Catalogs
from services.dashboard.cursors import continued
from services.dashboard.explore import Explorer, limits
from services.dashboard.gate import Gate
from services.dashboard.hub import Hub
from services.dashboard.metrics import Metrics
from services.dashboard.queries import SWIFT, Queries, statements
from services.dashboard.refusals import Refusals
from services.dashboard.render import Renderer
from services.dashboard.settings import Settings
from services.dashboard.tenant import Tenant
from services.dashboard.verifier import Verifier as CredentialVerifier
from services.dashboard.web import make_app
from services.dashboard.wiring import Wiring
from services.runtime import groups
from services.runtime.clickhouse import Client, connect, unavailable
from services.runtime.errors import Unavailable
from services.runtime.issuing.published import read_published
from services.runtime.keys import Verifier, stored_keys
from services.runtime.topics import INBOX, RECORDS

log = structlog.get_logger(__name__)

READ_ONLY = 2
"""ClickHouse's readonly=2: nothing may be written, settings of a query may be given."""


def now() -> datetime:
    """The clock of a running dashboard."""
    return datetime.now(UTC)


def wire(settings: Settings) -> Wiring:
    """Every part, connected. Raises: Unavailable when ClickHouse does not answer."""
    client = connect(
        settings.clickhouse,
        settings.database,
        readonly=READ_ONLY,
        max_execution_time=settings.query_timeout_seconds,
        **SWIFT,
    )
    metrics = Metrics()
    named = statements()
    queries = Queries(client, named | continued(named), partial(_guarded, metrics))
    assets = Assets(own_files(), partial(chart_library.read, settings.home), chart_library.version())
    links = Seal(settings.link_secret.get_secret_value()) if settings.link_secret else None
    return Wiring(
        settings=settings,
        clock=now,
        queries=queries,
        explorer=_explorer(settings, metrics),
        refusals=Refusals(client, partial(_guarded, metrics)),
        backlog=Backlog(partial(_counted, settings), now),
        catalogs=Catalogs(client, now),
        published=partial(read_published, client),
        gate=Gate(
            Verifier(partial(stored_keys, client, "employer", "operator")), _seal(settings), now, _lifetime(settings)
        ),
        attempts=Attempts(settings.logins_per_minute),
        verifications=Attempts(settings.verifications_per_minute),
        verifier=CredentialVerifier(settings, now),
        links=links,
        hub=Hub(partial(_pulse, queries), settings.live_interval_seconds, settings.live_streams_per_employer),
        renderer=Renderer(assets.url, has_links=links is not None),
        assets=assets,
        metrics=metrics,
        is_ready=partial(_is_ready, client),
    )


def _explorer(settings: Settings, metrics: Metrics) -> Explorer:
    """On a connection of its own, which can do less than the pages' one."""
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it would tell the log what people typed
    given = limits(settings.explore_timeout_seconds, settings.explore_rows)
    client = connect(settings.clickhouse, settings.database, **given)
    return Explorer(client, published(), settings.explore_rows, partial(_guarded, metrics))


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then end the live streams and stop."""
    wiring = wire(settings)
    Thread(target=partial(_make_chart_library, settings), daemon=True).start()
    server = Server(
        make_app(wiring), settings.host, settings.port, interface=Interfaces.ASGI, log_enabled=False, websockets=False
    )
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    serving = asyncio.create_task(server.serve())
    log.info("serving", host=settings.host, port=settings.port)
    await asyncio.wait({serving, asyncio.create_task(stopped.wait())}, return_when=asyncio.FIRST_COMPLETED)
    await wiring.hub.close()
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it unannotated
    await serving


def _counted(settings: Settings) -> Counted:
    """What the aggregate and the inbox have not read. Raises: Unavailable, also where no Kafka is named."""
    if not settings.kafka:
        raise Unavailable("kafka", "no address: set STEPWELL_KAFKA")
    from services.runtime.kafka_admin import unread  # noqa: PLC0415 - pages need not wait for it to load

    names = ((groups.AGGREGATE, RECORDS), (groups.INBOX, INBOX))
    prefix = settings.topic_prefix
    records, payloads = (unread(settings.kafka, prefix + group, prefix + topic) for group, topic in names)
    return records, payloads


def _seal(settings: Settings) -> Seal:
    return Seal(settings.session_secret.get_secret_value() if settings.session_secret else token_urlsafe(32))


def _lifetime(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.session_lifetime_seconds)


@contextmanager
def _guarded(metrics: Metrics, name: str) -> Iterator[None]:
    with metrics.query(name), unavailable():
        yield


async def _pulse(queries: Queries, tenant: Tenant) -> int:
    row = await run_in_threadpool(queries.row, "pulse", tenant)
    return int(row["mark"]) if row else 0


def _is_ready(client: Client) -> bool:
    try:
        with unavailable():
            return client.command("EXISTS VIEW v_pulse") == 1
    except Unavailable:
        return False


def _make_chart_library(settings: Settings) -> None:
    """Before the first page asks for it; a failure is told here, and again to who asks."""
    try:
        chart_library.read(settings.home)
    except Exception as error:  # noqa: BLE001 - pages work without pictures
        log.warning("chart_library_not_made", error=type(error).__name__)
