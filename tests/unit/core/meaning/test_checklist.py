"""The checklist: what is stated, what is missing, and what others confirm."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.catalog import Catalog
from services.core.meaning import QUESTIONS, Item, Voucher, compared, meaning_of
from services.core.stacks import CompiledCatalog, compile_catalog

MEANING: dict[str, Any] = {
    "outcomes": ["configures a router", "finds a fault"],
    "workload": {"hours": 80, "credits": {"value": 3, "unit": "ects"}},
    "level": {"framework": "EQF", "level": 5, "cycle": "short cycle"},
    "assessment": {
        "methods": ["exam", "performance"],
        "supervision": ["supervised_onsite", "supervised_online"],
        "identity_check": "document",
        "pass_mark": "70 %",
    },
    "participation": "blended",
    "quality": {"type": "Institutional review", "by": "HLC"},
    "trusted_type": "application",
    "skills": [{"skill": "routing", "name": "Routing", "url": "https://skills.example/1", "framework": "ESCO"}],
    "prerequisites": [],
    "validity": {"period": "P3Y", "renewal": "by the newest exam"},
    "recognition": [{"by": "ACE", "as": "an elective", "credits": {"value": 3, "unit": "semester_hour"}}],
}
ISSUERS = [{"id": "college", "name": "The College", "country": "US", "url": "https://college.example"}]


def _catalog(achievement: dict[str, Any], issuers: Any = ISSUERS, stacks: Any = ()) -> CompiledCatalog:
    document = {"issuers": issuers, "achievements": [achievement, {"id": "other"}], "stacks": stacks}
    return compile_catalog(Catalog.model_validate_json(json.dumps(document)))


def _items(catalog: CompiledCatalog, *vouchers: Voucher) -> dict[str, Item]:
    return {item.key: item for item in meaning_of("a", catalog, vouchers).checklist}


def test_all_that_is_published_is_told_in_one_line_each() -> None:
    """Every question that the issuer answers has its answer, and who gave it."""
    items = _items(_catalog({"id": "a", "name": "Networks", "issuer": "college", "meaning": MEANING}))
    assert {key: item.value for key, item in items.items()} == {
        "learner": "every award recorded here names the worker it was made to",
        "title": "Networks",
        "country": "US",
        "awarding_body": "The College",
        "date_of_issue": "every award recorded here has the date it was earned",
        "learning_outcomes": "configures a router; finds a fault",
        "workload": "80 hours, 3 ECTS",
        "level": "EQF 5, short cycle",
        "assessment": "exam, performance; pass mark 70 %",
        "participation": "partly online, partly on site",
        "quality_assurance": "Institutional review, HLC",
        "prerequisites": "none",
        "supervision_and_identity": "supervised on site or supervised online, identity by document",
        "trusted_type": "Application: the ability to apply it was shown",
        "skills": "Routing (ESCO)",
        "validity": "3 years",
        "renewal": "by the newest exam",
        "recognition": "an elective at ACE (3 semester hours)",
    }
    assert {item.state for item in items.values()} == {"present"}
    assert items["title"].stated_by == "the catalog"
    assert items["learner"].stated_by == "each award"


def test_what_nobody_says_is_missing_and_never_guessed() -> None:
    """A bare achievement has answers only to what every award carries."""
    items = _items(_catalog({"id": "a"}, issuers=[]))
    assert {key for key, item in items.items() if item.state != "missing"} == {"learner", "date_of_issue"}
    assert all(item.value is None for item in items.values() if item.state == "missing")


def test_what_falls_short_of_a_question_is_a_note_and_no_answer() -> None:
    """A level in no framework, a skill without an address and a claimed accreditation do not tick anything."""
    issuers = [{"id": "college", "accreditation": ["HLC"]}]
    items = _items(_catalog({"id": "a", "issuer": "college", "level": 300, "skills": ["sql"]}, issuers))
    for key, told in (("level", "300"), ("skills", "sql"), ("quality_assurance", "nobody has confirmed")):
        assert items[key].state == "missing"
        assert told in (items[key].note or "")


def test_only_somebody_else_makes_an_item_verified() -> None:
    """A voucher names who confirms; the other items stay as they are."""
    voucher = Voucher("awarding_body", "the ministry's register", "registry")
    items = _items(_catalog({"id": "a", "issuer": "college"}), voucher)
    assert items["awarding_body"].verified_by == (voucher,)
    assert {key for key, item in items.items() if item.state == "verified"} == {"awarding_body"}


def test_a_registrys_statement_can_be_the_answer_itself() -> None:
    """An accreditation that only the accreditor states is told as its word; a bare voucher answers nothing."""
    stated = Voucher("quality_assurance", "HLC", "endorsement", detail="accredited since 2001")
    items = _items(_catalog({"id": "a"}), stated, Voucher("level", "HLC", "endorsement"))
    quality = items["quality_assurance"]
    assert (quality.state, quality.value, quality.stated_by) == ("verified", "accredited since 2001", "HLC")
    assert (items["level"].state, items["level"].verified_by) == ("missing", ())


def test_validity_and_renewal_follow_from_the_stack_that_awards_it() -> None:
    """Where the issuer is silent, the renewal rule in force speaks, and is named."""
    renewal = {"period": "P1Y", "if_missed": "start again"}
    stack = {"id": "s", "title": "The stack", "awards": "a", "requires": {"award": "other"}, "renewal": renewal}
    items = _items(_catalog({"id": "a"}, stacks=[stack]))
    assert items["validity"].value == "1 year"
    assert items["renewal"].value == "by the renewal rule of The stack; if missed: start again"
    assert items["renewal"].stated_by == "the stacks in force here"


@pytest.mark.parametrize("count, fits", [(4, True), (5, False)])
def test_up_to_four_are_compared(count: int, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    """All have the same questions in the same order; a fifth is refused."""
    document = {"achievements": [{"id": str(number)} for number in range(count)]}
    catalog = compile_catalog(Catalog.model_validate_json(json.dumps(document)))
    asked = [str(number) for number in range(count)]
    if not fits:
        with pytest.raises(ValueError, match="at most 4"):
            compared(asked, catalog, {})
        return
    found = compared([*asked, "0"], catalog, {})
    assert [one.achievement for one in found] == asked
    keys = {tuple(item.key for item in one.checklist) for one in found}
    assert keys == {tuple(question.key for question in QUESTIONS)}
