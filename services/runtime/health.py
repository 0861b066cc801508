"""Probes and metrics of a process that serves no HTTP of its own: /livez, /readyz and /metrics on a small port.

/livez asks only whether the process still turns (its heartbeat is young), never Kafka or ClickHouse: a broker that is
down is no reason to kill a reader. /readyz asks what it is told to ask and names what is missing.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

OLDEST_BEAT_SECONDS = 30.0
STOP_POLL_SECONDS = 0.05
Missing = Callable[[], Sequence[str]]


class Heartbeat:
    """Says whether a loop still turns: the loop calls `beat`, a probe asks `is_young`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()

    def beat(self) -> None:
        """The loop turned."""
        self._at = self._clock()

    def is_young(self, oldest_seconds: float = OLDEST_BEAT_SECONDS) -> bool:
        """Whether it turned lately."""
        return self._clock() - self._at <= oldest_seconds


def answer(missing: Sequence[str]) -> tuple[int, bytes]:
    """The status and JSON body of a probe: 200, or 503 with what is missing."""
    body = {"status": "unavailable", "missing": list(missing)} if missing else {"status": "ok"}
    return (503 if missing else 200), json.dumps(body).encode()


def serve(
    host: str, port: int, heartbeat: Heartbeat, missing: Missing, registry: CollectorRegistry = REGISTRY
) -> Callable[[], None]:
    """Answer probes and metrics from a thread of our own; the result stops it.

    `missing` gives what readiness still waits for, in words; it is called from that thread. Raises: OSError when the
    port is taken.
    """

    class Probes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind = "application/json"
            if self.path == "/livez":
                status, body = answer([] if heartbeat.is_young() else ["the loop does not turn"])
            elif self.path == "/readyz":
                status, body = answer(missing())
            elif self.path == "/metrics":
                status, body, kind = 200, generate_latest(registry), CONTENT_TYPE_LATEST
            else:
                status, body = 404, b"{}"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Probes are not news."""

    server = ThreadingHTTPServer((host, port), Probes)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(STOP_POLL_SECONDS,), name="probes", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop
