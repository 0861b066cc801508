"""Registry documents read: static lists, Stepwell's own form, and what is neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.registry import Registries
from services.core.registries import RegistryFault, registries_from

ENTRY = {"did:key:z6Mk1": {"name": "The College", "location": "Boston", "url": "https://college.example", "x": 1}}


@pytest.mark.parametrize("document", [ENTRY, {"meta": {"created": "2020"}, "registry": ENTRY}])
def test_a_static_list_becomes_a_registry(document: dict[str, Any]) -> None:
    """With or without its envelope; members of other readers are left out."""
    (registry,) = registries_from(json.dumps(document), "dcc", "sha-256:" + "0" * 64).registries
    assert (registry.id, registry.kind) == ("dcc", "static")
    (issuer,) = registry.issuers
    assert (issuer.id, issuer.name, issuer.location) == ("did:key:z6Mk1", "The College", "Boston")


def test_stepwells_own_form_reads_back_as_it_was() -> None:
    """What `stepwell issuers list --json` writes."""
    document = {
        "registries": [{"id": "a", "kind": "own", "issuers": [{"id": "did:x:1"}]}],
        "decisions": [{"issuer": "did:x:1", "trusted": True, "decided_at": "2026-01-01T00:00:00Z"}],
    }
    known = registries_from(json.dumps(document), "ignored")
    assert known == Registries.model_validate_json(json.dumps(document))


@pytest.mark.parametrize(
    "content, reason",
    [
        ("{", "not JSON"),
        ('{"did:key:z": {"name": NaN}}', "not JSON"),
        ("[]", "not a registry"),
        ('{"hello": "there"}', "/hello"),
        ('{"registries": [{"id": "a", "kind": "rumour"}]}', "/registries/0/kind"),
        (json.dumps({"did:key:z": {"name": "x" * 501}}), "did:key:z: name"),
    ],
)
def test_what_is_no_registry_is_refused_with_the_place(content: str, reason: str) -> None:
    """Never half of it."""
    with pytest.raises(RegistryFault, match=reason):
        registries_from(content, "r")
