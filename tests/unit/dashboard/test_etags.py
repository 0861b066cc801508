"""ETags: same answer, same tag; weak, as the instant that an answer speaks of does not count."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.dashboard.etags import ETags, etag_of, is_known


def test_only_what_an_answer_says_counts() -> None:
    """Not when it was given."""
    one, same = b'{"as_of":"2026-01-01T00:00:00Z","n":1}', b'{"as_of":"2026-01-02T00:00:00Z","n":1}'

    assert etag_of(one) == etag_of(same)
    assert etag_of(one) != etag_of(b'{"as_of":"2026-01-01T00:00:00Z","n":2}')


@pytest.mark.parametrize("known", ['W/"a"', '"a"', '"b", W/"a"', "*"])
def test_comparison_is_weak(known: str) -> None:
    """RFC 9110, 13.1.2: a list, weak or strong, or anything at all."""
    assert is_known('W/"a"', known)
    assert not is_known('W/"a"', '"b"')


def answered(path: str, status: int, content_type: str, if_none_match: str = "") -> list[Any]:
    """What the middleware sends of an answer that comes in two pieces."""
    sent: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", content_type.encode()), (b"content-length", b"8")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"n"', "more_body": True})
        await send({"type": "http.response.body", "body": b": 1}"})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"if-none-match", if_none_match.encode())]}
    asyncio.run(ETags(app)(scope, None, send))  # type: ignore[arg-type]
    return sent


def test_an_answer_of_the_api_is_tagged_and_whole() -> None:
    """And may be kept by the client alone."""
    start, body = answered("/api/v1/x", 200, "application/json")
    headers = dict(start["headers"])

    assert (start["status"], body["body"]) == (200, b'{"n": 1}')
    assert headers[b"etag"].decode() == etag_of(b'{"n": 1}')
    assert headers[b"cache-control"] == b"private, no-cache"


def test_what_the_client_has_is_not_sent_again() -> None:
    """304, without a body."""
    start, body = answered("/api/v1/x", 200, "application/json", etag_of(b'{"n": 1}'))

    assert (start["status"], body["body"]) == (304, b"")
    assert b"content-length" not in dict(start["headers"])


@pytest.mark.parametrize(
    "path, status, content_type",
    [("/x", 200, "application/json"), ("/api/x", 404, "application/json"), ("/api/x", 200, "text/event-stream")],
)
def test_other_answers_pass_as_they_come(path: str, status: int, content_type: str) -> None:
    """Pages, refusals and streams."""
    start, *bodies = answered(path, status, content_type)

    assert b"etag" not in dict(start["headers"])
    assert len(bodies) == 2
