"""The verifier as the dashboard knows it: the gateway, asked over HTTP; where none is named, the page says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from services.dashboard.errors import Refused
from services.dashboard.settings import Settings
from services.dashboard.verification import Verification, verification_of
from services.runtime.errors import Rejected, Unavailable
from services.runtime.verifying import Gateway

T = TypeVar("T")


class Verifier:
    """Verifies documents by asking the gateway."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        key = settings.verify_key.get_secret_value() if settings.verify_key else ""
        self._gateway = Gateway(settings.ingest, key, settings.verify_timeout_seconds)
        self._clock = clock

    @property
    def is_there(self) -> bool:
        """Whether a gateway is named."""
        return bool(self._gateway.address)

    def verify(self, content: bytes, media_type: str, subject: str = "") -> Verification:
        """What can be said of a document; `subject` is whom it should be about, if that is asked.

        Raises: Refused when it is no credential; Unavailable when the gateway does not answer, or does not let us ask.
        """
        if not self.is_there:
            raise Unavailable("The verifier", "no gateway is named: set STEPWELL_INGEST")
        return verification_of(_or_refused(lambda: self._gateway.verify(content, media_type, subject)), self._clock())

    def linked(self, link: str) -> Verification | None:
        """What can be said now of the kept credential that a link leads to; None where it leads nowhere.

        Raises: as `verify`.
        """
        if not self.is_there:
            raise Unavailable("The verifier", "no gateway is named: set STEPWELL_INGEST")
        found = _or_refused(lambda: self._gateway.linked(link))
        return None if found is None else verification_of(found, self._clock())


def _or_refused(ask: Callable[[], T]) -> T:
    """What was asked for. Raises: Refused for a document that is no credential; Unavailable."""
    try:
        return ask()
    except Rejected as refusal:
        raise Refused(refusal.first.code, refusal.first.detail) from refusal
