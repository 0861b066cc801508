"""A gateway that verifies as it is told: a real server on loopback that speaks the contract of `/v1/verify`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

ANSWER: dict[str, Any] = {
    "digest": "sha-256:" + "0" * 64,
    "checked_at": "2026-06-01T12:00:00Z",
    "tier": 2,
    "credential": {"name": "The <Badge>", "issuer_name": "The College", "subject": "urn:x:ann"},
    "answers": {
        "status": {"answer": None, "code": "list_unreachable", "detail": "The status list did not answer."},
        "proof": {"answer": True, "code": "verified", "detail": ""},
        "dates": {"answer": False, "code": "expired", "detail": "It ended on 1 May 2026."},
        "colour": {"answer": "inconclusive", "code": "x", "detail": "Nobody knows."},
    },
}


@dataclass
class Gateway:
    """A gateway that answers what it is told, and keeps what it was asked."""

    address: str = ""
    status: int = 200
    answer: Any = field(default_factory=lambda: ANSWER)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A server on loopback that speaks the gateway's contract."""
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self._say()

        def do_GET(self) -> None:
            state.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, b""))
            self._say()

        def _say(self) -> None:
            content = json.dumps(state.answer).encode()
            self.send_response(state.status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
