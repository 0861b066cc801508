"""Documents that the issuer publishes: its DID document and its status lists, by the path they are asked for at.

They are signed where the keys are, by whoever issues, and stored; whoever serves them needs no key. Publishing the same
again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.runtime.clickhouse import Client, unavailable

COLUMNS = ("path", "media_type", "body", "version")
_READ = "SELECT media_type, body FROM published_documents FINAL WHERE path = {path:String}"


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A document and the absolute path it is served at."""

    path: str
    media_type: str
    body: str


def publish(client: Client, documents: Iterable[PublishedDocument], version: Callable[[], int]) -> None:
    """Put documents in force. Raises: Unavailable."""
    number = version()
    rows = [[one.path, one.media_type, one.body, number] for one in documents]
    with unavailable():
        client.insert("published_documents", rows, column_names=COLUMNS)


def read_published(client: Client, path: str) -> PublishedDocument | None:
    """The document at a path; None when there is none. Raises: Unavailable."""
    with unavailable():
        rows = client.query(_READ, parameters={"path": path}).result_rows
    return PublishedDocument(path, *rows[0]) if rows else None
