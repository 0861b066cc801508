"""The verification stage's checks as tests want them: an intake that publishes nothing, and documents to change."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from schemas.registry import Registries
from services.core.issuing import did_document, status_list
from services.ingest.intake import Intake
from services.ingest.intake_parts import intake_on
from services.ingest.metrics import Metrics
from services.ingest.settings import Settings
from services.ingest.verify.at_hand import AtHand
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Unreachable
from services.ingest.verify.stage.checking import Checking
from services.ingest.verify.stage.remembering import Remembering
from services.ingest.verify.stage.sent import Sent
from services.runtime.issuing import secured
from services.runtime.producer import Producer
from tests.builders.credentials import DOCUMENT, KEY, LIST, RING, signed
from tests.builders.issuing import DID

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 2, tzinfo=UTC)
SINCE = {"validFrom": "2020-01-02T00:00:00Z", "awardedDate": "2020-01-02T00:00:00Z"}


def badge(**more: Any) -> bytes:
    """A signed credential of long ago, as it is sent."""
    return json.dumps(signed(**SINCE, **more)).encode()


def sent(content: bytes, source: str = "lms") -> Sent:
    """A credential as a source sent it."""
    return Sent(f"sha-256:{sha256(content).hexdigest()}", content, "application/json", source, NOW)


def documents_of_long_ago(*revoked: int) -> dict[str, Any]:
    """The issuer's documents by address, in force whatever the clock says."""
    listed = secured(status_list(LIST, DID, revoked, LONG_AGO), DID, KEY, LONG_AGO)
    return {DOCUMENT: did_document(DID, (key.public for key in RING.standing)), LIST: listed}


class Web:
    """Documents by address, and how often each was asked for."""

    def __init__(self, found: MutableMapping[str, Any]) -> None:
        self.found = found
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        """The document at an address. Raises: Unreachable."""
        self.asked.append(url)
        if url not in self.found:
            raise Unreachable(url, "no_answer")
        return json.dumps(self.found[url]).encode()


def checking(web: Web, canonicaliser: Canonicaliser, registries: Registries | None = None) -> Checking:
    """Checks of the stage, over these documents and registries."""
    known = registries or Registries()
    return Checking(Remembering(web, 60, lambda: 0.0), AtHand(lambda: known), lambda _: None, canonicaliser)


def intake() -> Intake:
    """An intake that is never connected, for settling records as ingest does."""
    settings = Settings(identity_key="a secret of the tests")
    return intake_on(Producer(settings.producer("test")), settings, Metrics())
