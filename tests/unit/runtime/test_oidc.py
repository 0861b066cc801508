"""Bearer tokens of an OpenID Connect provider."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from services.runtime.errors import Unavailable
from services.runtime.oidc import Provider, Tokens, looks_like_a_token

KEY, OTHER = (RSAKey.generate_key(2048, {"kid": name}) for name in ("one", "two"))
PROVIDER = Provider("https://id.example.org", "stepwell", "keys.json")
GOOD = {
    "iss": PROVIDER.issuer,
    "aud": "stepwell",
    "azp": "lms",
    "exp": 4_000_000_000,
    "scope": "statements/write statements/read/mine",
}


def token(key: RSAKey = KEY, **claims: Any) -> str:
    """A token; None takes a claim away."""
    said = {name: value for name, value in {**GOOD, **claims}.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": key.kid}, said, key)


def tokens(*keys: RSAKey) -> Tokens:
    """A checker that knows keys."""
    return Tokens(PROVIDER, lambda _: json.dumps(KeySet([*keys]).as_dict(private=False)).encode())


async def test_a_good_token_is_its_clients_credential() -> None:
    """Source and scopes are the token's; an API key does not look like one."""
    credential = await tokens(KEY).verify(token())
    assert credential is not None
    assert (credential.owner, credential.scopes) == ("lms", frozenset(("statements/write", "statements/read/mine")))
    assert credential.allows("statements/write")
    assert not credential.allows("state")
    assert looks_like_a_token(token())
    assert not looks_like_a_token("src_0123.s3cret")


@pytest.mark.parametrize(
    "wrong",
    [
        token(OTHER),
        token(iss="https://else.example.org"),
        token(aud="another"),
        token(exp=int(time.time()) - 3600),
        token(exp=None),
        token(azp=None),
        token()[:-4] + "AAAA",
        "ey.ey.ey",
    ],
)
async def test_any_other_token_is_none(wrong: str) -> None:
    """Another key, issuer, audience; too old, without an end or a client; changed, or no token at all."""
    assert await tokens(KEY).verify(wrong) is None


async def test_new_keys_are_found_and_absent_ones_are_no_refusal() -> None:
    """A provider rotates its keys; one that cannot be read makes us unavailable, and nobody unwelcome."""
    known, now = [KEY], [0.0]
    checker = Tokens(PROVIDER, lambda _: json.dumps(KeySet([*known]).as_dict(private=False)).encode(), lambda: now[0])
    assert await checker.verify(token()) is not None
    known.append(OTHER)
    now[0] = 60.0
    assert await checker.verify(token(OTHER)) is not None
    with pytest.raises(Unavailable):
        await Tokens(Provider("x:y", "z", "/nowhere/keys.json")).verify(token())
