"""Signed bodies, and keys that change."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from joserfc.jwk import KeySet, RSAKey
from joserfc.jws import serialize_compact

from services.ingest.hooks.signed import READ_SECONDS, RENEW_SECONDS, SenderKeys, opened
from services.ingest.hooks.standard import NotSigned
from services.runtime.errors import Unavailable

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PREVIOUS, CURRENT, NEXT, FORGED = (
    RSAKey.generate_key(2048, {"kid": name}) for name in ("previous", "current", "next", "next")
)
EVENT = b'{"metadata":{"event_name":"course_completed"},"body":{}}'


def token(key: RSAKey = CURRENT, payload: bytes = EVENT, **header: Any) -> bytes:
    """A body as Canvas sends it."""
    return serialize_compact({"alg": "RS256", "kid": key.kid, **header}, payload, key, algorithms=["RS256"]).encode()


class Published:
    """What a sender publishes, and how often it was asked."""

    def __init__(self, *keys: RSAKey) -> None:
        self.keys = keys
        self.asked = 0

    def read(self, _where: str) -> bytes:
        """The JWKS."""
        self.asked += 1
        if not self.keys:
            raise OSError("away")
        return json.dumps(KeySet([*self.keys]).as_dict(private=False)).encode()


def clock(step: float = READ_SECONDS) -> Iterator[float]:
    """Seconds that pass from look to look."""
    return count(0.0, step)


async def test_what_the_sender_signed_is_opened() -> None:
    """As the octets that were signed."""
    published, time = Published(PREVIOUS, CURRENT), clock()
    keys = SenderKeys("keys", lambda: next(time), published.read)
    assert await opened(token(), keys, NOW, 0) == EVENT
    assert await opened(token(PREVIOUS), keys, NOW, 0) == EVENT
    assert published.asked == 1


async def test_a_key_that_is_not_known_yet_is_asked_for() -> None:
    """The one before it is good for as long as the sender publishes it, too."""
    published, time = Published(PREVIOUS, CURRENT), clock()
    keys = SenderKeys("keys", lambda: next(time), published.read)
    await opened(token(), keys, NOW, 0)
    published.keys = (CURRENT, NEXT)
    assert await opened(token(NEXT), keys, NOW, 0) == EVENT
    assert await opened(token(CURRENT), keys, NOW, 0) == EVENT
    assert published.asked == 2
    with pytest.raises(NotSigned):
        await opened(token(PREVIOUS), keys, NOW, 0)


async def test_a_key_that_its_sender_withdrew_is_good_for_an_hour_at_most() -> None:
    """Whether or not a new one was used meanwhile; a sender that cannot be asked withdraws nothing."""
    published, time = Published(CURRENT), clock(RENEW_SECONDS)
    keys = SenderKeys("keys", lambda: next(time), published.read)
    await opened(token(), keys, NOW, 0)
    published.keys = ()
    assert await opened(token(), keys, NOW, 0) == EVENT
    published.keys = (NEXT,)
    with pytest.raises(NotSigned):
        await opened(token(), keys, NOW, 0)


async def test_forged_tokens_do_not_make_us_ask_all_the_time() -> None:
    """The sender's address is asked at most every few seconds."""
    published, time = Published(CURRENT), clock(0.1)
    keys = SenderKeys("keys", lambda: next(time), published.read)
    for _ in range(20):
        with pytest.raises(NotSigned):
            await opened(token(FORGED), keys, NOW, 0)
    assert published.asked == 1


async def test_keys_that_cannot_be_read_are_a_fault_of_ours() -> None:
    """The sender tries again later."""
    keys = SenderKeys("keys", lambda: 0.0, Published().read)
    with pytest.raises(Unavailable):
        await opened(token(), keys, NOW, 0)


@pytest.mark.parametrize(
    "body",
    [
        EVENT,
        b"",
        b"a.b.c",
        b"ey.ey.ey",
        token()[:-6] + b"AAAAAA",
        token(FORGED),
        token(payload=json.dumps({"exp": NOW.timestamp() - 61}).encode()),
        token(payload=json.dumps({"nbf": NOW.timestamp() + 61}).encode()),
        b".".join((urlsafe_b64encode(b'{"alg":"none","kid":"current"}'), urlsafe_b64encode(EVENT), b"")),
    ],
)
async def test_anything_else_is_nobodys(body: bytes) -> None:
    """Unsigned, broken, forged, expired, not good yet, or signed with nothing."""
    keys = SenderKeys("keys", lambda: 0.0, Published(CURRENT, NEXT).read)
    with pytest.raises(NotSigned):
        await opened(body, keys, NOW, 60)
