"""Setting the stage on a Stepwell that runs: the catalog in force, a key for each source, a token for each employer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.demo.places import EMPLOYERS, SOURCES
from deploy.demo.sending import Keys
from services.core.stacks import compile_texts
from services.offline.applying import apply_catalog
from services.runtime.keys import issue, name_employer


@dataclass(frozen=True, slots=True)
class Credentials:
    """Key and secret by source, dashboard token by employer."""

    keys: Keys
    tokens: dict[str, str]


def set_stage(client: Any, kafka: str, texts: Mapping[str, str]) -> Credentials:
    """Everything that must be there before the first record. `client` is of clickhouse-connect, on the database."""
    apply_catalog(compile_texts(texts), kafka=kafka, client=client, version=time.time_ns() // 1_000)
    for employer in EMPLOYERS:
        name_employer(client, employer.employer_id, employer.name)
    return credentials(client)


def credentials(client: Any) -> Credentials:
    """New credentials for everyone in the demo's world."""
    keys = {source.name: issue(client, "source", source.name, source.kinds) for source in SOURCES}
    tokens = {employer.employer_id: issue(client, "employer", employer.employer_id) for employer in EMPLOYERS}
    return Credentials(
        {name: (issued.key, issued.secret) for name, issued in keys.items()},
        {name: issued.token for name, issued in tokens.items()},
    )
