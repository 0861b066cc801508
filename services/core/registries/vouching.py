"""What registries vouch for in the checklist: that an awarding body is known, and an accreditation that one states."""

from __future__ import annotations

from datetime import datetime

from services.core.meaning.vouchers import Voucher
from services.core.registries.lookup import Standing


def vouchers(known: Standing, at: datetime) -> tuple[Voucher, ...]:
    """The vouchers that follow from an issuer's standing; none for one that is distrusted."""
    if known.answer != "registered":
        return ()
    made: list[Voucher] = []
    if known.decision is not None:
        who = known.decision.by or "the operator of this Stepwell"
        made.append(Voucher("awarding_body", who, "registry", checked_at=known.decision.decided_at))
    for one in known.found:
        made.append(Voucher("awarding_body", one.registry_name, "registry", checked_at=one.checked_at))
        if one.issuer.location:
            made.append(Voucher("country", one.registry_name, "registry", one.issuer.location, one.checked_at))
        made += [
            Voucher("quality_assurance", stated.by, "registry", stated.type, one.checked_at)
            for stated in one.issuer.accreditations
            if stated.until is None or stated.until > at
        ]
    return tuple(made)
