"""Where a registry is taken in from: a file or an https address, in any of the forms that are known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from schemas.registry import Registries
from services.core.registries import RegistryFault, registries_from
from services.runtime.errors import Rejected, Unavailable
from services.tools.federated import Federated, from_anchor, from_chains

MAX_BYTES = 32 << 20
FETCH_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read, and what was left out of it and why."""

    known: Registries
    left_out: tuple[str, ...] = ()


def read_source(source: str, name: str | None, anchor_keys: Path | None, at: datetime) -> Taken:
    """The registries at a source. Raises: Rejected for what is none; Unavailable when it cannot be read."""
    title = name or (source if source.startswith("https://") else Path(source).stem)
    if anchor_keys is not None:
        found = _federated(source, title, _json(anchor_keys), at)
        return Taken(Registries(registries=(found.registry,)), found.left_out)
    content = read(source)
    digest = f"sha-256:{hashlib.sha256(content).hexdigest()}"
    try:
        known = registries_from(content, title, digest)
    except RegistryFault as fault:
        raise Rejected.because("registry_not_read", f"{source}: {fault}") from fault
    dated = tuple(one if one.checked_at else one.model_copy(update={"checked_at": at}) for one in known.registries)
    return Taken(known.model_copy(update={"registries": dated}))


def read(source: str) -> bytes:
    """The bytes of a file, or at an https address. Raises: Unavailable."""
    try:
        return fetch(source) if source.startswith(("https://", "http://")) else Path(source).read_bytes()
    except (OSError, ValueError) as error:
        raise Unavailable(source, str(error) or type(error).__name__) from error


def fetch(address: str) -> bytes:
    """The bytes at an https address. Raises: OSError; ValueError for another address or too large an answer."""
    if not address.startswith("https://"):
        raise ValueError("registries are fetched by https")
    with urlopen(address, timeout=FETCH_SECONDS) as answer:  # noqa: S310 - https, named by the operator or the anchor
        content = bytes(answer.read(MAX_BYTES + 1))
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES} octets")
    return content


def _federated(source: str, title: str, keys: dict[str, Any], at: datetime) -> Federated:
    if source.startswith("https://"):
        return from_anchor(title, source, keys, fetch, at)
    return from_chains(title, _json(Path(source)), keys, at)


def _json(path: Path) -> Any:
    try:
        return json.loads(read(str(path)))
    except ValueError as error:
        raise Rejected.because("not_json", f"{path}: {error}") from error
