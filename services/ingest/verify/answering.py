"""Answers that are found in the same way whatever the credential is: whose key, who is registered, about whom.

Each gives one `services.core.trust.Answer` at an instant; nothing is fetched but by `Keys`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from schemas.registry import Registries
from services.core.pseudonyms import digest_of
from services.core.registries import standing
from services.core.trust import Answer, no, unknown, yes
from services.ingest.verify.documents import Document, as_list, id_of
from services.ingest.verify.keys import Keys
from services.ingest.verify.proofs import Checked

MAILTO = "mailto:"


def whose_key(proof: Checked, keys: Keys, issuer: str | None, at: datetime) -> Answer:
    """Whether the key of a signature that holds is the issuer's."""
    if not proof.holds:
        return unknown("no_proof", "there is no signature that holds", at)
    if proof.method is None or not proof.method.id:
        return unknown("own_key", "the token brings its own key, which proves nothing about its issuer", at)
    return keys.bound(proof.method, issuer or "")


def registered(issuer: str | None, known: Registries, at: datetime) -> Answer:
    """Whether a registry that is trusted here lists the issuer."""
    if issuer is None:
        return unknown("no_issuer", "it names no issuer", at)
    found = standing(issuer, known, at)
    if found.answer == "registered":
        return yes("registered", f"{issuer} is known to {found.by}", at)
    if found.answer == "distrusted":
        return no("distrusted", f"{issuer} is distrusted here", at)
    if found.unchecked:
        return unknown("unchecked", f"no registry knows {issuer}; {', '.join(found.unchecked)} could not be asked", at)
    return unknown("not_registered", f"no registry that is trusted here knows {issuer}", at)


def evidenced(has_evidence: bool, at: datetime) -> Answer:  # noqa: FBT001 - the answer is about it
    """Whether it says what the achievement rests on."""
    if has_evidence:
        return yes("given", "it says what the achievement rests on", at)
    return no("none", "it does not say what the achievement rests on", at)


def covered(proof: Checked, outside: str, at: datetime) -> Answer:
    """Whether every member is vouched for; `outside` says in a few words what those are that are not."""
    if not proof.holds:
        return unknown("no_proof", "nothing vouches for any of it", at)
    if proof.dropped:
        return no("uncovered", f"{outside}: {', '.join(proof.dropped[:5])}", at)
    return yes("covered", "every member is vouched for", at)


def about(subject: Any, subjects: Collection[str], at: datetime) -> Answer:
    """Whether a credential subject is who it was shown for, by its id or by an identity, hashed or not."""
    identities = as_list(subject.get("identifier")) if isinstance(subject, dict) else []
    stated = [(one, "identityHash") for one in identities if isinstance(one, dict)]
    return _about(id_of(subject), stated, subjects, at)


def about_recipient(recipient: Any, subjects: Collection[str], at: datetime) -> Answer:
    """The same of an Open Badges 2.0 recipient."""
    return _about(None, [(recipient, "identity")] if isinstance(recipient, dict) else [], subjects, at)


def _about(
    own_id: str | None, identities: list[tuple[Document, str]], subjects: Collection[str], at: datetime
) -> Answer:
    if not subjects:
        return unknown("not_asked", "nobody was named whom it should be about", at)
    if own_id is None and not identities:
        return unknown("not_stated", "it does not say by an id whom it is about", at)
    if own_id in subjects or any(_is_of(one, member, subjects) for one, member in identities):
        return yes("same", "it is about this worker", at)
    return no("another", "it is about somebody else", at)


def _is_of(identity: Document, member: str, subjects: Collection[str]) -> bool:
    """Whether an identity object is of one of these ids; an address may be stated with or without mailto:.

    Source: Open Badges 3.0, B.1.12 IdentityObject; Open Badges 2.0, IdentityObject.
    """
    stated, salt = identity.get(member), identity.get("salt") or ""
    if not isinstance(stated, str) or not isinstance(salt, str):
        return False
    if identity.get("hashed") is not True:
        return any(stated.removeprefix(MAILTO) == one.removeprefix(MAILTO) for one in subjects)
    return any(digest_of(stated, one, salt) == stated.lower() for one in _spellings(subjects))


def _spellings(subjects: Iterable[str]) -> set[str]:
    plain = {one.removeprefix(MAILTO) for one in subjects}
    return {*plain, *(one.lower() for one in plain), *subjects}


def name_of(value: Any) -> str | None:
    """The name of an achievement, an issuer, a badge class."""
    return text(value.get("name")) if isinstance(value, dict) else None


def text(value: Any) -> str | None:
    """A value that is a text."""
    return value if isinstance(value, str) else None
