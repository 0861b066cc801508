"""The issuer's keys: one signs, others stand, and the file is its owner's alone."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from services.core.issuing import Issuer
from services.runtime.errors import Conflict, Rejected
from services.runtime.issuing import Keyring

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ISSUER = Issuer("did:web:college.example", "The College")


def _ring() -> Keyring:
    octets = count(1)
    return Keyring.new(ISSUER, NOW, lambda size: bytes([next(octets)]) * size)


def _rotated(ring: Keyring) -> Keyring:
    return ring.rotated(NOW, lambda size: b"\x77" * size)


def test_a_rotated_key_stands_and_the_new_one_signs() -> None:
    """Both are in the DID document."""
    ring = _rotated(_ring())
    assert ring.current.fragment == "key-2"
    assert [key.fragment for key in ring.standing] == ["key-1", "key-2"]


def test_a_retired_key_stands_no_more() -> None:
    """And its number is not given again."""
    ring = _rotated(_ring()).retired("key-1", NOW)
    assert [key.fragment for key in ring.standing] == ["key-2"]
    assert _rotated(ring).current.fragment == "key-3"
    assert ring.retired("key-1", datetime.now(UTC)) == ring


def test_the_last_key_is_not_retired() -> None:
    """Nobody could issue then; nor is a key that there is not."""
    with pytest.raises(Conflict, match="rotate first"):
        _ring().retired("key-1", NOW)
    with pytest.raises(Rejected, match="no key key-9"):
        _ring().retired("key-9", NOW)


def test_the_file_is_read_back_and_is_its_owners_alone(tmp_path: Path) -> None:
    """Mode 0600, whatever the umask; written over when it changes."""
    ring = _ring()
    ring.save(tmp_path / "home")
    path = tmp_path / "home" / "issuer.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keyring.load(tmp_path / "home") == ring
    _rotated(ring).save(tmp_path / "home")
    assert Keyring.load(tmp_path / "home") == _rotated(ring)
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["issuer.json"]


def test_a_file_that_others_may_read_is_not_believed(tmp_path: Path) -> None:
    """Its keys may be somebody else's by now."""
    _ring().save(tmp_path)
    (tmp_path / "issuer.json").chmod(0o640)
    with pytest.raises(Rejected, match="others may read"):
        Keyring.load(tmp_path)


def test_without_keys_one_is_told_how_to_make_them(tmp_path: Path) -> None:
    """As with a name that is no did:web."""
    with pytest.raises(Rejected, match="issuers keys new"):
        Keyring.load(tmp_path)
    with pytest.raises(Rejected, match="not a did:web"):
        Keyring.new(Issuer("did:key:z6Mk", "X"), NOW, bytes)
