"""Sending many payloads with kafka-python: items out of a file, keyed by their person, paced, counted.

The key is the person as the payload names them, so that one person's payloads stay in order; the inbox decides later
which worker that is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any

import msgspec
from kafka import KafkaProducer

from services.runtime.cloudevents import JSON, Header
from services.runtime.errors import Rejected
from services.runtime.kafka_admin import reachable

_encode_sorted = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Emission:
    """How to send: to which topic, as which source, how fast, how many items a message."""

    topic: str
    source: str | None = None
    per_second: float | None = None
    batch: int = 1


@dataclass(frozen=True, slots=True)
class Summary:
    """What was sent: items acknowledged, items not, their bytes, and how long it took."""

    sent: int
    failed: int
    bytes: int
    seconds: float


@contextmanager
def opened(file: str) -> Iterator[IO[bytes]]:
    """The file, or standard input for `-`.

    Raises: Rejected when there is no such file.
    """
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as lines:
            yield lines
    except OSError as error:
        raise Rejected.because("file", f"{file}: {error.strerror}") from error


def items_in(lines: IO[bytes]) -> Iterator[bytes]:
    """The items: each line that is not empty, or the elements of the one JSON array (or object) that the file holds."""
    first = next((line for line in lines if line.strip()), b"")
    if not first.lstrip().startswith(b"[") and _is_json(first):
        yield first.strip()
        yield from (line.strip() for line in lines if line.strip())
        return
    rest = first + lines.read()
    if not _is_json(rest):
        yield from (line.strip() for line in rest.split(b"\n") if line.strip())
    elif rest.lstrip().startswith(b"["):
        yield from (bytes(item) for item in msgspec.json.decode(rest, type=list[msgspec.Raw]))
    else:
        yield rest.strip()


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def watched(items: Iterable[bytes], *, is_quiet: bool) -> Iterator[bytes]:
    """The same items, with a count on a terminal's stderr as they go by."""
    if is_quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - a plain run need not wait for it
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, "sending", console=Console(stderr=True))


def emit_items(bootstrap: str, items: Iterable[bytes], emission: Emission) -> Summary:
    """Send the items; return once every one is acknowledged or given up.

    Raises: Unavailable when Kafka does not answer.
    """
    tally = _Tally()
    started_at = monotonic()
    with reachable(bootstrap), closing(_producer(bootstrap)) as producer:
        for group in _groups(items, emission.batch):
            if emission.per_second:
                sleep(max(0.0, started_at + tally.offered / emission.per_second - monotonic()))
            value, key = _message(group)
            future = producer.send(emission.topic, value, key=key, headers=_headers(emission.source))
            tally.follow(future, len(group), len(value))
        producer.flush()
    return Summary(tally.sent, tally.failed, tally.bytes, monotonic() - started_at)


class _Tally:
    """Counts what becomes of sent items; its callbacks run on kafka-python's own thread."""

    def __init__(self) -> None:
        self.offered = self.sent = self.failed = self.bytes = 0

    def follow(self, future: Any, items: int, size: int) -> None:
        self.offered += items
        self.bytes += size
        future.add_callback(lambda _metadata: self._count(sent=items))
        future.add_errback(lambda _error: self._count(failed=items))

    def _count(self, sent: int = 0, failed: int = 0) -> None:
        self.sent += sent
        self.failed += failed


def _producer(bootstrap: str) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        linger_ms=20,
        batch_size=256 << 10,
        max_request_size=8 << 20,
        bootstrap_timeout_ms=5_000,
    )


def _groups(items: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    left = iter(items)
    while group := list(islice(left, max(size, 1))):
        yield group


def _message(group: list[bytes]) -> tuple[bytes, bytes | None]:
    if len(group) == 1:
        return group[0], key_of(group[0])
    return b"[" + b",".join(group) + b"]", None


def key_of(item: bytes) -> bytes | None:
    """The person that an item is about, as the item names them; None when it does not."""
    try:
        document = msgspec.json.decode(item)
    except msgspec.DecodeError:
        return None
    if not isinstance(document, dict):
        return None
    person = document.get("worker_id") or document.get("account") or document.get("actor")
    return None if person is None else _encode_sorted(person)


def _headers(source: str | None) -> list[Header]:
    headers: list[Header] = [("content-type", JSON.encode())]
    if source is not None:
        headers.append(("ce_source", source.encode()))
    return headers
