"""The services of a stack as processes: command, environment, and the address that tells when each is ready."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from deploy.embedded.link_secret import link_secret
from deploy.embedded.options import Options
from services.runtime.ports import LOOPBACK, free_port
from services.runtime.processes import Process

PROBE_SECONDS = 1.0
OK = 200
MODULES = {
    "gateway": "services.ingest",
    "inbox": "services.ingest.inbox",
    "verify": "services.ingest.verify",
    "aggregate": "services.aggregate",
    "dashboard": "services.dashboard",
}


@dataclass(frozen=True, slots=True)
class Services:
    """What to start, and the URLs that people will use."""

    processes: tuple[Process, ...]
    ingest: str
    dashboard: str


def plan(options: Options, kafka: str, clickhouse: str) -> Services:
    """The services that the options ask for, on ports that are free now."""
    common = _environment(options, kafka, clickhouse)
    ports = {"gateway": free_port(options.ingest_port), "dashboard": free_port(options.dashboard_port)}
    processes: list[Process] = []
    for service in options.services:
        if service in ports:
            told = {"STEPWELL_INGEST": f"http://{LOOPBACK}:{ports['gateway']}"} if service == "dashboard" else {}
            processes.append(_web(service, ports[service], {**common, **told}))
        else:
            processes.extend(_reader(service, number, common) for number in _numbers(service, options))
    return Services(
        tuple(processes), f"http://{LOOPBACK}:{ports['gateway']}", f"http://{LOOPBACK}:{ports['dashboard']}"
    )


def answers_ok(url: str) -> bool:
    """Whether a GET of the URL is answered with 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or LOOPBACK, parts.port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _environment(options: Options, kafka: str, clickhouse: str) -> dict[str, str]:
    return {
        "STEPWELL_KAFKA": kafka,
        "STEPWELL_CLICKHOUSE": clickhouse,
        "STEPWELL_DATABASE": options.database,
        "STEPWELL_TOPIC_PREFIX": options.topic_prefix,
        "STEPWELL_HOME": str(options.home),
        "STEPWELL_LINK_SECRET": link_secret(options.home),
        "STEPWELL_EMBEDDED": str(int(options.broker_is_tansu)),
        "STEPWELL_HOST": LOOPBACK,
        "STEPWELL_STORE": options.store,
        "STEPWELL_LOG_LEVEL": options.log_level,
        "PYTHONUNBUFFERED": "1",
    }


def _numbers(service: str, options: Options) -> list[str]:
    return [f"-{number + 1}" for number in range(options.workers)] if service == "aggregate" else [""]


def _web(service: str, port: int, common: Mapping[str, str]) -> Process:
    return _process(service, service, {**common, "STEPWELL_PORT": str(port)}, port)


def _reader(service: str, number: str, common: Mapping[str, str]) -> Process:
    port = free_port()
    return _process(service + number, service, {**common, "STEPWELL_METRICS_PORT": str(port)}, port)


def _process(name: str, service: str, environment: Mapping[str, str], probe_port: int) -> Process:
    is_ready: Callable[[], bool] = partial(answers_ok, f"http://{LOOPBACK}:{probe_port}/readyz")
    return Process(name, (sys.executable, "-m", MODULES[service]), environment, is_ready, restarts=True)
