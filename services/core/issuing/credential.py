"""A completed stack as an Open Badges 3.0 AchievementCredential, with the evidence behind it, not yet signed.

What the credential says is what the stack and its catalog say; nothing is made up. The worker is named by the id that
the issuer was given: a DID, or the worker's own id as a URN, or an e-mail address as a salted hash.
Source: Open Badges 3.0, sections B.1 to B.4 and 8, https://www.imsglobal.org/spec/ob/v3p0/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from schemas.catalog import Offered
from services.core.issuing.achievement import achievement, as_uri, is_uri
from services.core.meaning.recognition import name_of
from services.core.stacks.compiled import CompiledCatalog
from services.core.stacks.copies import Copy
from services.core.stacks.outcome import Evaluation, Outcome

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
# WARNING: the namespace and the name below are for ever: otherwise a completion issued again is a second credential.
CREDENTIALS = UUID("0d7a2f5c-6a53-5b0e-9a46-2f2f6f3f1c7e")
_MAIL = "mailto:"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: its DID and how it is shown."""

    did: str
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a credential's bit is."""

    list_url: str
    index: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One award that the completion rests on."""

    copy: Copy
    rule: str
    name: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A worker's stack, complete."""

    worker_id: str
    evaluation: Evaluation
    catalog: CompiledCatalog
    completed_at: datetime

    @classmethod
    def of(cls, worker_id: str, evaluation: Evaluation, catalog: CompiledCatalog) -> Completed:
        """Raises: ValueError when it is not complete."""
        if not evaluation.complete:
            raise ValueError(
                f"{evaluation.stack.id} is {evaluation.status} for {worker_id}: only what is complete is issued"
            )
        return cls(worker_id, evaluation, catalog, evaluation.earned_at or evaluation.as_of)

    @property
    def awarded(self) -> Offered:
        """The achievement that is awarded: the one that the stack names, else the stack itself."""
        stack = self.evaluation.stack.document
        known = self.catalog.achievements.get(stack.awards or "")
        return known or Offered(id=stack.awards or stack.id, name=stack.title, level=stack.level)

    def evidence(self) -> tuple[Evidence, ...]:
        """The awards that it rests on, each once, in the order of the rules; those of nested stacks included."""
        found: dict[str, Evidence] = {}
        for copy, path in _used(self.evaluation.root):
            name = name_of(copy.via or copy.achievement, self.catalog)
            issuer = next((one.name for one in self.catalog.document.issuers if one.id == copy.issuer), None)
            found.setdefault(copy.key, Evidence(copy, path, name, issuer or copy.issuer))
        return tuple(found.values())


def credential_id(did: str, completed: Completed) -> str:
    """The id of the credential for a completion: issuing the same again gives the same id.

    A completion of another version, or after the stack had lapsed, is another credential.
    """
    stack = completed.evaluation.stack
    parts = (did, completed.worker_id, stack.id, stack.version, completed.completed_at.isoformat())
    return f"urn:uuid:{uuid5(CREDENTIALS, json.dumps(parts))}"


def unsigned(completed: Completed, issuer: Issuer, subject: str, status: Status, salt: str) -> dict[str, Any]:
    """The credential without its proof. `subject` is a DID, an id, or a mailto: address, hashed with `salt`."""
    awarded, evaluation = completed.awarded, completed.evaluation
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "id": credential_id(issuer.did, completed),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": _profile(issuer),
        "validFrom": _instant(completed.completed_at),
        "awardedDate": _instant(completed.completed_at),
        "name": awarded.name or awarded.id,
        "credentialSubject": {
            **_subject(subject, salt),
            "type": ["AchievementSubject"],
            "achievement": achievement(completed.awarded, completed.evaluation.stack.document),
        },
        "evidence": [_evidence(one) for one in completed.evidence()],
        "credentialStatus": {
            "id": f"{status.list_url}#{status.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status.index),
            "statusListCredential": status.list_url,
        },
    }
    if evaluation.valid_until is not None:
        made["validUntil"] = _instant(evaluation.valid_until)
    if not made["evidence"]:
        del made["evidence"]
    return made


def _used(outcome: Outcome) -> Iterator[tuple[Copy, str]]:
    for copy in outcome.used:
        yield copy, outcome.node.path
    for child in outcome.children:
        yield from _used(child)
    if outcome.nested is not None:
        yield from _used(outcome.nested.root)


def _profile(issuer: Issuer) -> dict[str, Any]:
    told = {"id": issuer.did, "type": ["Profile"], "name": issuer.name}
    return told | ({"url": issuer.url} if issuer.url else {})


def _subject(subject: str, salt: str) -> dict[str, Any]:
    if not subject.lower().startswith(_MAIL):
        return {"id": as_uri(subject, "worker")}
    address = subject[len(_MAIL) :].lower()
    identity = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${sha256(f'{address}{salt}'.encode()).hexdigest()}",
        "identityType": "emailAddress",
        "salt": salt,
    }
    return {"identifier": [identity]}


def _evidence(one: Evidence) -> dict[str, Any]:
    copy = one.copy
    told = f"Issued by {one.issuer} on {copy.earned_at:%Y-%m-%d}; serves {one.rule or '/'} of the requirements."
    made: dict[str, Any] = {"type": ["Evidence"], "name": one.name, "narrative": told, "genre": "award"}
    award_id = copy.key.removeprefix(f"{copy.issuer}/")
    return {"id": award_id, **made} if is_uri(award_id) else made


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
