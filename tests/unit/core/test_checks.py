"""What verifications make of an award: how far it is trusted, that it is refused, that its issuer took it back."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from schemas.verification import Answers
from services.core import trust
from services.core.facts import Held
from services.core.holdings import EMPTY, add, facts, held
from tests.builders.records import award, day, erasure, revocation, verification

BADGE: dict[str, Any] = {
    "dialect": "open_badges",
    "valid_from": day(0),
    "trust": 1,
    "record_id": str(award().record_id),
}
COPY: dict[str, Any] = {**BADGE, "valid_from": day(2), "record_id": "00000000-0000-4000-8000-00000000000f"}


def only_award(*records: Any) -> Held:
    """The one award that these records end in, in whatever order they come."""
    (first, *others) = [facts(add(EMPTY, some)).awards for some in permutations(records)]
    assert all(other == first for other in others)
    (found,) = first
    return found


def test_a_verified_award_is_trusted_as_far_as_its_credential() -> None:
    """The tier comes from the newest check, and may arrive before its award."""
    badge = award(**BADGE)
    assert only_award(badge).trust == 1
    assert only_award(badge, verification(badge, trust=2), verification(badge, trust=3, on=2)).trust == 3
    assert only_award(badge, verification(badge, trust=3), verification(badge, trust=2, on=2)).trust == 2


def test_a_check_takes_nothing_from_the_word_of_whom_we_know() -> None:
    """An unsigned credential is as good as its sender's word."""
    badge = award(**BADGE)
    found = only_award(badge, verification(badge, trust=0, proof=(False, "unsigned")))
    assert (found.trust, found.revoked_at) == (1, None)


def test_a_verification_alone_is_no_award() -> None:
    """Nothing is held before its award is here."""
    state = add(EMPTY, [verification()])
    assert facts(state).awards == ()
    assert held(state, "acme\n1") is None


def test_a_forgery_was_never_good() -> None:
    """What was signed in other words counts at no time, and says why."""
    badge = award(**BADGE)
    found = only_award(badge, verification(badge, trust=0, proof=(False, "another_signature")))
    assert (found.trust, found.revoked_at) == (0, found.earned_at)
    assert found.revoked_reason == "not authentic: it is another_signature"


def test_a_forged_copy_takes_nothing_from_the_true_credential() -> None:
    """Though it says that it is newer, and whichever of the two comes first."""
    badge, copy = award("a", **BADGE), award("b", **COPY)
    sound, forged = verification(badge, trust=2), verification(copy, trust=0, proof=False)
    assert only_award(badge, copy, sound, forged) == only_award(badge, sound)
    assert only_award(badge, copy, forged) == only_award(badge)


def test_unknown_refuses_nothing() -> None:
    """Whether a signature holds that nobody could check is not known, and so is shown as it was stated."""
    badge = award(**BADGE)
    found = only_award(badge, verification(badge, trust=0, proof=None, status=None))
    assert (found.trust, found.revoked_at) == (1, None)


def test_what_was_once_found_authentic_is_not_refused_later() -> None:
    """A key that is gone does not make a forgery of what it signed."""
    badge = award(**BADGE)
    found = only_award(badge, verification(badge), verification(badge, on=2, trust=0, proof=False))
    assert (found.trust, found.revoked_at) == (1, None)


@pytest.mark.parametrize(
    "code, reason", [("revoked", "revoked by its issuer"), ("suspended", "suspended by its issuer")]
)
def test_an_award_whose_issuer_took_it_back_is_revoked_since_then(code: str, reason: str) -> None:
    """The date is that of the first check that found so, however often it is found again."""
    badge = award(**BADGE)
    back = verification(badge, on=5, status=(False, code), status_since=day(3))
    found = only_award(badge, verification(badge, on=1), back)
    assert (found.revoked_at, found.revoked_reason) == (day(3), reason)


def test_a_suspension_that_ended_gives_the_award_back() -> None:
    """The newest check holds."""
    badge = award(**BADGE)
    checks = [verification(badge, on=2, status=(False, "suspended")), verification(badge, on=3)]
    assert only_award(badge, *checks).revoked_at is None


def test_a_list_that_cannot_be_had_gives_nothing_back() -> None:
    """Unknown is neither in force nor taken back: what was last told holds."""
    badge = award(**BADGE)
    checks = [verification(badge, on=2, status=(False, "revoked")), verification(badge, on=3, status=None, trust=2)]
    assert only_award(badge, *checks).revoked_at == day(2)
    assert only_award(badge, verification(badge, on=2), verification(badge, on=3, status=None)).revoked_at is None


def test_a_credential_issued_anew_has_a_status_of_its_own() -> None:
    """An issuer that replaces a credential takes the old one back, and the award stands."""
    badge, anew = award(**BADGE), award(**COPY, on=2)
    checks = [verification(badge, on=5, status=(False, "revoked")), verification(anew, on=5, trust=3)]
    found = only_award(badge, anew, *checks)
    assert (found.trust, found.revoked_at) == (3, None)


def test_sending_an_award_again_without_its_credential_undoes_nothing() -> None:
    """What its issuer took back stays back, whoever repeats it."""
    badge, again = award(**BADGE), award(valid_from=day(0), on=9)
    assert only_award(badge, again, verification(badge, on=5, status=(False, "revoked"))).revoked_at == day(5)


def test_revocations_by_record_and_by_status_are_one_history() -> None:
    """The first of them counts."""
    badge = award(**BADGE)
    back = verification(badge, on=4, status=(False, "revoked"))
    assert only_award(badge, revocation(on=2), back).revoked_at == day(2)
    assert only_award(badge, revocation(on=6), back).revoked_at == day(4)


def test_an_erasure_takes_checks_as_well() -> None:
    """Nothing of the check is kept."""
    badge = award(**BADGE)
    assert add(EMPTY, [badge, verification(badge, on=1), erasure(on=1)]).awards == {}


def test_the_contract_asks_what_the_verifier_answers() -> None:
    """One question more on one side only would be lost or refused."""
    assert tuple(Answers.model_fields) == tuple(trust.Answers.__dataclass_fields__)
