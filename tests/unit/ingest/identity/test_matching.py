"""Hashed identifiers and the addresses that they are of."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from schemas.values import Account, IdentityHash
from services.core.ids import worker_id_of
from services.core.pseudonyms import pseudonymous
from services.core.settle import routing_key
from services.ingest.identity.matching import Address, Hash, addresses_in, hashes_in, link_of, matches
from services.ingest.identity.table import Sealed
from services.runtime.identity import IdentityKey

KEY = IdentityKey(b"a secret of the tests")
NAMES = st.sampled_from(["ana", "ben", "eva"])
SALTS = st.sampled_from(["", "s", "t"])


def hash_of(name: str, salt: str, worker_id: str = "h") -> Hash:
    """The hash of somebody's address."""
    digest = sha256(f"{name}@example.org{salt}".encode()).hexdigest()
    return Hash(worker_id, IdentityHash(hash=f"sha256${digest}", salt=salt))


def address_of(name: str) -> Address:
    """Somebody's address, as its owner writes it."""
    return Address(f"w-{name}", f"{name.capitalize()}@Example.org")


@given(st.lists(st.tuples(NAMES, SALTS), max_size=6), st.sets(NAMES))
def test_every_hash_is_matched_with_its_address_and_no_other(hashed: list[tuple[str, str]], known: set[str]) -> None:
    """Whatever the salts."""
    hashes = [hash_of(name, salt, f"h{number}") for number, (name, salt) in enumerate(hashed)]
    found = {
        (match.hash.worker_id, match.address.worker_id)
        for match in matches(hashes, [address_of(name) for name in known])
    }
    assert found == {(f"h{number}", f"w-{name}") for number, (name, _) in enumerate(hashed) if name in known}


def test_only_what_this_key_sealed_is_opened() -> None:
    """What another key sealed is left for whoever has that."""
    ana, hashed = Account(mbox="mailto:ana@example.org"), Account(identity_hash=hash_of("ana", "s").hashed)
    other = IdentityKey(b"another secret of the tests")
    sealed = [
        Sealed("mbox", "w1", KEY.sealed(ana, "w1")),
        Sealed("mbox", "w2", other.sealed(ana, "w2")),
        Sealed("identity_hash", "h1", KEY.sealed(hashed, "h1")),
    ]
    assert addresses_in(sealed, KEY) == [Address("w1", "ana@example.org")]
    assert [each.worker_id for each in hashes_in(sealed, KEY)] == ["h1"]


def test_a_match_is_a_link_from_the_hash_to_the_address() -> None:
    """The same record each time it is found."""
    found = next(matches([hash_of("ana", "s")], [address_of("ana")]))
    link = link_of(found, KEY)
    assert link == link_of(found, KEY)
    assert link.worker_id == "w-ana"
    account = Account(identity_hash=hash_of("ana", "s").hashed)
    assert routing_key(link) == worker_id_of(pseudonymous(account, KEY.digesting))
