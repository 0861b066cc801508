"""Who and which, for dialects that name people and facts by IRIs: accounts, and ids that are the same each time.

Apart from every dialect because several of them may speak of one person: Canvas as Canvas and Canvas as Caliper must
come out as one account.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from services.ingest.dialects.xapi.identity import id_made_of

_MBOX = re.compile(r"mailto:[^@\s]+@[^@\s]+").fullmatch
_DID = re.compile(r"did:[a-z0-9]+:.+").fullmatch
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})").fullmatch


def account_of(iri: str) -> dict[str, Any]:
    """The account of the person that an IRI stands for.

    A mailto IRI is an address, a DID is a DID. Any other is an account whose name is the IRI and whose home page is
    where the IRI is from: the origin of a URL, the name space of a URN (`urn:instructure`).
    """
    if _MBOX(iri):
        return {"mbox": iri}
    if _DID(iri):
        return {"did": iri}
    return {"account": {"homePage": _origin(iri), "name": iri}}


def record_id(source: str, *stated: str) -> UUID:
    """The id of what a source states under an id of its own: the UUID that the id is, else one made of all that."""
    if len(stated) == 1 and (found := _UUID(stated[0])):
        return UUID(found.group(1))
    return UUID(bytes=id_made_of("\n".join((source, *stated)).encode("utf-8", "surrogatepass")))


def _origin(iri: str) -> str:
    try:
        parts = urlsplit(iri)
    except ValueError:
        parts = urlsplit("")
    if parts.netloc:
        return f"{parts.scheme}://{parts.netloc}"
    return ":".join(iri.split(":")[:2]) or iri
