"""Registries of OpenID Federations: from an anchor's endpoints and from chains in a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.runtime.errors import Rejected, Unavailable
from services.runtime.federation import MARK
from services.tools.federated import from_anchor, from_chains
from tests.builders.federation import jwks, key, signed, statement

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANCHOR, COLLEGE, DID = "https://anchor.example", "https://college.example", "did:web:school.example"
ANCHOR_KEY, COLLEGE_KEY, STRANGER = map(key, ("anchor", "college", "stranger"))
KEYS = jwks(ANCHOR_KEY)


def _described(**claims: Any) -> dict[str, Any]:
    return {"federation_entity": claims}


def _configuration() -> str:
    endpoints = _described(federation_list_endpoint=f"{ANCHOR}/list", federation_fetch_endpoint=f"{ANCHOR}/fetch")
    return statement(ANCHOR_KEY, ANCHOR, ANCHOR, NOW, jwks=KEYS, metadata=endpoints)


def _about(subject: str, **claims: Any) -> str:
    return statement(ANCHOR_KEY, ANCHOR, subject, NOW, **claims)


def _mark(subject: str) -> str:
    return signed(ANCHOR_KEY, {"iss": ANCHOR, "sub": subject, "trust_mark_type": "accredited"}, MARK)


def _college(**claims: Any) -> str:
    described = _described(organization_name="The College")
    own = {"authority_hints": [ANCHOR], "metadata": described, "trust_marks": [{"trust_mark": _mark(COLLEGE)}]}
    return statement(COLLEGE_KEY, COLLEGE, COLLEGE, NOW, **(own | claims))


def _web(**changes: str) -> dict[str, str]:
    """Addresses of the federation, and what is there."""
    return {
        f"{ANCHOR}/.well-known/openid-federation": _configuration(),
        f"{ANCHOR}/list": json.dumps([COLLEGE, DID, "https://gone.example"]),
        f"{ANCHOR}/fetch?sub=https%3A%2F%2Fcollege.example": _about(COLLEGE, jwks=jwks(COLLEGE_KEY)),
        f"{ANCHOR}/fetch?sub=did%3Aweb%3Aschool.example": _about(DID, metadata=_described(organization_name="S")),
        f"{COLLEGE}/.well-known/openid-federation": _college(),
    } | changes


def _reader(web: dict[str, str]) -> Any:
    def read(address: str) -> bytes:
        if address not in web:
            raise OSError("404")
        return web[address].encode()

    return read


def test_an_anchor_is_asked_for_all_that_it_vouches_for() -> None:
    """Entities with a configuration and DIDs without; whom it says nothing about is told as left out."""
    found = from_anchor("oidf", ANCHOR, KEYS, _reader(_web()), NOW)
    issuers = {one.id: one for one in found.registry.issuers}
    assert {one.id: one.name for one in issuers.values()} == {COLLEGE: "The College", DID: "S"}
    assert [one.type for one in issuers[COLLEGE].accreditations] == ["accredited"]
    assert found.left_out == ("https://gone.example: 404",)
    assert (found.registry.kind, found.registry.expires_at) == ("federation", NOW + timedelta(hours=1))


def test_whoever_signs_with_another_key_is_left_out() -> None:
    """The others stay."""
    forged = statement(STRANGER, COLLEGE, COLLEGE, NOW, authority_hints=[ANCHOR])
    web = _web(**{f"{COLLEGE}/.well-known/openid-federation": forged})
    found = from_anchor("oidf", ANCHOR, KEYS, _reader(web), NOW)
    assert [one.id for one in found.registry.issuers] == [DID]
    assert any("does not hold" in line for line in found.left_out)


def test_an_anchor_is_known_by_the_operators_keys_alone() -> None:
    """What it says of its own keys proves nothing."""
    with pytest.raises(Rejected, match="does not hold"):
        from_anchor("oidf", ANCHOR, jwks(STRANGER), _reader(_web()), NOW)
    with pytest.raises(Unavailable):
        from_anchor("oidf", "https://nowhere.example", KEYS, _reader(_web()), NOW)


def test_chains_in_a_file_need_no_network() -> None:
    """Alone, or with trust marks beside them."""
    chain = [_college(trust_marks=[]), _about(COLLEGE, jwks=jwks(COLLEGE_KEY)), _configuration()]
    found = from_chains("file", {"chains": [chain], "trust_marks": [_mark(COLLEGE)]}, KEYS, NOW)
    (issuer,) = found.registry.issuers
    assert (issuer.id, [one.type for one in issuer.accreditations]) == (COLLEGE, ["accredited"])
    assert from_chains("file", chain, KEYS, NOW).registry.issuers[0].id == COLLEGE


@pytest.mark.parametrize("document", [{}, [], {"chains": "x"}, {"chains": [[7]]}, 7])
def test_a_file_without_chains_is_refused(document: Any) -> None:
    """Whatever else is in it."""
    with pytest.raises(Rejected, match="wanted"):
        from_chains("file", document, KEYS, NOW)
