"""Faust's transport under the scheme `batch://`: aiokafka's, with a consumer that delivers batches."""

from __future__ import annotations

from typing import ClassVar

from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types.transports import ConsumerT

from services.runtime.batching.consumer import BatchConsumer

SCHEME = "batch"


class BatchTransport(driver.Transport):
    """The transport that `batch://host:port` names once it is registered."""

    Consumer: ClassVar[type[ConsumerT]] = BatchConsumer


def register() -> None:
    """Make the scheme known to Faust. Repeating it changes nothing."""
    TRANSPORTS.aliases[SCHEME] = f"{__name__}:{BatchTransport.__name__}"
