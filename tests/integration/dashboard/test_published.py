"""What the issuer publishes, served to anybody."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.builders.analytics import Tables


@pytest.fixture
def published(tables: Tables) -> Tables:
    """A DID document, one below a path, and a status list."""
    for path, media_type in (
        ("/.well-known/did.json", "application/did+json"),
        ("/it/x/did.json", "application/did+json"),
        ("/status/1", "application/vc"),
        ("/it/x/status/2", "application/vc"),
    ):
        row = {"path": path, "media_type": media_type, "body": f'{{"path":"{path}"}}', "version": 1}
        tables.put("published_documents", row)
    return tables


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("path", ["/.well-known/did.json", "/it/x/did.json", "/status/1", "/it/x/status/2"])
def test_anybody_reads_it_byte_by_byte(visitor: TestClient, path: str) -> None:
    """Without logging in, from any site, and caches may keep it for a while."""
    answer = visitor.get(path)
    assert (answer.status_code, answer.json()) == (200, {"path": path})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["content-type"].startswith("application/")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("path", ["/status/9", "/other/did.json", "/status/1/x"])
def test_what_is_not_published_is_not_found(visitor: TestClient, path: str) -> None:
    """And no page is shadowed."""
    assert visitor.get(path).status_code == 404
    assert visitor.get("/workers/status/1").status_code == 303
