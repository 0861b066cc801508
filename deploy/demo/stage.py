"""Setting the stage on a Stepwell that runs: the catalog in force, a key for each source, a token for each employer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deploy.demo.places import EMPLOYERS, SOURCES
from deploy.demo.sending import Keys
from services.runtime.keys import issue


@dataclass(frozen=True, slots=True)
class Credentials:
    """Key and secret by source, dashboard token by employer."""

    keys: Keys
    tokens: dict[str, str]


def credentials(client: Any) -> Credentials:
    """New credentials for everyone in the demo's world. `client` is a clickhouse-connect client on the database."""
    keys = {source.name: issue(client, "source", source.name, source.kinds) for source in SOURCES}
    tokens = {employer.employer_id: issue(client, "employer", employer.employer_id) for employer in EMPLOYERS}
    return Credentials(
        {name: (issued.key, issued.secret) for name, issued in keys.items()},
        {name: issued.token for name, issued in tokens.items()},
    )
