"""Trust chains of an OpenID Federation, after their signatures were checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.registry import Accreditation
from services.core.registries import RegistryFault
from services.core.registries.federation import chain_ends_at, registered

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TIME = int(NOW.timestamp())
LEAF, MIDDLE, ANCHOR = "https://college.example", "https://state.example", "https://anchor.example"


def _statement(issuer: str, subject: str, **more: Any) -> dict[str, Any]:
    return {"iss": issuer, "sub": subject, "iat": TIME - 10, "exp": TIME + 3600, **more}


def _described(**claims: Any) -> dict[str, Any]:
    return {"federation_entity": claims}


def _chain(**of_leaf: Any) -> list[dict[str, Any]]:
    leaf = {"authority_hints": [MIDDLE], "metadata": _described(organization_name="The College"), **of_leaf}
    return [
        _statement(LEAF, LEAF, **leaf),
        _statement(MIDDLE, LEAF),
        _statement(ANCHOR, MIDDLE),
        _statement(ANCHOR, ANCHOR),
    ]


def test_a_chain_from_issuer_to_anchor_registers_the_issuer() -> None:
    """As it describes itself."""
    found = registered(_chain(metadata=_described(organization_name="The College", ror="https://ror.org/1")), (), NOW)
    assert (found.id, found.name, found.identifiers) == (LEAF, "The College", ("https://ror.org/1",))


def test_a_did_is_registered_by_a_statement_alone() -> None:
    """It publishes no configuration of its own."""
    did = "did:web:college.example"
    chain = [_statement(ANCHOR, did, metadata=_described(organization_name="C")), _statement(ANCHOR, ANCHOR)]
    assert registered(chain, (), NOW).id == did
    assert registered(chain, (), NOW).name == "C"


def test_superiors_override_and_the_higher_one_last() -> None:
    """What an authority says of an entity goes before what it says of itself."""
    chain = _chain()
    chain[1]["metadata"] = _described(organization_name="by the state")
    assert registered(chain, (), NOW).name == "by the state"
    chain[2]["metadata_policy"] = _described(organization_name={"value": "by the anchor"}, location={"default": "US"})
    found = registered(chain, (), NOW)
    assert (found.name, found.location) == ("by the anchor", "US")


@pytest.mark.parametrize("policy", [{"one_of": ["Another"]}, {"essential": True}])
def test_a_policy_that_is_not_met_breaks_the_chain(policy: dict[str, Any]) -> None:
    """A value that is not allowed, or one that is wanted and missing."""
    chain = _chain(metadata={} if "essential" in policy else _described(organization_name="The College"))
    chain[2]["metadata_policy"] = _described(organization_name=policy)
    with pytest.raises(RegistryFault, match="organization_name"):
        registered(chain, (), NOW)


@pytest.mark.parametrize(
    "place, change, reason",
    [
        (0, {"authority_hints": []}, "does not name"),
        (1, {"sub": "https://other.example"}, "breaks"),
        (2, {"iss": "https://other.example"}, "breaks"),
        (3, {"iss": "https://other.example"}, "issued by the entity itself"),
        (1, {"exp": TIME}, "expired"),
        (2, {"iat": TIME + 3600}, "future"),
        (0, {"exp": None}, "lacks iat or exp"),
        (0, {"exp": True}, "lacks iat or exp"),
    ],
)
def test_a_chain_that_does_not_hold_together_registers_nobody(place: int, change: dict[str, Any], reason: str) -> None:
    """Every link and every time is judged."""
    chain = _chain()
    chain[place] |= change
    with pytest.raises(RegistryFault, match=reason):
        registered(chain, (), NOW)


def test_a_lone_statement_is_no_chain() -> None:
    """The anchor must be there."""
    with pytest.raises(RegistryFault, match="at least"):
        registered(_chain()[:1], (), NOW)


def test_trust_marks_of_the_anchor_are_accreditations() -> None:
    """Those about this issuer that are in force."""
    mark = {"iss": ANCHOR, "sub": LEAF, "trust_mark_type": "https://anchor.example/accredited", "exp": TIME + 60}
    marks = [mark, mark | {"sub": MIDDLE}, mark | {"exp": TIME}]
    until = datetime.fromtimestamp(TIME + 60, UTC)
    assert registered(_chain(), marks, NOW).accreditations == (
        Accreditation(type="https://anchor.example/accredited", by=ANCHOR, until=until),
    )


def test_a_chain_is_good_until_its_first_statement_ends() -> None:
    """Then the registry expires."""
    chain = _chain()
    chain[2]["exp"] = TIME + 5
    assert chain_ends_at(chain) == datetime.fromtimestamp(TIME + 5, UTC)
