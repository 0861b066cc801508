"""Asking the gateway to verify a document (`POST /v1/verify`), and reading its separate answers.

For those who may not import the verifier: the dashboard, and commands. A document goes there whole and its answers come
back; nothing is decided here. What is not plainly true or false is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from services.runtime.errors import Rejected, Unavailable

Outcome = Literal["yes", "no", "unknown"]

ANSWER_BYTES = 8 << 20
ALIASES: Final[Mapping[str, str]] = {
    "signature": "proof",
    "key_bound": "key",
    "key_bound_to_issuer": "key",
    "key_binding": "key",
    "issuer_registered": "issuer",
    "registered": "issuer",
    "registry": "issuer",
    "subject_bound": "subject",
    "subject_binding": "subject",
    "uncovered_members": "uncovered",
    "uncovered_terms": "uncovered",
    "covered": "uncovered",
    "schema": "form",
}
"""Other names of the same answers."""
_OUTCOMES: Final[Mapping[Any, Outcome]] = {True: "yes", False: "no", "true": "yes", "false": "no"}
_FAULTS = range(400, 500)
_NOT_FOUND = 404
_NOT_THE_DOCUMENTS = {401, 403, 405, 429}
"""Statuses that are no fault of the document."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: which question, yes or no or unknown, and why."""

    name: str
    outcome: Outcome
    code: str
    reason: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where to ask: the gateway's address, an API key if it wants one, and the longest wait."""

    address: str
    key: str = ""
    seconds: float = 30.0

    def verify(self, content: bytes, media_type: str, subject: str = "") -> dict[str, Any]:
        """The gateway's answer, as it came; `subject` is whom the document should be about, if that is asked.

        Raises: Rejected when the document is no credential, with the gateway's words; Unavailable when the gateway does
        not answer, or does not let us ask.
        """
        headers = {"content-type": media_type, "accept": "application/json"}
        if self.key:
            headers["authorization"] = f"Bearer {self.key}"
        if subject:
            headers["stepwell-subject"] = quote(subject, safe=":@/#?=+")
        url = f"{self.address.rstrip('/')}/v1/verify"
        return self._answer(Request(url, content, headers, method="POST"))  # noqa: S310 - our own gateway

    def linked(self, link: str) -> dict[str, Any] | None:
        """The gateway's answer about the kept credential that a link leads to, as it came; None where it leads nowhere.

        Raises: as `verify`.
        """
        url = f"{self.address.rstrip('/')}/v1/verify/{quote(link, safe='')}"
        try:
            return self._answer(Request(url, headers={"accept": "application/json"}))  # noqa: S310 - our own gateway
        except _NotThere:
            return None

    def _answer(self, request: Request) -> dict[str, Any]:
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=self.seconds) as answer:
                return _object(answer.read(ANSWER_BYTES))
        except HTTPError as error:
            with error:
                raise _refusal(error) from error
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise Unavailable("The verifier", type(error).__name__) from error


def answers_of(answer: Mapping[str, Any]) -> tuple[Told, ...]:
    """The separate answers, given by name or as a list; anything that is none is left out."""
    return tuple(_told(ALIASES.get(name, name), one) for name, one in _named(answer.get("answers") or {}))


def _named(answers: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = answers.items() if isinstance(answers, Mapping) else ((one.get("name", ""), one) for one in answers)
    for name, one in listed:
        if isinstance(one, Mapping):
            yield str(name), one


def _told(name: str, one: Mapping[str, Any]) -> Told:
    value = one.get("answer", one.get("value"))
    outcome = _OUTCOMES.get(value, "unknown") if isinstance(value, bool | str) else "unknown"
    reason = text_of(one, "detail", "reason", "sentence")
    return Told(name, outcome, text_of(one, "code", "reason_code"), reason, _instant(text_of(one, "checked_at")))


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def text_of(told: Mapping[str, Any], *names: str) -> str:
    """The first of these members that is text; empty when none is."""
    return next((value for name in names if isinstance(value := told.get(name), str) and value), "")


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object of an answer. Raises: ValueError."""
    told = json.loads(content)
    if not isinstance(told, dict):
        raise ValueError("not an object")  # noqa: TRY004 - json's own error is one
    return told


class _NotThere(Unavailable):
    """What was asked for is not there, or the address is none of a gateway."""


def _refusal(error: HTTPError) -> Rejected | Unavailable:
    if error.code == _NOT_FOUND:
        return _NotThere("The verifier", f"status {error.code}")
    if error.code not in _FAULTS or error.code in _NOT_THE_DOCUMENTS:
        return Unavailable("The verifier", f"status {error.code}")
    try:
        detail = str(json.loads(error.read(ANSWER_BYTES))["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        detail = "This is no credential that can be read."
    return Rejected.because("not_a_credential", detail)
