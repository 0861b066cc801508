"""The dashboard's settings, read once from the environment (`STEPWELL_...`) and passed down as arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that may differ between two dashboards; each member is STEPWELL_ and its name in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="STEPWELL_", env_ignore_empty=True, frozen=True, extra="ignore", use_attribute_docstrings=True
    )

    clickhouse: str = "http://127.0.0.1:8123"
    """URL of ClickHouse's HTTP interface; a user and password may be in it."""
    database: str = "stepwell"
    """The database that holds the published views."""
    kafka: str = ""
    """host:port of Kafka, to tell how much waits to be read; without it that is not known."""
    topic_prefix: str = ""
    """Put before every topic's and the consumer group's name, so that several Stepwells can share one Kafka."""
    home: Path = Path(".stepwell")
    """Folder for what is made at first start: the chart library's script."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """Port to listen on."""
    log_level: str = "INFO"
    """Least severe level that is logged."""
    session_secret: SecretStr | None = None
    """Key that signs session cookies, 32 characters or more; without it each start draws one and logs everyone out."""
    session_lifetime_seconds: Annotated[int, Field(gt=0)] = 12 * 3600
    """How long after logging in a person has to log in again."""
    cookie_secure: bool = False
    """Whether the session cookie travels over HTTPS only; set it wherever the dashboard is served over HTTPS."""
    logins_per_minute: Annotated[int, Field(gt=0)] = 30
    """Log-in attempts that one address may make in a minute."""
    live_interval_seconds: Annotated[float, Field(ge=0.25)] = 1.0
    """How often a watched employer's data is asked whether it changed."""
    live_refresh_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How often an open page is worked out anew though no row changed, since time alone changes what is in force."""
    live_streams_per_employer: Annotated[int, Field(gt=0)] = 100
    """Pages of one employer that may be live at once."""
    ingest: str = ""
    """URL of the gateway, which verifies credentials for `/verify`; without it that page says that it cannot."""
    verify_key: SecretStr | None = None
    """API key of a source, KEY.SECRET, sent to the gateway with each credential, where the gateway wants one."""
    link_secret: SecretStr | None = None
    """Key of links to kept credentials, 32 characters or more, the same as the gateway's; none: there are no links."""
    link_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long a link to a kept credential leads to it."""
    verify_timeout_seconds: Annotated[float, Field(gt=0)] = 30.0
    """Longest wait for the gateway's answers about one credential."""
    verifications_per_minute: Annotated[int, Field(gt=0)] = 30
    """Credentials that one address may have checked in a minute."""
    query_timeout_seconds: Annotated[int, Field(gt=0)] = 10
    """Longest that one query may run."""
    explore_timeout_seconds: Annotated[int, Field(gt=0)] = 10
    """Longest that a query of somebody's own SQL may run."""
    explore_rows: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """Most rows that a query of somebody's own SQL gives back."""
    page_rows: Annotated[int, Field(ge=1, le=1000)] = 50
    """Rows a page of a long list shows."""
    export_rows: Annotated[int, Field(ge=1)] = 1_000_000
    """Most rows in one CSV file."""
    expiring_days: Annotated[int, Field(ge=1, le=3650)] = 60
    """How far ahead the overview looks for what is expiring."""
