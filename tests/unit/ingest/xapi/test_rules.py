"""What makes a statement invalid, and how that is said."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.dialects.xapi.rules import VOIDED, fault_of
from services.runtime.errors import Fault
from tests.builders.statements import ACTOR, statement

AGENT = {"mbox": "mailto:a@example.org"}
ATTACHMENT = {
    "usageType": "http://example.org/usage",
    "display": {"en": "a file"},
    "contentType": "text/plain",
    "length": 4,
    "sha2": "0" * 64,
}

FAULTY: list[tuple[dict[str, Any], str, str]] = [
    (statement(actor=None), "/actor", "missing"),
    (statement(verb="not an iri:"), "/verb/id", "not_an_iri"),
    (statement(Actor=ACTOR), "/Actor", "unknown_member"),
    (statement(actor={**ACTOR, **AGENT}), "/actor", "identifier"),
    (statement(actor={"name": "nobody"}), "/actor", "identifier"),
    (statement(actor={"objectType": "Group"}), "/actor/member", "missing"),
    (
        statement(actor={"objectType": "Group", "member": [{"objectType": "Group", "member": [AGENT]}]}),
        "/actor/member/0/objectType",
        "not_a_choice",
    ),
    (statement(object={"id": "https://x.org/1", "objectType": "activity"}), "/object/objectType", "not_a_choice"),
    (
        statement(object={"id": "https://x.org/1", "definition": {"extensions": {"no iri": 1}}}),
        "/object/definition/extensions/no iri",
        "not_an_iri",
    ),
    (
        statement(object={"id": "https://x.org/1", "definition": {"name": {"e": "x"}}}),
        "/object/definition/name/e",
        "not_a_language",
    ),
    (
        statement(object={"id": "https://x.org/1", "definition": {"choices": [{"id": "a"}, {"id": "a"}]}}),
        "/object/definition/choices",
        "duplicate",
    ),
    (statement(result={"success": "true"}), "/result/success", "wrong_type"),
    (statement(result={"score": {"scaled": 1.01}}), "/result/score/scaled", "out_of_range"),
    (statement(result={"score": {"raw": 11, "max": 10}}), "/result/score/raw", "out_of_range"),
    (statement(result={"score": {"raw": True}}), "/result/score/raw", "wrong_type"),
    (statement(result={"duration": "1 hour"}), "/result/duration", "not_a_duration"),
    (statement(result=[]), "/result", "wrong_type"),
    (statement(context={"team": AGENT}), "/context/team/objectType", "missing"),
    (statement(context={"contextActivities": {"parents": []}}), "/context/contextActivities/parents", "unknown_member"),
    (statement(context={"platform": "x"}, object={**AGENT, "objectType": "Agent"}), "/context/platform", "not_here"),
    (statement(context={"contextAgents": []}), "/context/contextAgents", "unknown_member"),
    (statement(timestamp="2026-02-01T09:30:00-00:00"), "/timestamp", "not_an_instant"),
    (statement(version="1.1.0"), "/version", "version"),
    (statement(attachments=[{**ATTACHMENT, "length": "4"}]), "/attachments/0/length", "wrong_type"),
    (statement(authority={"objectType": "Group", "member": [AGENT]}), "/authority", "authority"),
    (statement(verb=VOIDED), "/object/objectType", "not_a_choice"),
    (
        statement(object={**statement(id="4bd9dd82-9c8b-4d3f-a1a5-2ff10b0f21c4"), "objectType": "SubStatement"}),
        "/object/id",
        "unknown_member",
    ),
    (statement() | {"~a/b": 1}, "/~0a~1b", "unknown_member"),
]


@pytest.mark.parametrize("faulty,pointer,code", FAULTY)
def test_a_fault_is_named_by_pointer_and_code(faulty: dict[str, Any], pointer: str, code: str) -> None:
    """The sender is told where the fault is (RFC 6901) and can branch on what it is."""
    fault = fault_of(faulty, is_version_2=False)
    assert fault is not None
    assert (fault.pointer, fault.code) == (pointer, code)


def test_a_detail_names_the_member_and_the_cure_and_no_value() -> None:
    """Whoever reads the answer knows what to mend; values may be personal and are not repeated."""
    fault = fault_of(statement(actor={"mbox": "ana@example.org"}), is_version_2=False)
    assert fault == Fault(
        "not_a_mailto", "/actor/mbox", "actor.mbox must be a mailto IRI such as mailto:ana@example.org"
    )


def test_a_member_in_wrong_case_is_told_its_right_name() -> None:
    """XAPI-00012: keys are case-sensitive, and the most likely slip is named."""
    fault = fault_of(statement(Result={}), is_version_2=False)
    assert fault is not None
    assert fault.detail == "Result is no member here; write result"


@pytest.mark.parametrize(
    "thing",
    [
        {**AGENT, "objectType": "Agent"},
        {"objectType": "Group", "member": [AGENT]},
        {"objectType": "StatementRef", "id": "4bd9dd82-9c8b-4d3f-a1a5-2ff10b0f21c4"},
        {**statement(timestamp=None), "objectType": "SubStatement"},
    ],
)
def test_a_statement_may_be_about_more_than_activities(thing: dict[str, Any]) -> None:
    """XAPI-00065 and following: agents, groups, statement references and sub-statements are objects, too."""
    assert fault_of(statement(object=thing), is_version_2=False) is None


def test_extensions_hold_anything_also_nothing() -> None:
    """XAPI-00119: null, empty text and empty objects are good values of extensions."""
    anything: dict[str, Any] = {
        "https://x.org/a": None,
        "https://x.org/b": "",
        "https://x.org/c": {},
        "https://x.org/d": [None, 1, {"": 2}],
    }
    assert fault_of(statement(result={"extensions": anything}), is_version_2=False) is None


def test_context_agents_are_of_version_2_only() -> None:
    """IEEE 9274.1.1 brought contextAgents and contextGroups; 1.0.3 knows no such members."""
    agents = [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["https://x.org/player"]}]
    with_agents = statement(context={"contextAgents": agents})
    assert fault_of(with_agents, is_version_2=True) is None
    assert fault_of(with_agents, is_version_2=False) is not None


@pytest.mark.parametrize("value", [None, 5, "text", [], True])
def test_what_is_no_object_is_no_statement(value: object) -> None:
    """XAPI-00006: any other JSON value is refused as such."""
    fault = fault_of(value, is_version_2=False)
    assert fault is not None
    assert fault.pointer == ""
