"""Builds the intake, which every process of ingest has: the gateway, the inbox, the verification stage, commands.

Apart from `bootstrap`, whose gateway brings all routes and their libraries along: who has no routes starts a second of
CPU sooner without.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from services.ingest.identity.introducing import Introducing
from services.ingest.identity.key import KeyInForce
from services.ingest.intake import Intake, Topics
from services.ingest.meanings_follower import MeaningsInForce
from services.ingest.metrics import Metrics
from services.ingest.settings import Settings
from services.runtime.clickhouse import connect
from services.runtime.identity import IdentityKey, key_of_setting
from services.runtime.identity_keys import identity_key
from services.runtime.producer import Producer


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def intake_on(
    producer: Producer,
    settings: Settings,
    metrics: Metrics,
    meanings: MeaningsInForce | None = None,
    key: KeyInForce | None = None,
) -> Intake:
    """The intake that the settings describe; `meanings` are those of the catalogs in force, none when not given.

    `key` is one that is watched, for whoever runs for long.
    """
    key = key or key_on(settings)
    return Intake(
        producer=producer,
        metrics=metrics,
        topics=Topics(
            settings.records_topic, settings.rejected_topic, settings.identities_topic, settings.credentials_topic
        ),
        identity=key,
        introducing=Introducing(settings.identities_topic, key),
        trust_cap=settings.trust_cap,
        clock=now,
        meanings=(meanings or MeaningsInForce()).current,
    )


def key_on(settings: Settings) -> KeyInForce:
    """The key that hides addresses, as the settings say; looked for when it is first asked for."""
    return KeyInForce(partial(_load_key, settings))


def _load_key(settings: Settings) -> IdentityKey:
    given = settings.identity_key
    if given:
        return key_of_setting(given, settings.identity_key_earlier)
    return identity_key(connect(settings.clickhouse, settings.database))
