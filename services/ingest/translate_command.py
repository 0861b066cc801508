"""`stepwell translate`: what payloads mean as learning records, with no server at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import orjson
from cyclopts import Parameter

FAULTY = 1
"""Exit code when a payload has a fault."""
REFUSED = 2
"""Exit code when the command itself cannot be followed."""
STANDARD_INPUT = "-"
MEDIA_TYPES = {".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson"}

Files = Annotated[list[str], Parameter(allow_leading_hyphen=True)]
Several = Annotated[list[str] | None, Parameter(negative="")]
Flag = Annotated[bool, Parameter(negative="")]
Json = Annotated[bool, Parameter(name="--json", negative="")]


class _Refused(Exception):
    """Why the command cannot be followed."""


class _Payload(NamedTuple):
    name: str
    content: bytes
    headers: dict[str, str]


def translate(
    files: Files,
    /,
    *,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    source: str = "translate",
    catalog: Path | None = None,
    header: Several = None,
    received_at: datetime | None = None,
    unattributed: Flag = False,
    as_json: Json = False,
) -> int:
    """Print the learning records that payloads mean, one a line, and on stderr one line per fault (exit code 1 if any).

    Parameters
    ----------
    files
        Files with a payload each, as its platform sends it, or - for standard input.
    from_
        The dialect that they speak; by default each payload's headers and shape tell.
    source
        Who is taken to have sent them.
    catalog
        A catalog file, or a folder of them, whose mappings say what ids mean.
    header
        A header that comes with every payload, as name=value, such as ce_type=org.example.thing. May be given several
        times.
    received_at
        When they are taken to have arrived. Default: now.
    unattributed
        Tell on stderr also of what states somebody's learning and not whose, or of what: it is kept, and is no fault.
    as_json
        Print the faults as JSON objects, too.
    """
    from services.ingest.dialects.dialect import Arrival
    from services.ingest.trial import tried

    try:
        dialect = _dialect(from_)
        meanings, moment = _meanings(catalog), _moment(received_at)
        count = 0
        for payload in _payloads(files, header or ()):
            arrival = Arrival(payload.content, payload.headers, source, received_at=moment)
            trial = tried(arrival, meanings, dialect)
            sys.stdout.writelines(
                record.model_dump_json(by_alias=True, exclude_none=True) + "\n" for record in trial.records
            )
            noted = (*trial.faults, *trial.unattributed) if unattributed else trial.faults
            sys.stderr.writelines(_told(payload.name, fault, as_json=as_json) + "\n" for fault in noted)
            count += len(trial.faults)
    except _Refused as refusal:
        sys.stderr.write(f"stepwell: {refusal}\n")
        return REFUSED
    return FAULTY if count else 0


def _payloads(files: Sequence[str], headers: Sequence[str]) -> Iterator[_Payload]:
    told = {}
    for pair in headers:
        name, equals, value = pair.partition("=")
        if not equals:
            raise _Refused(f"a header is name=value, not {pair}")
        told[name.strip().lower()] = value.strip()
    for file in files:
        kind = MEDIA_TYPES.get(Path(file).suffix)
        try:
            content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        except OSError as error:
            raise _Refused(f"{file} cannot be read: {error.strerror}") from error
        yield _Payload(file, content, ({"content-type": kind} if kind else {}) | told)


def _dialect(name: str | None) -> Any:
    from services.ingest.dialects.registry import BY_NAME

    if name is not None and name not in BY_NAME:
        raise _Refused(f"no dialect is called {name}; there are {', '.join(BY_NAME)}")
    return BY_NAME.get(name or "")


def _meanings(catalog: Path | None) -> Any:
    from services.core.stacks import CatalogFaults, compile_texts
    from services.ingest.dialects.meanings import EMPTY_MEANINGS

    if catalog is None:
        return EMPTY_MEANINGS
    within = sorted(path for path in catalog.rglob("*") if path.suffix in {".yaml", ".yml", ".json"})
    try:
        return compile_texts({path.name: path.read_text("utf-8-sig") for path in within or [catalog]}).mappings
    except (CatalogFaults, OSError, UnicodeDecodeError) as error:
        raise _Refused(str(error)) from error


def _moment(received_at: datetime | None) -> datetime:
    if received_at is None:
        return datetime.now(UTC)
    return received_at if received_at.tzinfo is not None else received_at.replace(tzinfo=UTC)


def _told(name: str, fault: Any, *, as_json: bool) -> str:
    if as_json:
        told = {"file": name, "index": fault.index, "pointer": fault.pointer, "code": fault.code}
        return orjson.dumps({**told, "detail": fault.detail}).decode()
    place = fault.pointer if fault.index is None else f"/{fault.index}{fault.pointer}"
    return f"{name}: {place or '/'}: {fault.detail} ({fault.code})"
