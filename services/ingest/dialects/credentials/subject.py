"""Whom a credential is about: of all that it says of its subject, the one identifier by which the worker is known.

A credential may name its subject several ways at once. The way that others most likely know the worker by is taken: an
e-mail address, in plain text or hashed; then the subject's id; then ids that the issuer's own systems use. That two
identifiers are one person is not concluded from a credential: that takes a `link` record, from whoever may send one.

Where nothing names the subject (the credential of whoever holds it), the worker is "the holder of this credential", an
account of its own that a link can give to somebody.
Source: Open Badges 3.0, B.1.2 AchievementSubject and B.1.12 IdentityObject; Open Badges 2.0, IdentityObject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from services.ingest.dialects.credentials.place import Place

Person = Mapping[str, Any]
"""The members of a record that say whom it is about: `account` or `worker_id`."""
_OURS = "urn:stepwell:worker:"
"""How Stepwell's own credentials name a worker who has no URI (services/core/issuing)."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+").fullmatch
_DID = re.compile(r"did:[a-z0-9]+:.+").fullmatch
_HASH = re.compile(r"(?:sha256\$[0-9a-f]{64}|md5\$[0-9a-f]{32})", re.IGNORECASE).fullmatch
_MAX_ADDRESS = 390
_NO_IDENTIFIERS = frozenset(("name", "isbn", "issn"))
"""Identity types that tell no person apart."""
_EMAIL_TYPES = frozenset(("emailaddress", "email"))


class _Identity(NamedTuple):
    rank: int
    person: Person


def holder_of(issuer_id: str, credential_id: str) -> Person:
    """Whoever holds this credential."""
    return {"account": {"account": {"homePage": issuer_id, "name": credential_id}}}


def subject_of(subject: Place, issuer_id: str) -> Person | None:
    """Whom `credentialSubject` names; None when nobody."""
    found = [_identity(each, issuer_id, _MEMBERS_3) for each in subject.all_of("identifier")]
    if (said := subject.member("id")) is not None and (uri := said.uri()) is not None:
        found.append(_of_id(said, uri))
    return _best(found)


def recipient_of(recipient: Place, issuer_id: str) -> Person | None:
    """Whom an Open Badges 2.0 `recipient` names; None when it is at fault."""
    recipient.required("type", "say what the identity is, such as email")
    return _best([_identity(recipient, issuer_id, _MEMBERS_2)])


def _best(found: list[_Identity | None]) -> Person | None:
    return min((each for each in found if each is not None), key=lambda each: each.rank, default=_NOBODY).person or None


_NOBODY = _Identity(9, {})


class _Members(NamedTuple):
    """What the members of an identity object are called."""

    identity: str
    type: str


_MEMBERS_3 = _Members("identityHash", "identityType")
_MEMBERS_2 = _Members("identity", "type")


def _identity(place: Place, issuer_id: str, members: _Members) -> _Identity | None:
    if not place.is_object:
        place.wrong("wrong_type", "must be an object that says an identity and its type")
        return None
    said = place.required(members.identity, "the identity, or its hash")
    identity = None if said is None else said.identifier()
    is_hashed = _is_hashed(place)
    kind = place.at(members.type, _kind(place.members.get(members.type))).label()
    if said is None or identity is None or is_hashed is None or kind is None:
        return None
    if is_hashed:
        return _hashed(place, said.at("", identity), kind, said)
    return _plain(said, identity, kind, issuer_id)


def _kind(said: Any) -> Any:
    """The identity's type; of several, the first."""
    return said[0] if isinstance(said, list) and said else said


def _is_hashed(place: Place) -> bool | None:
    hashed = place.member("hashed")
    if hashed is None:
        return False
    if not isinstance(hashed.value, bool):
        hashed.wrong("wrong_type", "must be true or false")
        return None
    return hashed.value


def _hashed(place: Place, identity: Place, kind: str, said: Place) -> _Identity | None:
    if not _HASH(identity.value):
        said.wrong(
            "not_a_hash", "must be sha256$ or md5$ and the hexadecimal digits, as `hashed` says that it is hashed"
        )
        return None
    salt = place.member("salt")
    text = "" if salt is None else salt.value if isinstance(salt.value, str) else None
    if salt is not None and text is None:
        salt.wrong("wrong_type", "must be text")
        return None
    is_mail = kind.lower() in _EMAIL_TYPES
    hashed = {"hash": identity.value.lower(), "salt": text, "type": "emailAddress" if is_mail else kind}
    return _Identity(1 if is_mail else 4, {"account": {"identity_hash": hashed}})


def _plain(said: Place, identity: str, kind: str, issuer_id: str) -> _Identity | None:
    if kind.lower() in _EMAIL_TYPES:
        return _of_address(said, identity)
    if kind in _NO_IDENTIFIERS:
        return None
    uses: Mapping[str, Callable[[], _Identity]] = {
        "url": lambda: _Identity(2, {"account": {"openid": identity}}),
        "telephone": lambda: _Identity(3, {"account": {"openid": f"tel:{identity}"}}),
    }
    there = {"homePage": issuer_id, "name": f"{kind}:{identity}"[:2048]}
    return uses.get(kind, lambda: _Identity(3, {"account": {"account": there}}))()


def _of_id(said: Place, uri: str) -> _Identity | None:
    if uri.lower().startswith("mailto:"):
        return _of_address(said, uri)
    if uri.startswith(_OURS):
        return _Identity(2, {"worker_id": unquote(uri[len(_OURS) :]) or uri})
    if _DID(uri):
        return _Identity(2, {"account": {"did": uri}})
    return _Identity(2, {"account": {"openid": uri}})


def _of_address(said: Place, text: str) -> _Identity | None:
    address = text[len("mailto:") :] if text.lower().startswith("mailto:") else text
    if not _ADDRESS(address) or len(address) > _MAX_ADDRESS:
        said.wrong("not_an_address", "must be an e-mail address such as ana@example.org")
        return None
    return _Identity(0, {"account": {"mbox": f"mailto:{address}"}})
