"""The issuer's documents: its DID, its status lists, and how keys are written."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

import pytest

from services.core.issuing import (
    LIST_BITS,
    PublicKey,
    did_document,
    document_path,
    encoded_list,
    free_index,
    status_list,
    web_base,
)
from services.core.issuing.did import document_url
from services.core.issuing.multibase import base58, base64url, multikey
from services.core.issuing.status import ListFull


@pytest.mark.parametrize(
    "octets, text",
    [(b"", "z"), (b"\0\0a", "z112g"), (b"Hello World!", "z2NEpo7TZRRrLZSi2U"), (b"\xff" * 3, "z2UzHL")],
)
def test_base58_is_bitcoins(octets: bytes, text: str) -> None:
    """With leading zeros kept. Source: draft-msporny-base58, test vectors."""
    assert base58(octets) == text


def test_a_multikey_says_what_kind_of_key_it_is() -> None:
    """An Ed25519 key begins with z6Mk. Source: RFC 8032, 7.1, test 1."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert multikey(public) == "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"


@pytest.mark.parametrize(
    "did, base, path, url",
    [
        ("did:web:a.example", "https://a.example", "/.well-known/did.json", "https://a.example/.well-known/did.json"),
        ("did:web:a.example:it:x", "https://a.example/it/x", "/it/x/did.json", "https://a.example/it/x/did.json"),
        ("did:web:localhost%3A8080", "https://localhost:8080", "/.well-known/did.json", None),
    ],
)
def test_a_did_web_says_where_its_document_is(did: str, base: str, path: str, url: str | None) -> None:
    """Host, port and path. Source: did:web method, 3.2."""
    assert (web_base(did), document_path(did)) == (base, path)
    assert url is None or document_url(did) == url


@pytest.mark.parametrize("did", ["did:key:z6Mk", "did:web:", "did:web:a/b", "did:web:a.example:", "https://a.example"])
def test_another_name_is_refused(did: str) -> None:
    """With an example of one that is not."""
    with pytest.raises(ValueError, match="not a did:web"):
        web_base(did)


def test_a_did_document_lists_every_key_that_stands() -> None:
    """Each may assert."""
    document = did_document("did:web:a.example", [PublicKey("key-1", "z6MkA"), PublicKey("key-2", "z6MkB")])
    assert document["id"] == "did:web:a.example"
    assert document["assertionMethod"] == ["did:web:a.example#key-1", "did:web:a.example#key-2"]
    assert document["verificationMethod"][1] == {
        "id": "did:web:a.example#key-2",
        "type": "Multikey",
        "controller": "did:web:a.example",
        "publicKeyMultibase": "z6MkB",
    }


def test_a_status_list_has_one_bit_an_index_the_highest_first() -> None:
    """Source: Bitstring Status List 1.0, 3.1 (at least 131,072 bits, index 0 leftmost)."""
    text = encoded_list([0, 9, LIST_BITS - 1])
    bits = gzip.decompress(urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4)))
    assert (text[0], len(bits) * 8) == ("u", 131_072)
    assert (bits[0], bits[1], bits[-1]) == (0x80, 0x40, 0x01)
    assert sum(octet.bit_count() for octet in bits) == 3
    assert encoded_list([9, 0, LIST_BITS - 1]) == text


def test_a_status_list_credential_names_itself_and_its_issuer() -> None:
    """So that a verifier can hold it to the credential's issuer."""
    made = status_list("https://a.example/status/1", "did:web:a.example", [], datetime(2026, 1, 1, tzinfo=UTC))
    assert (made["id"], made["issuer"], made["validFrom"]) == (
        "https://a.example/status/1",
        "did:web:a.example",
        "2026-01-01T00:00:00Z",
    )
    assert made["credentialSubject"]["statusPurpose"] == "revocation"


def test_an_index_is_drawn_until_it_is_free() -> None:
    """And a list that is nearly full gives none, rather than taking for ever."""
    drawn = iter([5, 5, 7])
    assert free_index({5}, lambda _: next(drawn)) == 7
    with pytest.raises(ListFull):
        free_index(range(LIST_BITS * 3 // 4), lambda _: 0)
    with pytest.raises(ListFull):
        free_index({0}, lambda _: 0)


def test_base64url_has_no_padding() -> None:
    """As multibase u wants."""
    assert base64url(b"\xfb\xff") == "u-_8"
