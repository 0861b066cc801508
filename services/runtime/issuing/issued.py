"""Issued credentials: kept so that one completion is one credential, and so that one can be taken back.

Invariant: a status index belongs to one credential of its list for ever. The row is written before anything is
published, so that whatever stopped in between is put right by doing it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orjson import dumps, loads

from services.core.issuing import (
    Completed,
    Status,
    credential_id,
    did_document,
    document_path,
    free_index,
    status_list,
    unsigned,
    web_base,
)
from services.core.issuing.status import ListFull
from services.runtime.clickhouse import Client, unavailable
from services.runtime.errors import Conflict, Rejected
from services.runtime.issuing.keyring import Keyring
from services.runtime.issuing.published import PublishedDocument, publish
from services.runtime.issuing.signing import secured, token

COLUMNS = (
    "credential_id",
    "worker_id",
    "stack_id",
    "status_list",
    "status_index",
    "document",
    "token",
    "issued_at",
    "revoked_at",
    "revoked_reason",
    "version",
)
_ONE = f"SELECT {', '.join(COLUMNS[:-1])} FROM issued_credentials FINAL"  # noqa: S608 - names of our own
_BITS = "SELECT status_list, status_index, revoked_at IS NOT NULL AS is_revoked FROM issued_credentials FINAL"
SALT_OCTETS = 16


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """One credential as it was issued; columns as in the table."""

    credential_id: str
    worker_id: str
    stack_id: str
    status_list: str
    status_index: int
    document: str
    token: str
    issued_at: datetime
    revoked_at: datetime | None = None
    revoked_reason: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """Where credentials are issued: the tables, the keys, and what cannot be worked out.

    `draw(n)` gives a random whole number below n, `randomness(n)` n random octets, `version` numbers that grow.
    """

    client: Client
    keyring: Keyring
    clock: Callable[[], datetime]
    draw: Callable[[int], int]
    randomness: Callable[[int], bytes]
    version: Callable[[], int]

    def issue(self, completed: Completed, subject: str) -> IssuedCredential:
        """The credential of a completion; the one there is when it was issued before.

        Raises: Conflict when it was issued and revoked; Unavailable.
        """
        issuer, at = self.keyring.issuer, self.clock()
        name = credential_id(issuer.did, completed)
        issued = self.find(name)
        if issued is not None and issued.revoked_at is not None:
            raise Conflict(name, f"was revoked at {issued.revoked_at.isoformat()}")
        if issued is None:
            status = self._status()
            bare = unsigned(completed, issuer, subject, status, self.randomness(SALT_OCTETS).hex())
            key = self.keyring.current
            issued = IssuedCredential(
                credential_id=name,
                worker_id=completed.worker_id,
                stack_id=completed.evaluation.stack.id,
                status_list=status.list_url,
                status_index=status.index,
                document=dumps(secured(bare, issuer.did, key, at)).decode(),
                token=token(bare, issuer.did, key),
                issued_at=at,
            )
            self._write(issued)
        self.publish()
        return issued

    def revoke(self, name: str, reason: str) -> IssuedCredential:
        """Take a credential back; a second time changes nothing. Raises: Rejected when there is none; Unavailable."""
        issued = self.find(name)
        if issued is None:
            raise Rejected.because("credential_unknown", f"no credential {name} was issued here")
        if issued.revoked_at is None:
            issued = replace(issued, revoked_at=self.clock(), revoked_reason=reason)
            self._write(issued)
        self.publish()
        return issued

    def find(self, name: str) -> IssuedCredential | None:
        """The credential of an id."""
        rows = self._rows(f"{_ONE} WHERE credential_id = {{name:String}}", name=name)
        return IssuedCredential(*rows[0]) if rows else None

    def all(self) -> list[IssuedCredential]:
        """Every credential, the newest first."""
        return [IssuedCredential(*row) for row in self._rows(f"{_ONE} ORDER BY issued_at DESC, credential_id")]

    def publish(self) -> None:
        """Put the DID document and every status list in force, signed with the current key."""
        did, key, at = self.keyring.issuer.did, self.keyring.current, self.clock()
        document = did_document(did, (one.public for one in self.keyring.standing))
        made = [_published(document_path(did), document, "application/did+json")]
        for url, bits in self._lists().items():
            signed = secured(
                status_list(url, did, (n for n, is_revoked in bits.items() if is_revoked), at), did, key, at
            )
            made.append(_published(_path(url), signed, "application/vc"))
        publish(self.client, made, self.version)

    def _status(self) -> Status:
        lists, number = self._lists(), 1
        while True:
            url = f"{web_base(self.keyring.issuer.did)}/status/{number}"
            try:
                return Status(url, free_index(lists.get(url, {}).keys(), self.draw))
            except ListFull:
                number += 1

    def _lists(self) -> dict[str, dict[int, bool]]:
        """Status list -> index -> whether it is revoked; the first list is there from the start."""
        lists: dict[str, dict[int, bool]] = {f"{web_base(self.keyring.issuer.did)}/status/1": {}}
        for url, index, is_revoked in self._rows(_BITS):
            lists.setdefault(url, {})[index] = bool(is_revoked)
        return lists

    def _rows(self, query: str, **parameters: str) -> list[Any]:
        with unavailable():
            return list(self.client.query(query, parameters=parameters).result_rows)

    def _write(self, issued: IssuedCredential) -> None:
        row = [getattr(issued, column) for column in COLUMNS[:-1]] + [self.version()]
        with unavailable():
            self.client.insert("issued_credentials", [row], column_names=COLUMNS)


def document_of(issued: IssuedCredential) -> dict[str, Any]:
    """The credential with its proof."""
    document: dict[str, Any] = loads(issued.document)
    return document


def _published(path: str, document: dict[str, Any], media_type: str) -> PublishedDocument:
    return PublishedDocument(path, media_type, dumps(document).decode())


def _path(url: str) -> str:
    return "/" + url.removeprefix("https://").partition("/")[2]
