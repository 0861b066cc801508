"""The verifier as the dashboard knows it: the gateway, asked over HTTP; where none is named, the page says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.dashboard.errors import Refused
from services.dashboard.settings import Settings
from services.dashboard.verification import Verification, verification_of
from services.runtime.errors import Rejected, Unavailable
from services.runtime.verifying import Gateway


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
        try:
            return verification_of(self._gateway.verify(content, media_type, subject), self._clock())
        except Rejected as refusal:
            raise Refused(refusal.first.code, refusal.first.detail) from refusal
