"""The shipped stacks, each with holders at its boundary: who just completes it, and who just does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.progress import Progress
from services.core.facts import Held
from services.core.stacks import CompiledCatalog
from services.offline.catalog_files import catalog_at
from tests.builders.records import EPOCH
from tests.builders.stacks import at_instant, held

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> CompiledCatalog:
    """All shipped catalogs as one."""
    return catalog_at(Path(__file__).parents[3] / "catalogs")


def _day(text: str) -> float:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH).total_seconds() / 86_400


def _held(achievement: str, on: str = "2025-01-01", until: str | None = None, **more: Any) -> Held:
    return held(achievement, on=_day(on), until=None if until is None else _day(until), **more)


def _cert(achievement: str, **more: Any) -> Held:
    return _held(achievement, **{"on": "2025-01-01", "until": "2028-01-01", **more})


def _course(name: str, amount: float = 3.0, **more: Any) -> Held:
    return _held(name, type="course", credits=amount, unit="semester_hour", **more)


def _courses(prefix: str, number: int, **more: Any) -> list[Held]:
    return [_course(f"{prefix}{n}", **more) for n in range(number)]


def _judged(shipped: CompiledCatalog, stack_id: str, *awards: Held, at: datetime = NOW) -> Progress:
    return at_instant(shipped, at, *awards, stack_id=stack_id)


def _missing(found: Progress) -> list[str | None]:
    return [part.name or part.path for part in found.missing]


CSIS = [_cert("comptia.a+"), _cert("comptia.network+"), _cert("comptia.security+")]


def test_csis_wants_all_three_active(shipped: CompiledCatalog) -> None:
    """A lifetime certification does not count, an expired one lapses the stack, and two are two thirds."""
    assert _judged(shipped, "comptia.csis-stack", *CSIS).complete
    assert _judged(shipped, "comptia.csis-stack", *CSIS[1:]).progress == 0.666667
    lifetime = _held("comptia.a+", "2009-01-01")
    assert not _judged(shipped, "comptia.csis-stack", lifetime, *CSIS[1:]).complete
    ended = _cert("comptia.a+", until="2026-06-01")
    assert _judged(shipped, "comptia.csis-stack", ended, *CSIS[1:]).status == "lapsed"
    assert _judged(shipped, "comptia.csis-stack", *CSIS).next_change_at == datetime(2028, 1, 1, tzinfo=UTC)


def test_ccnp_wants_core_and_concentration_within_three_years(shipped: CompiledCatalog) -> None:
    """Two concentrations are no core; exams too far apart never held together."""
    core, other = _held("cisco.350-401"), _held("cisco.300-410")
    assert _judged(shipped, "cisco.ccnp-ent", core, other).complete
    assert not _judged(shipped, "cisco.ccnp-ent", other, _held("cisco.300-415")).complete
    assert not _judged(shipped, "cisco.ccnp-ent", _held("cisco.350-401", "2021-01-01"), other).complete


def test_ccnp_is_renewed_by_credits_or_by_fewer_and_an_exam(shipped: CompiledCatalog) -> None:
    """Eighty, or forty and one professional exam, before the three years are over; CCNA is renewed with it."""
    earned = [_held("cisco.350-401", "2022-01-01"), _held("cisco.300-410", "2022-02-01")]

    def talk(amount: float) -> Held:
        return _held("cisco.continuing-education", "2024-01-01", credits=amount, unit="ceu", issuer="cisco")

    assert not _judged(shipped, "cisco.ccnp-ent", *earned).complete
    assert _judged(shipped, "cisco.ccnp-ent", *earned, talk(80)).complete
    assert not _judged(shipped, "cisco.ccnp-ent", *earned, talk(79)).complete
    assert _judged(shipped, "cisco.ccnp-ent", *earned, talk(40), _held("cisco.300-415", "2024-02-01")).complete
    low = _held("cisco.200-301", "2021-06-01")
    assert _judged(shipped, "cisco.ccna", low, *earned, talk(80)).complete
    assert not _judged(shipped, "cisco.ccna", low).complete


def test_aws_is_renewed_only_while_it_lasts(shipped: CompiledCatalog) -> None:
    """Passing again in time carries on; passing late begins anew; the associate below is renewed with it."""
    first = _held("aws.sap-exam", "2022-01-01")
    assert not _judged(shipped, "aws.sa-pro", first).complete
    assert _judged(shipped, "aws.sa-pro", first, _held("aws.sap-exam", "2024-12-31", number="2")).complete
    late = _judged(shipped, "aws.sa-pro", first, _held("aws.sap-exam", "2025-01-02", number="2"))
    assert (late.complete, late.completed_at) == (True, datetime(2025, 1, 2, tzinfo=UTC))


def test_azure_expert_wants_an_active_associate_when_it_is_earned(shipped: CompiledCatalog) -> None:
    """The associate by its stack or by its badge; a year later the expert must be renewed in its window."""
    associate, expert = _held("ms.az-104", "2025-09-01"), _held("ms.az-305", "2026-01-01")
    assert _judged(shipped, "ms.azure-architect-expert", associate, expert).complete
    assert not _judged(shipped, "ms.azure-architect-expert", expert).complete
    badge = _held("ms.azure-admin-associate", "2025-09-01", "2026-09-01")
    assert _judged(shipped, "ms.azure-architect-expert", badge, expert).complete
    too_old = _held("ms.az-104", "2024-09-01")
    assert not _judged(shipped, "ms.azure-architect-expert", too_old, expert).complete
    renewal = _held("ms.renewal.az-305", "2026-08-01")
    later = datetime(2027, 6, 1, tzinfo=UTC)
    assert _judged(shipped, "ms.azure-architect-expert", associate, expert, renewal, at=later).complete
    assert not _judged(shipped, "ms.azure-architect-expert", associate, expert, at=later).complete


def test_google_certificate_wants_five_courses_or_the_certificate(shipped: CompiledCatalog) -> None:
    """Four courses are four fifths."""
    courses = [_held(f"google.it.{n}") for n in range(1, 6)]
    assert _judged(shipped, "google.it-support", *courses).complete
    assert _judged(shipped, "google.it-support", *courses[:4]).progress == 0.8
    assert _judged(shipped, "google.it-support", _held("google.it-certificate")).complete


def test_supply_chain_wants_the_final_after_the_courses(shipped: CompiledCatalog) -> None:
    """The final taken first shows less than all, and counts when taken again."""
    courses = [_held(f"mitx.ctl.sc{n}x", f"2025-0{n + 1}-01") for n in range(5)]
    assert _judged(shipped, "mitx.scm-mm", *courses, _held("mitx.ctl.cfx", "2025-06-01")).complete
    early = _held("mitx.ctl.cfx", "2025-04-01")
    found = _judged(shipped, "mitx.scm-mm", *courses, early)
    assert (found.complete, found.progress < 1, _missing(found)) == (False, True, ["final exam"])
    assert _judged(shipped, "mitx.scm-mm", *courses, early, _held("mitx.ctl.cfx", "2025-06-01", number="2")).complete


def test_development_policy_wants_two_of_three_electives(shipped: CompiledCatalog) -> None:
    """One elective is not two, and a core course is none."""
    core = [_held(name) for name in ("mitx.14.100x", "mitx.14.310x", "mitx.jpal102x")]
    assert _judged(shipped, "mitx.dedp-mm", *core, _held("mitx.14.73x"), _held("mitx.14.750x")).complete
    assert _missing(_judged(shipped, "mitx.dedp-mm", *core, _held("mitx.14.73x"))) == ["electives"]


SNHU = [
    *_courses("x", 30, on="2023-01-01", grade="C-", issuer="elsewhere"),
    *_courses("m", 4, on="2025-01-01", issuer="snhu", tags=("major",)),
    *_courses("s", 6, on="2025-06-01", issuer="snhu"),
]


def test_bachelor_caps_transfer_and_wants_the_end_at_home(shipped: CompiledCatalog) -> None:
    """Ninety from elsewhere and thirty at home, the newest 24 and 12 of the major among them."""
    assert _judged(shipped, "snhu.bachelor", *SNHU).complete
    more = _judged(shipped, "snhu.bachelor", *SNHU[:-1], _course("x99", on="2023-01-01", grade="A", issuer="elsewhere"))
    assert _missing(more) == ["credits", "residency"]
    poor = [_course("x0", on="2023-01-01", grade="D", issuer="elsewhere"), *SNHU[1:]]
    assert _missing(_judged(shipped, "snhu.bachelor", *poor)) == ["credits"]
    last = _course("x99", on="2026-01-01", grade="A", issuer="elsewhere")
    assert "the final 24 credits" not in _missing(_judged(shipped, "snhu.bachelor", *SNHU))
    assert _judged(shipped, "snhu.bachelor", *SNHU, last).complete, "what was earned once stays"
    assert _missing(_judged(shipped, "snhu.bachelor", *SNHU[1:], last)) == ["the final 24 credits"]


def test_bachelor_takes_what_a_certificate_is_worth(shipped: CompiledCatalog) -> None:
    """The Google certificate stands for four transfer courses, twelve credits; outside its dates for none."""
    without = SNHU[4:]
    assert not _judged(shipped, "snhu.bachelor", *without).complete
    assert _judged(shipped, "snhu.bachelor", *without, _held("google.it-certificate")).complete
    courses = [_held(f"google.it.{n}") for n in range(1, 6)]
    assert _judged(shipped, "snhu.bachelor", *without, *courses).complete
    assert not _judged(shipped, "snhu.bachelor", *without, _held("google.it-certificate", "2021-10-31")).complete


def test_associate_wants_the_final_fifteen(shipped: CompiledCatalog) -> None:
    """Forty-five from elsewhere, fifteen at home, nine of them in the major."""
    elsewhere = _courses("x", 15, on="2023-01-01", grade="B", issuer="elsewhere")
    own = [*_courses("m", 3, issuer="snhu", tags=("major",)), *_courses("s", 2, issuer="snhu")]
    assert _judged(shipped, "snhu.associate", *elsewhere, *own).complete
    assert not _judged(shipped, "snhu.associate", *elsewhere, *own[:-1]).complete
    assert not _judged(shipped, "snhu.associate", *elsewhere, *own[1:], _course("s9", issuer="snhu")).complete


def test_asu_wants_upper_division_general_studies_and_an_average(shipped: CompiledCatalog) -> None:
    """120 hours, 45 of them upper-division, 29 of general studies, and 2.00."""
    upper = _courses("u", 15, level=300, issuer="asu", grade="C")
    general = _courses("g", 10, level=100, issuer="asu", grade="C", tags=("general-studies",))
    rest = _courses("r", 15, level=100, issuer="asu", grade="C")
    assert _judged(shipped, "asu.bachelor", *upper, *general, *rest).complete
    assert _missing(_judged(shipped, "asu.bachelor", *upper, *general[:9], *rest, _course("q"))) == ["general studies"]
    lowered = [_course("u0", level=300, issuer="asu", grade="C-"), *upper[1:]]
    assert _missing(_judged(shipped, "asu.bachelor", *lowered, *general, *rest)) == ["average"]
    by_exam = _courses("e", 21, tags=("by-exam",))
    assert _missing(_judged(shipped, "asu.bachelor", *upper, *general[:4], *by_exam)) == ["hours", "general studies"]
    assert _judged(shipped, "asu.associate", *upper, *general[:5]).complete


def test_wgu_takes_each_certification_for_one_course(shipped: CompiledCatalog) -> None:
    """Network+ may stand for networks or for security, and not for both; a lifetime one for five years."""
    rest = [_held("wgu.scripting"), _cert("comptia.a+")]
    assert _judged(shipped, "wgu.bs-network", *rest, _cert("comptia.network+"), _cert("comptia.security+")).complete
    assert not _judged(shipped, "wgu.bs-network", *rest, _cert("comptia.network+")).complete
    assert _judged(shipped, "wgu.bs-network", *rest, _cert("comptia.network+"), _held("cisco.200-301")).complete
    lifetime = [_held(f"wgu.{name}", "2026-06-01") for name in ("scripting", "networks", "network-security")]
    assert _judged(shipped, "wgu.bs-network", *lifetime, _held("comptia.a+", "2022-01-01")).complete
    assert not _judged(shipped, "wgu.bs-network", *lifetime, _held("comptia.a+", "2021-05-31")).complete


def test_nursing_wants_a_licence_a_fresh_exam_and_grades(shipped: CompiledCatalog) -> None:
    """68 % within a year, C+ before and B- at the end; then the licensing exam makes a nurse."""
    licence, exam = _held("nursing.lpn-licence", until="2027-01-01"), _held("nln.nace-1", "2025-06-01", score=0.68)
    before = [_held(f"rvcc.{name}", grade="C+") for name in ("anatomy-1", "anatomy-2", "english", "psychology")]
    end = [_held(f"rvcc.{name}", "2026-05-01", grade="B-") for name in ("adnr197r", "nursing-3", "nursing-4")]
    everything = [licence, exam, *before, *end]
    assert _judged(shipped, "rvcc.lpn-to-as", *everything).complete
    assert not _judged(shipped, "rvcc.lpn-to-as", licence, _held("nln.nace-1", score=0.67), *before, *end).complete
    stale = _held("nln.nace-1", "2025-04-30", score=0.9)
    assert not _judged(shipped, "rvcc.lpn-to-as", licence, stale, *before, *end).complete
    weak = [_held("rvcc.nursing-4", grade="C+"), *end[:-1]]
    assert _missing(_judged(shipped, "rvcc.lpn-to-as", licence, exam, *before, *weak)) == ["/all/4/all/1"]
    assert _judged(shipped, "nursing.rn-licence", *everything, _held("ncsbn.nclex-rn")).complete
    assert _judged(shipped, "nursing.rn-licence", *everything).progress == 0.5


def _job(amount: float, subject: str, number: str) -> Held:
    return _held("job", type="experience", credits=amount, unit="year", subject=subject, number=number)


def test_cissp_waives_one_year_at_most(shipped: CompiledCatalog) -> None:
    """Four years in two domains and a degree; a degree and a credential are still one year."""
    exam = _held("isc2.cissp-exam")
    four = [_job(3, "risk", "1"), _job(1, "law", "2")]
    three = [_job(2, "risk", "1"), _job(1, "law", "2")]
    degree, credential = _held("isc2.security-degree"), _held("isc2.approved-credential")
    assert _judged(shipped, "isc2.cissp", exam, *four, degree).complete
    assert not _judged(shipped, "isc2.cissp", exam, *four).complete
    assert not _judged(shipped, "isc2.cissp", exam, *three, degree, credential).complete
    assert not _judged(shipped, "isc2.cissp", exam, _job(5, "risk", "1")).complete
    assert _judged(shipped, "isc2.associate", exam).complete


def test_art_history_has_minima_over_one_set_of_electives(shipped: CompiledCatalog) -> None:
    """Five electives, two topics and two surveys among them; four topics and one survey are not enough."""
    named = [_held(f"stolaf.art-{n}", issuer="stolaf") for n in (161, 252, 350)]
    named.append(_held("studio", issuer="stolaf", tags=("studio",)))

    def electives(topics: int, surveys: int) -> list[Held]:
        kinds = [*["art-topic"] * topics, *["art-survey"] * surveys]
        return [_held(f"e{n}", issuer="stolaf", tags=(kind,)) for n, kind in enumerate(kinds)]

    assert _judged(shipped, "stolaf.art-history", *named, *electives(3, 2)).complete
    assert _missing(_judged(shipped, "stolaf.art-history", *named, *electives(4, 1))) == ["surveys"]
    assert _missing(_judged(shipped, "stolaf.art-history", *named, *electives(2, 2))) == ["electives"]
    assert _judged(shipped, "stolaf.art-history", *named, *electives(5, 2)).complete


def test_the_ladder_is_climbed_rung_by_rung(shipped: CompiledCatalog) -> None:
    """Each rung counts by its weight; the last is any professional certification."""
    courses = [_held(f"google.it.{n}") for n in range(1, 6)]
    assert _judged(shipped, "ladder.it-operations", *courses).progress == 0.2
    assert _judged(shipped, "ladder.it-operations", *courses, *CSIS).progress == 0.6
    professional = [_held("cisco.350-401"), _held("cisco.300-410")]
    assert _judged(shipped, "ladder.it-operations", *courses, *CSIS, *professional).complete
    assert _judged(shipped, "ladder.it-operations", *courses, *CSIS, _held("aws.sap-exam")).complete
