"""What others publish: samples of Open Badges and of CLR, taken or refused as far as form goes.

Signatures, status lists and dates are judged by verification: a credential that has expired or that was tampered with
is of good form.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.records import Award, Record
from services.ingest.dialects.credentials.translating import translated
from services.ingest.dialects.dialect import Arrival, Translated

NOW = datetime(2026, 11, 24, tzinfo=UTC)
REFUSED = {
    "openbadges/1edtech-simple-err-context.json": "/@context",
    "openbadges/1edtech-simple-err-credential-subject-result-type.json": "/credentialSubject/result/1/type",
    "openbadges/1edtech-simple-err-credential-subject-type.json": "/credentialSubject/type",
    "openbadges/1edtech-simple-err-issued.json": "/credentialSubject/achievement",
    "openbadges/1edtech-simple-err-issuer-parentorg-type.json": "/issuer/parentOrg/type",
    "openbadges/1edtech-simple-err-issuer-type.json": "/issuer/type",
    "openbadges/1edtech-simple-err-type.json": "/type",
    "openbadges/ob20/assertion-with-data-image.json": "/image",
    "openbadges/ob20/basic-assertion-in-future.json": "/issuedOn",
    "openbadges/ob20/basic-assertion-invalid-context.json": "/@context",
    "vc/dcc/v2__dataIntegrityProof__didKey__legacyRegistry-noStatus-noExpiry-minimal.json": "/type",
    "vc/dcc/v2__ed25519__didKey__legacy-expiredStatus-noExpiry.json": "/type",
    "vc/dcc/v2__ed25519__didKey__legacy-tamperedStatus-noExpiry.json": "/type",
}
NO_RECORDS = (
    "openbadges/1edtech-endorsement-err-schema-status-refresh.json",
    "openbadges/1edtech-endorsement-valid.json",
    "openbadges/ob20/badge-class-with-language.json",
    "vc/dcc/v2__bothSignatureTypes__didkey__legacy-noStatus-noExpiry-nonOBWithOBContext.json",
    "vc/dcc/v2__bothSignatureTypes__didkey__legacy-noStatus-notExpired-endorsement-withSchema.json",
)
LISTS = ("openbadges/1edtech-bsl-statuslist.json", "vc/dcc/statusList__e5WK8CbZ1GjycuPombrj.json")


def _read(path: Path) -> Translated:
    payload = path.read_bytes()
    document = json.loads(payload)
    if isinstance(document, dict) and "compact_jws" in document:
        payload = document["compact_jws"].encode()
    return translated(Arrival(payload, {}, "issuer", received_at=NOW))


def _samples(folder: Path) -> Sequence[str]:
    patterns = ("openbadges/*.json", "openbadges/ob20/*.json", "clr/*.json", "vc/dcc/*.json")
    return [str(path.relative_to(folder)) for pattern in patterns for path in sorted(folder.glob(pattern))]


def test_every_sample_of_good_form_is_taken_and_every_other_refused_at_its_place(shared_fixtures: Path) -> None:
    """The verdicts of those who publish them, as far as form goes."""
    for sample in _samples(shared_fixtures):
        pointers = [fault.pointer for fault in _read(shared_fixtures / sample).faults]
        if sample in LISTS:
            assert "/type" in pointers, sample
        elif sample in REFUSED:
            assert REFUSED[sample] in pointers, sample
        else:
            assert pointers == [], sample


def test_every_sample_that_awards_something_is_a_record(shared_fixtures: Path) -> None:
    """And those that only define or endorse are none."""
    for sample in _samples(shared_fixtures):
        if sample not in REFUSED and sample not in LISTS:
            found = _read(shared_fixtures / sample).records
            assert bool(found) is (sample not in NO_RECORDS), sample


def _only(path: Path) -> Record:
    ((_, record),) = _read(path).records
    return record


def test_a_badge_means_its_achievement_its_issuer_and_its_subject(shared_fixtures: Path) -> None:
    """1EdTech's simplest sample."""
    record = _only(shared_fixtures / "openbadges/1edtech-simple.json")
    assert isinstance(record, Award)
    assert (record.achievement.id, record.issuer_id, record.award_id) == (
        "https://example.com/achievements/21st-century-skills/teamwork",
        "https://example.com/issuers/876543",
        "http://example.com/credentials/3527",
    )
    assert record.account is not None
    assert record.account.did == "did:example:ebfeb1f712ebc6f1c276e12ec21"
    assert record.valid_from == datetime(2010, 1, 1, tzinfo=UTC)


def test_a_transcript_is_an_award_for_each_of_its_credentials(shared_fixtures: Path) -> None:
    """1EdTech's sample of a school: six credentials, one of which has a grade, tied together by associations."""
    found = [record for _, record in _read(shared_fixtures / "clr/1edtech-complex.json").records]
    assert [record.kind for record in found] == ["award"] * 6
    awards = [record for record in found if isinstance(record, Award)]
    assert [award.grade for award in awards].count("A") == 1
    assert any(tag.startswith("isParentOf:") for tag in awards[0].achievement.tags)


@pytest.mark.parametrize("sample", ["basic-assertion-with-allowed-origins.json", "signed-simple.json"])
def test_an_assertion_is_about_whoever_has_the_hashed_address(shared_fixtures: Path, sample: str) -> None:
    """Open Badges 2.0 by JSON and by JWS."""
    record = _only(shared_fixtures / "openbadges/ob20" / sample)
    assert isinstance(record, Award)
    assert record.account is not None
    assert record.account.identity_hash is not None
    assert record.account.identity_hash.salt == "deadsea"
    assert record.achievement.id.startswith("https://example.org/")
