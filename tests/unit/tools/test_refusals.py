"""Which refusals a redrive may send back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.runtime.errors import Fault
from services.runtime.rejected import Origin, Payload, Refusal
from services.tools.refusals import Filter, Kept, headers_back


def kept(code: str) -> Kept:
    """A refusal over HTTP for this code, at place 0:7."""
    fault = Fault(code, "/kind", "said why", None)
    return Kept(0, 7, Refusal(Payload(b"{}"), fault, "ingest.http", datetime(2026, 1, 1, tzinfo=UTC), "acme"))


@pytest.mark.parametrize("wanted", [Filter(), Filter(source="acme"), Filter(stage="ingest.http")])
def test_what_a_source_may_not_state_is_not_sent_back_in_passing(wanted: Filter) -> None:
    """The inbox asks for no scope, so a redrive of everything must not smuggle past it what the gateway refused."""
    assert wanted.admits(kept("scope"))
    assert not wanted.means(kept("scope"))


@pytest.mark.parametrize("wanted", [Filter(reason="scope"), Filter(places=frozenset({"0:7"}))])
def test_an_operator_may_overrule_a_scope_by_naming_it(wanted: Filter) -> None:
    """Sending it back by place or by reason is a decision about it."""
    assert wanted.means(kept("scope"))


def test_other_reasons_need_no_naming() -> None:
    """What was malformed is refused again if it still is."""
    assert Filter().means(kept("wrong_value"))
    assert not Filter(source="other").means(kept("wrong_value"))


def test_what_came_over_http_goes_back_with_what_its_request_had_said() -> None:
    """Its source and its dialect; a message of a topic has its own headers, and no more."""
    refusal = replace(kept("missing").refusal, dialect="caliper")
    told = {"stepwell_attempts": b"1", "ce_source": b"acme", "stepwell_dialect": b"caliper"}
    assert dict(headers_back(refusal)) == told
    of_a_topic = replace(refusal, payload=Payload(b"{}", origin=Origin("stepwell.inbox.v1", 0, 7)))
    assert dict(headers_back(of_a_topic)) == {"stepwell_attempts": b"1"}
