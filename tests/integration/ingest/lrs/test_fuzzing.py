"""Whatever is sent, the answer is one that the document names, and never our fault.

What is found is told as it was found: making it smaller takes as many requests again as finding it, each of them slow
where a slow store is what was found. A slow store is tried with as much as there is time for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import status_code_conformance

from services.runtime.keys import IssuedKey
from tests.builders.statements import statement
from tests.integration.ingest.lrs.conftest import Running

ANSWER_SECONDS = 60.0
"""Longer than the store itself ever waits (following.WAIT_SECONDS, and Kafka's acknowledgement)."""
ALLOWED_SECONDS = 45.0
"""For one test; what it was not tried with by then it is not tried with."""


def bounded(examples: int) -> settings:
    """So many examples, none of them made smaller or remembered."""
    return settings(
        max_examples=examples,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


class Allowance:
    """The time that is left for trying; begins with the first question."""

    def __init__(self) -> None:
        self._ends_at: float | None = None

    @property
    def is_spent(self) -> bool:
        """Whether nothing more is to be tried."""
        if self._ends_at is None:
            self._ends_at = monotonic() + ALLOWED_SECONDS
        return monotonic() > self._ends_at


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
GOOD = statement(
    id="6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11",
    context={"contextActivities": {"parent": {"id": "x:y"}}, "registration": "6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11"},
    result={"score": {"scaled": 0.5}, "duration": "PT1H", "extensions": {"x:y": None}},
    attachments=[
        {"usageType": "x:y", "display": {}, "contentType": "a/b", "length": 1, "sha2": "0", "fileUrl": "x:y"},
    ],
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values within a value."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from places(member, (*path, name))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


statements = st.one_of(
    values,
    st.lists(values, max_size=3),
    st.builds(lambda path, new: changed(GOOD, path, new), st.sampled_from(list(places(GOOD))), values),
)


@pytest.fixture(scope="module")
def caller(running: Running) -> Iterator[httpx2.Client]:
    """A client that is not of one test alone."""
    key = running.key("fuzzed")
    headers = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
    with httpx2.Client(
        base_url=running.gateways[0], auth=(key.key, key.secret), headers=headers, timeout=ANSWER_SECONDS
    ) as client:
        yield client


@pytest.fixture
def allowance() -> Allowance:
    """A test's own."""
    return Allowance()


@bounded(100)
@given(said=statements)
def test_no_statement_is_our_fault(caller: httpx2.Client, allowance: Allowance, said: Any) -> None:
    """Taken, refused, or in conflict with one before."""
    if allowance.is_spent:
        return
    answer = caller.post("/xAPI/statements", content=json.dumps(said))
    assert answer.status_code in (200, 400, 409), answer.text


@bounded(100)
@given(body=st.binary(max_size=60), kind=st.sampled_from(("application/json", "multipart/mixed; boundary=b", "x")))
def test_no_bytes_are_our_fault(caller: httpx2.Client, allowance: Allowance, body: bytes, kind: str) -> None:
    """Whatever the body, and whatever it claims to be."""
    if allowance.is_spent:
        return
    for whole in (body, b"--b\r\n" + body + b"\r\n--b--"):
        answer = caller.post("/xAPI/statements", content=whole, headers={"Content-Type": kind})
        assert answer.status_code in (200, 400), answer.text


NAMES = ("agent", "verb", "activity", "registration", "since", "until", "limit", "format", "statementId", "ascending")


@bounded(100)
@given(
    query=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=12) | st.just('{"mbox":"mailto:a@b.c"}'), max_size=3)
)
def test_no_question_is_our_fault(caller: httpx2.Client, allowance: Allowance, query: dict[str, str]) -> None:
    """Answered or refused."""
    if allowance.is_spent:
        return
    assert caller.get("/xAPI/statements", params=query).status_code in (200, 400, 404)


def test_the_document_names_every_answer(running: Running, source: IssuedKey, allowance: Allowance) -> None:
    """Schemathesis over the OpenAPI document: no 5xx, no code that the document does not name."""
    schema = schemathesis.openapi.from_url(f"{running.gateways[0]}/openapi.json", config=SchemathesisConfig())
    headers = {"Authorization": f"Bearer {source.token}"}
    operation: Any
    for operation in schema.get_all_operations():
        _try(operation.ok(), headers, allowance)


def _try(operation: Any, headers: dict[str, str], allowance: Allowance) -> None:
    @bounded(8)
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        if not allowance.is_spent:
            checks = [not_a_server_error, status_code_conformance]
            case.call_and_validate(headers=headers, checks=checks, timeout=ANSWER_SECONDS)

    run()
