"""The keys that `stepwell verify` remembers in a home: what was seen once stays known, and nothing makes a home."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from schemas.registry import KnownKey, Registries
from services.ingest.verify.key_history import FILE, known_keys, note_keys
from tests.builders.credentials import AT, documents, said, signed, verified


def test_a_credential_stays_checkable_when_its_issuer_is_gone(tmp_path: Path) -> None:
    """The key was seen in the issuer's document once; later that is remembered."""
    note_keys(tmp_path, verified(signed(), documents()).seen)
    later = verified(signed(), {}, registries=Registries(keys=known_keys(tmp_path)))
    assert (said(later)["proof"], said(later)["key"]) == (True, True)
    assert said(verified(signed(), {}))["proof"] is None


def test_what_is_seen_again_is_one_history(tmp_path: Path) -> None:
    """From its first sighting to its last; an unreadable file is as none."""
    (one, *_) = verified(signed(), documents()).seen
    later = KnownKey.model_validate(
        one.model_dump() | {"first_seen": AT + timedelta(days=1), "last_seen": AT + timedelta(days=1)}
    )
    (tmp_path / FILE).write_text("{")
    note_keys(tmp_path, [one])
    note_keys(tmp_path, [later])
    (kept,) = known_keys(tmp_path)
    assert (kept.first_seen, kept.last_seen) == (one.first_seen, later.last_seen)


def test_no_home_is_made_for_it(tmp_path: Path) -> None:
    """Who has none is left without."""
    note_keys(tmp_path / "none", verified(signed(), documents()).seen)
    assert not (tmp_path / "none").exists()
    assert known_keys(tmp_path / "none") == ()
