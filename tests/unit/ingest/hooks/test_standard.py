"""Standard Webhooks: which messages are their sender's."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.ingest.hooks.standard import NotSigned, sign, verify

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET, OLD = (f"whsec_{b64encode(bytes([number]) * 24).decode()}" for number in (1, 2))
BODY = b'{"type":"award.created"}'


def headers(signature: str, at: datetime = NOW, message_id: str = "msg_1") -> dict[str, str]:
    """The headers of a message."""
    stamp = str(int(at.timestamp()))
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature}


def test_the_published_example_is_signed_alike() -> None:
    """Source: the Standard Webhooks specification and the reference libraries' own test vector."""
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_one_signature_of_one_known_secret_is_enough() -> None:
    """While either side changes its secret there are two."""
    both = f"{sign(OLD, 'msg_1', NOW, BODY)} {sign(SECRET, 'msg_1', NOW, BODY)}"
    assert verify(headers(both), BODY, [SECRET], NOW, 300) == "msg_1"
    assert verify(headers(sign(OLD, "msg_1", NOW, BODY)), BODY, [SECRET, OLD], NOW, 300) == "msg_1"


def test_a_public_key_is_as_good_as_a_secret() -> None:
    """Source: Standard Webhooks, asymmetric signatures (v1a)."""
    key = Ed25519PrivateKey.generate()
    public = f"whpk_{b64encode(key.public_key().public_bytes_raw()).decode()}"
    signed = key.sign(f"msg_1.{int(NOW.timestamp())}.".encode() + BODY)
    told = headers(f"v1a,{b64encode(signed).decode()}")
    assert verify(told, BODY, [public], NOW, 300) == "msg_1"
    with pytest.raises(NotSigned):
        verify(told, BODY + b" ", [public], NOW, 300)


GOOD = sign(SECRET, "msg_1", NOW, BODY)


@pytest.mark.parametrize(
    "told, body",
    [
        ({}, BODY),
        (headers(GOOD), BODY + b" "),
        (headers(GOOD, message_id="msg_2"), BODY),
        (headers(GOOD, NOW + timedelta(seconds=1)), BODY),
        (headers(sign(OLD, "msg_1", NOW, BODY)), BODY),
        (headers("v1,not base64!"), BODY),
        (headers("v2,abcd"), BODY),
        (headers("v1a" + GOOD[2:]), BODY),
        ({**headers(GOOD), "webhook-timestamp": "noon"}, BODY),
    ],
)
def test_anything_else_is_nobodys(told: dict[str, str], body: bytes) -> None:
    """Another body, id, time, secret or scheme."""
    with pytest.raises(NotSigned):
        verify(told, body, [SECRET], NOW, 300)


@pytest.mark.parametrize("seconds, is_fresh", [(-300, True), (300, True), (-301, False), (301, False)])
def test_a_message_is_good_for_as_long_as_is_tolerated(seconds: int, *, is_fresh: bool) -> None:
    """One that was recorded cannot be played again for ever, and clocks may differ."""
    at = NOW + timedelta(seconds=seconds)
    told = headers(sign(SECRET, "msg_1", at, BODY), at)
    if is_fresh:
        assert verify(told, BODY, [SECRET], NOW, 300) == "msg_1"
        return
    with pytest.raises(NotSigned):
        verify(told, BODY, [SECRET], NOW, 300)
