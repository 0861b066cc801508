"""Where the running Stepwell is: a small file in its home folder, so that commands find it without being told.

An address is looked for in this order: the command's own flag, the environment (STEPWELL_KAFKA, STEPWELL_CLICKHOUSE
and so on), the file that `stepwell up` and `stepwell demo` write when all is ready and remove when they stop.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from services.runtime.errors import Unavailable

FILE_NAME = "instance.json"
DEFAULT_HOME = Path(".stepwell")
Part = Literal["ingest", "dashboard", "kafka", "clickhouse"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The parts of a running Stepwell: URLs, and `host:port` for Kafka."""

    ingest: str
    dashboard: str
    kafka: str
    clickhouse: str

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


def save(home: Path, addresses: Addresses) -> None:
    """Write the file, whole or not at all."""
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"{FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps({**asdict(addresses), "pid": os.getpid()}) + "\n")
    draft.replace(home / FILE_NAME)


def remove(home: Path) -> None:
    """Forget the instance."""
    (home / FILE_NAME).unlink(missing_ok=True)


def load(home: Path) -> Addresses | None:
    """The addresses of the instance that runs from this home, or None when none does."""
    try:
        content = json.loads((home / FILE_NAME).read_text())
        return Addresses(**content) if _runs(content.pop("pid")) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def home_of(environment: Mapping[str, str] = os.environ) -> Path:
    """STEPWELL_HOME, or `.stepwell` here."""
    return Path(environment.get("STEPWELL_HOME") or DEFAULT_HOME)


def address_of(part: Part, given: str | None = None, environment: Mapping[str, str] = os.environ) -> str:
    """The address of one part: `given`, else the environment's, else the running instance's.

    Raises: Unavailable when none of them tells.
    """
    named = given or environment.get(f"STEPWELL_{part.upper()}")
    if named:
        return named
    running = load(home_of(environment))
    if running is None:
        cure = f"give --{part}, set STEPWELL_{part.upper()}, or start one with `stepwell up`"
        raise Unavailable(part, f"no address: {cure}")
    return str(getattr(running, part))
