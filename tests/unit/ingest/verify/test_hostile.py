"""Hostile credentials: each is answered or refused, none for long, and none gets us to believe or to fetch amiss."""

from __future__ import annotations

import gzip
import hmac
import json
import socket
import subprocess
import sys
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from schemas.registry import Registries
from services.core.issuing import Issuer
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.documents import DEEPEST, MOST_BYTES, MOST_VALUES, presented
from services.ingest.verify.fetching import MOST_FETCHES, Unreachable, asked, fetched, followed, public_address
from services.ingest.verify.pictures import KEYWORDS, PNG
from services.ingest.verify.verifier import Verifier
from services.runtime.errors import Rejected
from services.runtime.issuing import Keyring, secured
from tests.builders.credentials import (
    AT,
    KEY,
    LIST,
    bare,
    codes,
    compact,
    documents,
    jcs_signed,
    jws,
    rdfc_signed,
    said,
    signed,
    verified,
)
from tests.builders.hostile import HOSTILE, poison
from tests.builders.issuing import DID

TEXT = json.dumps(signed())
V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.fixture(scope="module")
def canonicaliser() -> Iterator[Canonicaliser]:
    """A canonicaliser that is up."""
    one = Canonicaliser()
    one.canonical({"@context": V2, "id": "urn:x"})
    yield one
    one.close()


@pytest.mark.parametrize(
    "payload, code",
    [
        (TEXT.replace('"type":', '"type": [], "type":', 1), "invalid_json"),
        (TEXT.replace("{", '{"n": NaN, ', 1), "invalid_json"),
        (TEXT.replace("{", '{"n": Infinity, ', 1), "invalid_json"),
        ('{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1), "too_deep"),
        ('{"a": "' + "x" * MOST_BYTES + '"}', "too_large"),
        ('{"a": [' + "1," * MOST_VALUES + "1]}", "too_many_values"),
        ('{"a": [' + "[]," * MOST_VALUES + "1]}", "too_many_values"),
        ('{"a": "' + "[" * 100_000, "invalid_json"),
        ('{"' + '\\"' * 500_000, "invalid_json"),
        ("[" * 100_000, "not_a_credential"),
        ("{} {}", "invalid_json"),
        ('{"name": "\\ud800"}', "invalid_json"),
        ("a.b.c", "not_a_token"),
        ("\ud800".encode("utf-8", "surrogatepass"), "not_text"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><svg>&a;</svg>", "not_a_picture"),
        ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>", "not_a_picture"),
        ("<!DOCTYPE x [<!ENTITY % a SYSTEM 'https://evil.example/'> %a;]><svg/>", "not_a_picture"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "not_baked"),
        (PNG, "not_baked"),
        (PNG + b"\xff\xff\xff\xffiTXt" + b"x" * 100, "not_baked"),
        (PNG + b"x" * MOST_BYTES, "too_large"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(payload: str | bytes, code: str) -> None:
    """Doubled names, numbers that are none, depths and sizes."""
    with pytest.raises(Rejected) as refusal:
        verified(payload)
    assert refusal.value.first.code == code


def _token(header: dict[str, Any], signature: str = "") -> str:
    _, claims, own = compact().split(".")
    return f"{urlsafe_b64encode(json.dumps(header).encode()).rstrip(b'=').decode()}.{claims}.{signature or own}"


def test_a_token_cannot_choose_how_it_is_checked() -> None:
    """No algorithm, a symmetric one, one that the key is not of, a demand that is not understood, a key of its own."""
    kid = f"{DID}#{KEY.fragment}"
    assert codes(verified(_token({"alg": "none", "kid": kid})))["proof"] == "another_algorithm"
    assert codes(verified(_token({"alg": "HS256", "kid": kid})))["proof"] == "another_algorithm"
    assert codes(verified(_token({"alg": "ES256", "kid": kid})))["proof"] == "another_algorithm"
    assert codes(verified(_token({"alg": "EdDSA", "kid": kid, "crit": ["b64"], "b64": False})))["proof"] == (
        "unknown_extension"
    )
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(KEY.private.public_key().public_bytes_raw()).decode()}
    secret = hmac.new(KEY.private.public_key().public_bytes_raw(), digestmod="sha256")

    def by_the_public_key(words: bytes) -> bytes:
        made = secret.copy()
        made.update(words)
        return made.digest()

    confused = jws({"alg": "HS256", "kid": kid}, bare(), by_the_public_key)
    assert codes(verified(confused))["proof"] == "another_algorithm"
    unsigned = jws({"alg": "none", "kid": kid}, bare(), lambda _: b"")
    assert codes(verified(unsigned))["proof"] == "another_algorithm"
    own = verified(_token({"alg": "EdDSA", "jwk": jwk}))
    assert said(own)["proof"] is False  # another header was signed
    assert said(own)["key"] is None


def test_a_poisoned_graph_is_given_up(canonicaliser: Canonicaliser) -> None:
    """Eight blank nodes that all point at each other; the next document is canonicalised as ever."""
    assert codes(verified(poison(), canonicaliser=canonicaliser))["proof"] == "too_complex"
    canonicaliser.afresh()
    assert canonicaliser.canonical({"@context": V2, "id": "urn:x", "type": "VerifiableCredential"}).quads


def test_nothing_hostile_takes_more_memory_than_it_may() -> None:
    """In a process of their own: 256 MB with its canonicaliser, what two interpreters need included."""
    done = subprocess.run([sys.executable, "-m", "tests.builders.hostile"], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert set(told["answered"]) == set(HOSTILE)
    assert told["megabytes"] < 256


def test_members_that_the_signature_leaves_out_are_told(canonicaliser: Canonicaliser) -> None:
    """JSON-LD drops names that it has no term for; whoever adds one adds nothing that is signed."""
    canonicaliser.afresh()
    document = {"@context": V2, "id": "urn:x", "type": ["VerifiableCredential"], "finalGrade": "A+"}
    assert canonicaliser.canonical(document).dropped == ("finalGrade",)
    named = {name: value for name, value in document.items() if name != "finalGrade"}
    assert canonicaliser.canonical(document).quads == canonicaliser.canonical(named).quads


def test_what_is_added_to_a_signed_credential_is_not_believed(canonicaliser: Canonicaliser) -> None:
    """Undefined terms stay outside of an RDFC signature, which makes the credential worth nothing; not so with JCS."""
    canonicaliser.afresh()
    for sign, proof, uncovered in (
        (lambda one: rdfc_signed(canonicaliser, one), True, False),
        (jcs_signed, False, None),
    ):
        whole = sign(bare())
        whole["credentialSubject"]["achievement"] |= {"ectsPoints": 60, "finalGrade": "A+"}
        found = verified(whole, canonicaliser=canonicaliser)
        assert (said(found)["proof"], said(found)["uncovered"], found.tier) == (proof, uncovered, 0)
    defined = rdfc_signed(canonicaliser, bare())
    defined["credentialSubject"]["achievement"]["creditsAvailable"] = 60
    assert said(verified(defined, canonicaliser=canonicaliser))["proof"] is False
    empty = rdfc_signed(canonicaliser, bare()) | {"finalGrades": []}
    assert said(verified(empty, canonicaliser=canonicaliser))["uncovered"] is True


@pytest.mark.parametrize("name", ["credentialStatus", "validUntil"])
def test_what_is_read_cannot_be_hidden_from_its_reader(canonicaliser: Canonicaliser, name: str) -> None:
    """A member renamed to its IRI, or to a term of one's own for it, is signed all the same and no longer read."""
    document = bare(validUntil="2020-01-01T00:00:00Z")
    iri = f"https://www.w3.org/2018/credentials#{name}"
    renamed = {iri if member == name else member: value for member, value in document.items()}
    own = {"mine" if member == name else member: value for member, value in document.items()}
    own["@context"] = [*document["@context"], {"mine": iri}]
    proof = signed()["proof"] | {"cryptosuite": "eddsa-rdfc-2022"}
    for one in (renamed, own):
        found = verified(one | {"proof": proof}, documents(7), canonicaliser=canonicaliser)
        assert codes(found)["proof"] == "respelled"
        assert said(found)["status"] is not True
        assert found.tier == 0


def test_a_list_that_a_stranger_signed_says_nothing() -> None:
    """Though it names the issuer, and whoever serves it says that all is well."""
    ring = Keyring.new(Issuer("did:web:stranger.example", "A stranger"), AT, lambda size: b"\x02" * size)
    multikey = ring.current.public.multikey
    bare_list = {name: value for name, value in documents()[LIST].items() if name != "proof"}
    forged = secured(bare_list, f"did:key:{multikey}", replace(ring.current, fragment=multikey), AT)
    assert codes(verified(signed(), documents(7) | {LIST: forged}))["status"] == "list_of_another"


def test_an_endorsement_counts_only_of_this_credential_and_by_who_is_registered() -> None:
    """A signature of one's own under praise of something else is none."""
    praise = bare(type=["VerifiableCredential", "EndorsementCredential"])
    praise["credentialSubject"] = {"id": "urn:something-else", "type": ["EndorsementSubject"]}
    found = verified(signed(endorsement=[secured(praise, DID, KEY, AT)]))
    assert codes(found)["endorsements"] == "not_verified"


@pytest.mark.parametrize("claims", [{"exp": 1577836800}, {"nbf": 1893456000}])
def test_a_token_lasts_no_longer_than_its_claims_say(claims: dict[str, int]) -> None:
    """`nbf` and `exp`, whatever the credential within says."""
    parts = [json.dumps({"alg": "EdDSA", "kid": f"{DID}#{KEY.fragment}"}), json.dumps(bare() | claims)]
    text = ".".join(urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)
    signature = urlsafe_b64encode(KEY.private.sign(text.encode())).rstrip(b"=").decode()
    assert (said(verified(f"{text}.{signature}"))["proof"], said(verified(f"{text}.{signature}"))["dates"]) == (
        True,
        False,
    )


def test_a_status_list_that_unpacks_to_gigabytes_is_unknown() -> None:
    """A bomb costs no more than what a list may have."""
    bomb = "u" + urlsafe_b64encode(gzip.compress(bytes(64 << 20))).rstrip(b"=").decode()
    listed = {name: value for name, value in documents()[LIST].items() if name != "proof"}
    listed["credentialSubject"] = listed["credentialSubject"] | {"encodedList": bomb}
    found = verified(signed(), documents() | {LIST: secured(listed, DID, KEY, AT)})
    assert codes(found)["status"] == "list_too_large"


def test_a_picture_that_unpacks_to_too_much_is_refused() -> None:
    """The text in it, as the picture itself is never unpacked."""
    packed = KEYWORDS[0] + b"\0\1\0\0\0" + zlib.compress(b" " * (8 << 20))
    chunk = len(packed).to_bytes(4) + b"iTXt" + packed + b"\0\0\0\0"
    with pytest.raises(Rejected) as refusal:
        presented(PNG + chunk)
    assert refusal.value.first.code == "too_large"


OURS = (
    *("127.0.0.1", "10.0.0.7", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"),  # noqa: S104
    *("::1", "fd00::1", "fe80::1%eth0", "fec0::1", "::ffff:10.0.0.7", "64:ff9b::a00:7", "2002:a00:7::1", "ff02::1"),
)
"""Addresses of our own network, of this machine and of clouds' metadata, also by way of IPv6."""


@pytest.mark.parametrize("address", OURS)
def test_our_own_network_is_never_asked(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Whatever name leads there, also where another address of the same name is public."""
    for others in ([], ["93.184.216.34"]):
        found = [(0, 0, 0, "", (one, 443)) for one in (*others, address)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
        with pytest.raises(Unreachable) as error:
            public_address("evil.example", 443, "https://evil.example/")
        assert error.value.reason == "not_public"


@pytest.mark.parametrize(
    "location, reason",
    [
        ("https://10.0.0.7/admin", "not_public"),
        ("https://169.254.169.254/latest/meta-data", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
        ("//127.0.0.1/", "not_public"),
        ("http://public.example/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https://[broken/", "not_an_address"),
        ("https://public.example/", "too_many_redirects"),
    ],
)
def test_a_redirect_does_not_lead_into_our_own_network(
    monkeypatch: pytest.MonkeyPatch, location: str, reason: str
) -> None:
    """Each address that is redirected to is guarded like the first, and there are few of them."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: [(0, 0, 0, "", (host, 443))])

    def ask(url: str) -> tuple[int, str, bytes]:
        return (302, location, b"") if "public.example" in url and url.startswith("https:") else asked(url)

    with pytest.raises(Unreachable) as error:
        followed("https://public.example/start", ask)
    assert error.value.reason == reason


@pytest.mark.parametrize("url", ["http://a.example/", "file:///etc/passwd", "https://u:p@a.example/", "https://", "x"])
def test_only_plain_https_addresses_are_asked(url: str) -> None:
    """No other scheme, no user, no address without a host."""
    with pytest.raises(Unreachable) as error:
        fetched(url)
    assert error.value.reason == "not_https"


def test_a_credential_does_not_get_us_to_fetch_without_end() -> None:
    """A transcript of credentials that each name an issuer and a list: each address once, and few in all."""
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        raise Unreachable(url, "no_answer")

    parts = [bare(issuer=f"https://{n}.example/", proof=signed()["proof"]) for n in range(40)]
    status = {"type": "1EdTechRevocationList"}
    lists = [one | {"credentialStatus": {**status, "id": f"https://l{n}.example/"}} for n, one in enumerate(parts)]
    whole = bare(type=["VerifiableCredential", "ClrCredential"], credentialSubject={"verifiableCredential": lists})
    Verifier(fetch, Canonicaliser(), Registries()).verify(json.dumps(whole).encode(), AT)
    assert len(asked) == len(set(asked)) == MOST_FETCHES
