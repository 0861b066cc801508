"""Faust's stock transport, taught where the embedded broker's logs end: without it a stock table could not recover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.runtime.batching.log_end import log_ends

SCHEME = "tansu"


class TansuConsumer(driver.Consumer):
    """The stock consumer, with true log ends."""

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """One past the last offset of each partition."""
        ends: Any = await super().highwaters(*partitions)
        url = self.transport.url[0]
        return await log_ends(f"{url.host}:{url.port}", ends) if partitions else ends


class TansuTransport(driver.Transport):
    """The stock transport with that consumer."""

    Consumer = TansuConsumer


def register() -> None:
    """Make `tansu://` known to Faust."""
    TRANSPORTS.aliases[SCHEME] = f"{__name__}:{TansuTransport.__name__}"
