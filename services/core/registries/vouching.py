"""What others vouch for in the checklist: that an awarding body is known, and what accreditors state or endorse.

A catalog's issuer is looked for by its DID, its address and its id, so that a registry need not know our names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from schemas.registry import Endorsement, Registries
from services.core.meaning.report import issuer_of
from services.core.meaning.vouchers import Voucher
from services.core.registries.endorsing import counting
from services.core.registries.lookup import Standing, standing
from services.core.stacks.compiled import CompiledCatalog


def vouched(
    achievements: Iterable[str], catalog: CompiledCatalog, known: Registries, at: datetime
) -> Mapping[str, tuple[Voucher, ...]]:
    """The vouchers for each achievement, by its issuer's standing; an achievement that is unknown has none."""
    found: dict[str, tuple[Voucher, ...]] = {}
    for achievement in achievements:
        offered = catalog.achievements.get(achievement)
        issuer = None if offered is None else issuer_of(offered, catalog)
        if issuer is not None:
            ids = {one for one in (issuer.id, issuer.did, issuer.url) if one}
            endorsed = (_endorsing(one) for one in counting({*ids, achievement}, known, at))
            found[achievement] = (*vouchers(standing(ids, known, at), at), *endorsed)
    return found


def _endorsing(one: Endorsement) -> Voucher:
    detail = one.comment or f"endorsed by {one.by_name or one.by}"
    return Voucher("quality_assurance", one.by_name or one.by, "endorsement", detail, one.verified_at)


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
