"""Completed stacks and offices as tests want them, and an independent verifier for what comes out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.verifier import OB3Verifier
from openvc.did.base import DidResolverRegistry
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.verify import verify_credential

from schemas.catalog import Catalog
from schemas.records import record_adapter
from services.core.holdings import EMPTY, add, facts
from services.core.issuing import Completed
from services.core.stacks import compile_catalog, evaluate

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
DID = "did:web:college.example"
NOT_VERIFIED = (OpenvcError, LibOpenBadgesException)
"""What the independent verifiers raise."""
CATALOG: dict[str, Any] = {
    "issuers": [{"id": "college", "name": "The College"}],
    "achievements": [
        {"id": "a", "name": "Alpha", "type": "course", "issuer": "college"},
        {"id": "b", "name": "Beta", "type": "course"},
        {
            "id": "certificate",
            "name": "The Certificate",
            "type": "certificate",
            "issuer": "college",
            "subject": "it",
            "credits": {"value": 12, "unit": "ects"},
            "meaning": {
                "outcomes": ["does it all"],
                "skills": [{"skill": "all", "url": "https://skills.example/all", "framework": "Skills"}],
            },
        },
    ],
    "stacks": [
        {
            "id": "s",
            "title": "The Stack",
            "awards": "certificate",
            "source": "https://college.example/s",
            "requires": {"all": [{"award": "a"}, {"award": "b"}]},
        }
    ],
}


def completed(worker_id: str = "ann", catalog: Mapping[str, Any] = CATALOG, *achievements: str) -> Completed:
    """A worker who holds these achievements (a and b), and so the stack `s`."""
    compiled = compile_catalog(Catalog.model_validate_json(json.dumps(catalog)))
    held = [
        record_adapter.validate_json(json.dumps(award_record(worker_id, one, day)))
        for day, one in enumerate(achievements or ("a", "b"), 1)
    ]
    known = facts(add(EMPTY, held))
    return Completed.of(worker_id, evaluate(compiled.stack("s"), known, AS_OF, compiled), compiled)


def award_record(worker_id: str, achievement: str, day: int) -> dict[str, Any]:
    """An award of the college's, earned on a day of May."""
    return {
        "kind": "award",
        "record_id": f"00000000-0000-4000-8000-{day:012}",
        "worker_id": worker_id,
        "source": "lms",
        "issuer_id": "college",
        "award_id": f"urn:award:{achievement}",
        "occurred_at": f"2026-05-0{day}T00:00:00Z",
        "received_at": f"2026-05-0{day}T00:00:00Z",
        "achievement": {"id": achievement},
        "trust": 1,
    }


def verified_elsewhere(credential: Any, document_at: Callable[[str], Any]) -> str:
    """The issuer, by who has never heard of us: openvc-core for a proof, openbadgeslib for a token.

    `document_at` gives the issuer's documents by their addresses. Raises: what these raise; both know `revoked`.
    """
    if isinstance(credential, str):
        return _token_verified(credential, document_at)
    resolver = DidResolverRegistry([DidWebResolver(fetch=document_at)])

    def status_list(address: str) -> Any:
        return verify_credential(document_at(address), resolver=resolver).credential

    issuer = verify_credential(credential, resolver=resolver, resolve_status_list=status_list).issuer
    assert issuer is not None
    return issuer


def _token_verified(token: str, document_at: Callable[[str], Any]) -> str:
    """Our status lists carry a proof and not a token, so that openbadgeslib reads them without checking it."""

    def download(address: str, *_: Any, **__: Any) -> bytes:
        return json.dumps(document_at(address)).encode()

    verifier = OB3Verifier.for_issuer_did(DID, download)
    found = verifier.verify(token, check_status=True, verify_status_list=False, download=download)
    return str(found.issuer.id)
