"""The gateway's and the inbox's settings, read once from the environment (`STEPWELL_...`) and passed down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime import groups
from services.runtime.producer import ProducerSettings
from services.runtime.topics import CATALOG, CREDENTIALS, IDENTITIES, INBOX, RECORDS, REJECTED, XAPI


class Settings(BaseSettings):
    """Everything that may differ between two gateways; each member is STEPWELL_ and its name in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="STEPWELL_", env_ignore_empty=True, frozen=True, extra="ignore", use_attribute_docstrings=True
    )

    kafka: str = "127.0.0.1:9092"
    """Kafka's address, host:port; several are separated by commas."""
    embedded: bool = False
    """Whether Kafka is the embedded broker, which knows no idempotent producers."""
    clickhouse: str = "http://127.0.0.1:8123"
    """URL of ClickHouse's HTTP interface, where the API keys are; a user and password may be in it."""
    database: str = "stepwell"
    """The database that holds the API keys."""
    home: Path = Path(".stepwell")
    """Folder for the little that the inbox and the verification stage keep on disk; losing it loses nothing."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    """Port to listen on."""
    metrics_port: Annotated[int, Field(ge=0, le=65_535)] = 0
    """Port of the inbox's or the stage's probes and metrics, 0 for none; the gateway answers them on its own port."""
    log_level: str = "INFO"
    """Least severe level that is logged."""
    topic_prefix: str = ""
    """Put before every topic's and the consumer group's name, so that several Stepwells can share one Kafka."""
    trust_cap: Annotated[int, Field(ge=0, le=4)] = 1
    """Highest trust tier that a source's own word can reach."""
    body_bytes: Annotated[int, Field(ge=1024)] = 5 * 1024 * 1024
    """Largest request body; a larger one is answered 413."""
    rate_limit: str = "2000/second"
    """Requests that one API key may make, as `number/period`; more are answered 429."""
    acknowledge_seconds: Annotated[float, Field(gt=0)] = 5.0
    """Longest wait for Kafka's acknowledgement; then the request is answered 503."""

    home_page: str = "https://stepwell.example"
    """IRI of this Stepwell: home page of the accounts that stand for credentials as authorities of statements."""

    xapi_origins: str = "*"
    """Origins, separated by commas, whose pages may speak xAPI from a browser; `*`: any, `none`: none."""

    verify_rate_limit: str = "60/minute"
    """How many credentials one address may have verified, such as 60/minute; nobody needs a key for it."""
    verify_fetches: bool = True
    """Whether verifying may fetch issuers' documents and status lists; if not, what they would say is unknown."""
    link_secret: SecretStr | None = None
    """Key of links to kept credentials, 32 characters or more, the same as the dashboard's; none: no links."""
    verify_recheck_seconds: Annotated[float, Field(gt=0)] = 900.0
    """How often the verification stage reads status lists anew and asks again of every credential that was taken in."""
    verify_restate_hours: Annotated[float, Field(gt=0)] = 24.0
    """How old a check that found nothing new may be before it is stated again."""
    identity_key: Annotated[str, Field(repr=False)] = ""
    """Secret, 16 octets or more, that makes e-mail addresses pseudonyms; empty: one made and kept in ClickHouse."""
    identity_key_earlier: Annotated[str, Field(repr=False)] = ""
    """The secret before, only while one follows the other: docs/people.md, Changing the key; empty: none."""

    hooks: str = ""
    """File (YAML or JSON) that declares the webhooks to take in: docs/platforms/generic-issuer.md; empty: none."""

    oidc_issuer: str = ""
    """Issuer (iss) of OpenID Connect tokens that are taken as Bearer credentials beside API keys; empty: none are."""
    oidc_audience: str = "stepwell"
    """Audience (aud) that such a token must be for."""
    oidc_keys: str = ""
    """The issuer's JWKS: a file, or an https URL."""

    @property
    def xapi_topic(self) -> str:
        """Topic of all that sources put into the xAPI record store."""
        return self.topic_prefix + XAPI

    @property
    def catalog_topic(self) -> str:
        """Topic of the catalogs in force, whose mappings dialects ask."""
        return self.topic_prefix + CATALOG

    @property
    def records_topic(self) -> str:
        """Topic that settled records are published to."""
        return self.topic_prefix + RECORDS

    @property
    def rejected_topic(self) -> str:
        """Topic that refused payloads are kept on."""
        return self.topic_prefix + REJECTED

    @property
    def identities_topic(self) -> str:
        """Topic of who is behind pseudonyms, sealed."""
        return self.topic_prefix + IDENTITIES

    @property
    def credentials_topic(self) -> str:
        """Topic of credentials as they were sent, for verification."""
        return self.topic_prefix + CREDENTIALS

    @property
    def inbox_topic(self) -> str:
        """Topic that sources without HTTP send to."""
        return self.topic_prefix + INBOX

    @property
    def inbox_group(self) -> str:
        """Consumer group of the inbox."""
        return self.topic_prefix + groups.INBOX

    @property
    def verify_group(self) -> str:
        """Consumer group of the verification stage."""
        return self.topic_prefix + "stepwell-verify"

    def producer(self, client_id: str) -> ProducerSettings:
        """How this service publishes to Kafka."""
        return ProducerSettings(
            bootstrap=self.kafka,
            is_idempotent=not self.embedded,
            client_id=client_id,
            deadline_seconds=self.acknowledge_seconds,
        )
