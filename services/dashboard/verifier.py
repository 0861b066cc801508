"""The verifier, asked over HTTP: what the dashboard knows of the gateway.

A document goes there whole and its answers come back; nothing is kept. The gateway may take its time (status lists,
DID documents), so the time limit is its own and long. A gateway that is not named is a page that says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from services.dashboard.errors import Refused
from services.dashboard.settings import Settings
from services.dashboard.verification import Verification, verification_of
from services.runtime.errors import Unavailable

ANSWER_BYTES = 8 << 20
_REFUSED = range(400, 500)
_NOT_US = {401, 403, 404, 429}
"""Statuses that are no fault of the document."""


class Verifier:
    """Verifies documents by asking the gateway."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._address = settings.ingest.rstrip("/")
        self._key = settings.verify_key.get_secret_value() if settings.verify_key else ""
        self._seconds = settings.verify_timeout_seconds
        self._clock = clock
        self._opener: OpenerDirector = build_opener(ProxyHandler({}))

    @property
    def is_there(self) -> bool:
        """Whether a gateway is named."""
        return bool(self._address)

    def verify(self, content: bytes, media_type: str) -> Verification:
        """What can be said of a document.

        Raises: Refused when it is no credential; Unavailable when the gateway does not answer, or does not let us ask.
        """
        if not self.is_there:
            raise Unavailable("The verifier", "no gateway is named: set STEPWELL_INGEST")
        headers = {"content-type": media_type, "accept": "application/json"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        request = Request(f"{self._address}/v1/verify", content, headers, method="POST")  # noqa: S310 - our own gateway
        try:
            with self._opener.open(request, timeout=self._seconds) as answer:
                return verification_of(_object(answer.read(ANSWER_BYTES)), self._clock())
        except HTTPError as error:
            with error:
                raise _refusal(error) from error
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise Unavailable("The verifier", type(error).__name__) from error


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object of an answer. Raises: ValueError."""
    told = json.loads(content)
    if not isinstance(told, dict):
        raise ValueError("not an object")  # noqa: TRY004 - json's own error is one
    return told


def _refusal(error: HTTPError) -> Refused | Unavailable:
    if error.code not in _REFUSED or error.code in _NOT_US:
        return Unavailable("The verifier", f"status {error.code}")
    return Refused("not_a_credential", _detail(error))


def _detail(error: HTTPError) -> str:
    try:
        problem: Any = json.loads(error.read(ANSWER_BYTES))
        return str(problem["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return "This is no credential that can be read."
